"""What may leave the school in te reo Māori: the voice its letters are written with."""

from __future__ import annotations

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages.letters import Voice
from commsbridge.messages.models import Phrase
from commsbridge.messages.wordings.known import (
    Standing,
    checks_of,
    letter_sentences,
    letter_wording,
    phrase_key,
    phrase_wording,
)


def voice_of(work: Work) -> Voice:
    """How this school says the sentences of its letters, and which te reo of them may not leave.

    What a speaker rejected stays until it is written anew. Where the school sends only checked te reo, so does
    everything that nobody has checked.
    """
    return work.once("voice", lambda: _voice(work))


def _voice(work: Work) -> Voice:
    known = letter_sentences()
    checks = checks_of(work, list(known))
    only_checked = schools.school_of(work).only_checked_te_reo
    if not checks:
        return Voice(held_back=frozenset(known.values()) if only_checked else frozenset())
    wordings = [letter_wording(key, msgid, checks.get(key, ())) for key, msgid in known.items()]
    return Voice(
        own={each.en: each.mi for each in wordings if each.key in checks},
        held_back=frozenset(each.en for each in wordings if _held_back(each.standing, only_checked=only_checked)),
    )


def phrase_is_held_back(work: Work, phrase: Phrase) -> bool:
    """Whether the te reo of a phrase may not leave the school."""
    only_checked = schools.school_of(work).only_checked_te_reo
    return _held_back(_standing(work, phrase), only_checked=only_checked)


def phrase_is_unchecked(work: Work, phrase: Phrase) -> bool:
    """Whether nobody has approved the te reo of a phrase as it stands."""
    return _standing(work, phrase) is not Standing.CHECKED


def _standing(work: Work, phrase: Phrase) -> Standing:
    key = phrase_key(phrase)
    return phrase_wording(phrase, checks_of(work, [key]).get(key, ())).standing


def _held_back(standing: Standing, *, only_checked: bool) -> bool:
    return standing is Standing.REJECTED or (only_checked and standing is not Standing.CHECKED)
