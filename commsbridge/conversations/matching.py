"""Matching: which contact wrote, and which child it is about. Pure: facts in, a match or a reason to park out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commsbridge.foundation.names import search_fold

# An answer to a text comes soon; after this the last message no longer says what it is about.
CONTEXT_LASTS = timedelta(hours=72)
WORD = re.compile(r"\w+")


class Parked(StrEnum):
    """Why a person must look."""

    UNKNOWN_SENDER = "unknown_sender"
    NO_ACCESS = "no_access"
    WHICH_PERSON = "which_person"
    WHICH_CHILD = "which_child"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact who has the address it came from, with the children they may hear of and the names these go by.

    ``barred`` are the names of the children they may not hear of: words that name one of these are never filed unseen,
    and words that name nobody only where the school has just written about a child they may hear of.
    """

    contact_id: uuid.UUID
    students: Mapping[uuid.UUID, Sequence[str]]
    barred: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that went to that address: to whom, about which child, when."""

    contact_id: uuid.UUID | None
    student_id: uuid.UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """It is from this contact and about these children."""

    contact_id: uuid.UUID
    student_ids: tuple[uuid.UUID, ...]


def match(words: str, candidates: Sequence[Candidate], sent: Sequence[Sent], now: datetime) -> Match | Parked:
    """Whose words these are and which child they are about; never a guess that could be the wrong family's child.

    In this order: the only person there is, or the only one lately written to; then the children named in the words,
    the only child there is, or the only one lately written about. Everything else is a person's to say.
    """
    if not candidates:
        return Parked.UNKNOWN_SENDER
    able = [candidate for candidate in candidates if candidate.students]
    if not able:
        return Parked.NO_ACCESS
    fresh = [each for each in sent if now - each.at <= CONTEXT_LASTS]
    writer = _writer(able, candidates, fresh)
    if writer is None:
        return Parked.WHICH_PERSON
    if any(_said(words, names) for names in writer.barred):
        return Parked.NO_ACCESS
    if any(_said(words, names) for names in _of_others(writer, candidates)):
        return Parked.WHICH_PERSON
    children = _children(words, writer, fresh)
    return Match(writer.contact_id, children) if children else Parked.WHICH_CHILD


def _children(words: str, writer: Candidate, fresh: Sequence[Sent]) -> tuple[uuid.UUID, ...]:
    """The children named in the words; else the only child there is; else the only one lately written about."""
    if named := _named(words, writer):
        return named
    if len(writer.students) == 1 and not writer.barred:
        return tuple(writer.students)
    lately = {each.student_id for each in fresh if each.student_id is not None and each.student_id in writer.students}
    return tuple(lately) if len(lately) == 1 else ()


def _writer(able: Sequence[Candidate], everybody: Sequence[Candidate], fresh: Sequence[Sent]) -> Candidate | None:
    """The only person on that phone; on a shared one, the only person lately written to there."""
    if len(everybody) == 1:
        return able[0]
    lately = {each.contact_id for each in fresh if each.contact_id}
    written_to = [candidate for candidate in able if candidate.contact_id in lately]
    return written_to[0] if len(lately) == 1 and len(written_to) == 1 else None


def _of_others(writer: Candidate, everybody: Sequence[Candidate]) -> Iterator[Sequence[str]]:
    """The names of children whom only somebody else on that phone hears of: then it is they who wrote, perhaps."""
    for other in everybody:
        for student_id, names in other.students.items():
            if student_id not in writer.students:
                yield names


def _said(words: str, names: Sequence[str]) -> bool:
    """Whether one of a child's names stands in the words as whole words, macrons and double vowels folded."""
    spoken = f" {' '.join(WORD.findall(search_fold(words)))} "
    return any(f" {' '.join(WORD.findall(search_fold(name)))} " in spoken for name in names if name.strip())


def _named(words: str, writer: Candidate) -> tuple[uuid.UUID, ...]:
    return tuple(student_id for student_id, names in writer.students.items() if _said(words, names))
