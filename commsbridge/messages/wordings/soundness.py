"""What a te reo Māori wording must hold before it is kept: both languages, each slot once, macrons, a length.

It finds what is broken; whether the reo is good only a person can say.
"""

from __future__ import annotations

import re
from collections import Counter

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_spelling import WRONG_MARKS, misspellings
from commsbridge.foundation.segments import ALONE, Segments, count, tidy
from commsbridge.messages.bank import NAME_SLOT
from commsbridge.messages.wordings.known import Kind

# A phrase fits one text with a name as long as this: the bank is held to the same.
LONGEST_NAME = "Manaakitanga"
LONGEST = {Kind.PHRASE: 200, Kind.LETTER: 500}
_SLOTS = {Kind.PHRASE: re.compile(r"\{\w*\}"), Kind.LETTER: re.compile(r"%\(\w+\)s")}
_STRAY = {Kind.PHRASE: re.compile(r"[{}]"), Kind.LETTER: re.compile(r"%")}


def sound_wording(kind: Kind, en: str, written: str) -> str:
    """The te reo as it is kept, in one line. Raises Invalid with the sentence for what is broken in it."""
    mi = " ".join(tidy(written).split())
    if not mi or not en.strip():
        raise Invalid(N_("There are words in one language only. Write the te reo Māori, too."), field="text_mi")
    if len(mi) > LONGEST[kind]:
        raise Invalid(
            N_("This is too long: write at most %(longest)s characters."), field="text_mi", longest=LONGEST[kind]
        )
    _sound_slots(kind, en, mi)
    marked = [word for word in re.findall(r"\w+", mi) if not WRONG_MARKS.isdisjoint(word)]
    if marked:
        raise Invalid(
            N_("Write macrons (ā ē ī ō ū), not dots or hats: %(words)s"), field="text_mi", words=", ".join(marked)
        )
    length = sample_length(kind, mi)
    if kind is Kind.PHRASE and length.units > ALONE["ucs2"]:
        raise Invalid(
            N_(
                "With a name of %(letters)s letters this is %(units)s characters, and one text holds %(room)s. "
                "Make it shorter."
            ),
            field="text_mi",
            letters=len(LONGEST_NAME),
            units=length.units,
            room=ALONE["ucs2"],
        )
    return mi


def _sound_slots(kind: Kind, en: str, mi: str) -> None:
    wanted, there = (Counter(_SLOTS[kind].findall(words)) for words in (en, mi))
    if kind is Kind.PHRASE:
        wanted = Counter([NAME_SLOT])
    for slot in wanted:
        if there[slot] == 0:
            raise Invalid(N_("%(slot)s is missing: the te reo needs it once."), field="text_mi", slot=slot)
        if there[slot] > wanted[slot]:
            raise Invalid(N_("%(slot)s is there twice: the te reo needs it once."), field="text_mi", slot=slot)
    if there - wanted or _STRAY[kind].search(_SLOTS[kind].sub("", mi)):
        raise Invalid(
            N_("There is something here that we cannot fill in. Use only these: %(slots)s"),
            field="text_mi",
            slots=" ".join(wanted),
        )


def doubtful_words(mi: str) -> list[str]:
    """Words that may be misspelt: not open syllables, or a known word without its macrons. They may all be right."""
    bare = _SLOTS[Kind.LETTER].sub(" ", _SLOTS[Kind.PHRASE].sub(" ", mi))
    return list(dict.fromkeys(note.partition(":")[0] for note in misspellings(bare)))


def sample_length(kind: Kind, words: str) -> Segments:
    """How long a wording is with a name of twelve letters in it; the other slots of a letter count as they stand."""
    filled = words.replace(NAME_SLOT, LONGEST_NAME) if kind is Kind.PHRASE else words.replace("%(name)s", LONGEST_NAME)
    return count(filled)
