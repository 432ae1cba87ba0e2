"""The te reo Māori of a school: each wording with who checked it, how it is changed, and what may leave the school."""

from __future__ import annotations

from commsbridge.messages.wordings.checking import approve, reject
from commsbridge.messages.wordings.desk import Tally, after, history_of, on_desk, tally
from commsbridge.messages.wordings.files import FileRow, read_file, write_file
from commsbridge.messages.wordings.known import Kind, Standing, Wording, all_wordings, wording_of
from commsbridge.messages.wordings.models import Verdict, WordingCheck
from commsbridge.messages.wordings.returning import Fate, JudgedRow, judge_rows, take_rows
from commsbridge.messages.wordings.soundness import LONGEST_NAME, doubtful_words, sample_length
from commsbridge.messages.wordings.speaking import phrase_is_held_back, phrase_is_unchecked, voice_of

__all__ = [
    "LONGEST_NAME",
    "Fate",
    "FileRow",
    "JudgedRow",
    "Kind",
    "Standing",
    "Tally",
    "Verdict",
    "Wording",
    "WordingCheck",
    "after",
    "all_wordings",
    "approve",
    "doubtful_words",
    "history_of",
    "judge_rows",
    "on_desk",
    "phrase_is_held_back",
    "phrase_is_unchecked",
    "read_file",
    "reject",
    "sample_length",
    "take_rows",
    "tally",
    "voice_of",
    "wording_of",
    "write_file",
]
