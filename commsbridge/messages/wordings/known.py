"""Every wording of a school that goes out to families in te reo Māori: its phrases, and the sentences of its letters.

The labels of pages are not among them: they are the catalogue's, and go to nobody.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from sqlalchemy import select

from commsbridge.foundation.language import Language, catalogue
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Phrase
from commsbridge.messages.wordings.models import Verdict, WordingCheck

LETTERS = "commsbridge/messages/letters/"
# Mail to staff about their own sign-in, and lines that are only ever said in English.
NOT_TO_FAMILIES = frozenset({f"{LETTERS}staff.py", f"{LETTERS}promises.py"})


class Kind(StrEnum):
    """Where a wording is used: a praise somebody chooses, or a sentence of every letter and answer."""

    PHRASE = "phrase"
    LETTER = "letter"


class Standing(StrEnum):
    """What is known about a wording's te reo as it stands now."""

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording as this school would send it, and the latest verdict on exactly these words, if there is one."""

    key: str
    kind: Kind
    en: str
    mi: str
    check: WordingCheck | None

    @property
    def standing(self) -> Standing:
        """Whether a named person approved or rejected exactly these words."""
        return standing_of(self.check)

    @property
    def checked_by(self) -> str | None:
        """Who vouches for it; None: not yet checked."""
        return self.check.checked_by if self.check and self.standing is Standing.CHECKED else None

    @property
    def checked_on(self) -> date | None:
        """Since when."""
        return self.check.checked_on if self.check and self.standing is Standing.CHECKED else None

    @property
    def version(self) -> str:
        """A digest of the exact words: what is said about them is said about no others."""
        return hashlib.sha256(f"{self.en}\n{self.mi}".encode()).hexdigest()[:32]


def standing_of(check: WordingCheck | None) -> Standing:
    """What a verdict makes of the words it is about."""
    if check is None or check.verdict is Verdict.WRITTEN:
        return Standing.UNCHECKED
    return Standing.CHECKED if check.verdict is Verdict.APPROVED else Standing.REJECTED


def phrase_key(phrase: Phrase) -> str:
    """The key of a phrase's wording."""
    return f"{Kind.PHRASE}:{phrase.key}"


def letter_key(msgid: str) -> str:
    """The key of a letter's sentence: new English is a new wording."""
    return f"{Kind.LETTER}:{hashlib.sha256(msgid.encode()).hexdigest()[:24]}"


@cache
def letter_sentences() -> Mapping[str, str]:
    """The sentences of the letters to families by key, as their message ids, in the order of the files."""
    places = catalogue(Language.MI).places
    said = [
        (min(found), msgid)
        for msgid, where in places.items()
        if (found := {place for place in where if place.startswith(LETTERS)} - NOT_TO_FAMILIES)
    ]
    return {letter_key(msgid): msgid for _, msgid in sorted(said, reverse=True)}


def all_wordings(work: Work) -> list[Wording]:
    """Every wording in use: the sentences of the letters, which every message needs, then the phrases in order."""
    checks = checks_of(work)
    phrases = work.session.scalars(
        select(Phrase).where(Phrase.retired_at.is_(None)).order_by(Phrase.position, Phrase.id)
    ).all()
    return [
        *(letter_wording(key, msgid, checks.get(key, ())) for key, msgid in letter_sentences().items()),
        *(phrase_wording(phrase, checks.get(phrase_key(phrase), ())) for phrase in phrases),
    ]


def wording_of(work: Work, key: str) -> Wording | None:
    """One wording by its key, also of a phrase that was retired."""
    kind, _, rest = key.partition(":")
    if kind == Kind.LETTER and key in letter_sentences():
        return letter_wording(key, letter_sentences()[key], checks_of(work, [key]).get(key, ()))
    phrase = work.session.scalar(select(Phrase).where(Phrase.key == rest)) if kind == Kind.PHRASE else None
    return phrase_wording(phrase, checks_of(work, [key]).get(key, ())) if phrase else None


def checks_of(work: Work, keys: Collection[str] | None = None) -> dict[str, list[WordingCheck]]:
    """The verdicts by key, oldest first; all of them where no keys are given."""
    wanted = select(WordingCheck).order_by(WordingCheck.number)
    if keys is not None:
        wanted = wanted.where(WordingCheck.key.in_(keys))
    found: dict[str, list[WordingCheck]] = defaultdict(list)
    for check in work.session.scalars(wanted):
        found[check.key].append(check)
    return found


def letter_wording(key: str, msgid: str, checks: Sequence[WordingCheck]) -> Wording:
    """A letter's sentence: the school's own te reo where somebody wrote or approved some, else the catalogue's."""
    own = [each.text_mi for each in checks if each.verdict is not Verdict.REJECTED and each.text_en == msgid]
    mi = own[-1] if own else catalogue(Language.MI).gettext(msgid)
    return Wording(key, Kind.LETTER, msgid, mi, _about(checks, msgid, mi))


def phrase_wording(phrase: Phrase, checks: Sequence[WordingCheck]) -> Wording:
    """A phrase of the school's bank."""
    check = _about(checks, phrase.text_en, phrase.text_mi)
    return Wording(phrase_key(phrase), Kind.PHRASE, phrase.text_en, phrase.text_mi, check)


def _about(checks: Sequence[WordingCheck], en: str, mi: str) -> WordingCheck | None:
    """The latest verdict on exactly these words: a wording that was changed after its check is unchecked."""
    return next((each for each in reversed(checks) if (each.text_en, each.text_mi) == (en, mi)), None)
