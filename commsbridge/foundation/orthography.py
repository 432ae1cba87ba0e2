"""How a school writes the long vowels of te reo Māori in its texts: macrons, unless it chose otherwise.

A macron makes a text UCS-2, of which fewer letters fit into a segment (see segments.py). Double vowels are an older
way that Waikato-Tainui keep. Wordings alone are respelt: names stay as their owners write them.
"""

from __future__ import annotations

from enum import StrEnum


class LongVowels(StrEnum):
    """ "Māori", "Maaori" or "Maori"."""

    MACRONS = "macrons"
    DOUBLED = "doubled"
    PLAIN = "plain"


LONG_VOWELS, _SHORT = "āēīōūĀĒĪŌŪ", "aeiouAEIOU"
_SPELT: dict[LongVowels, dict[int, str]] = {
    LongVowels.MACRONS: {},
    LongVowels.DOUBLED: {ord(long): short + short.lower() for long, short in zip(LONG_VOWELS, _SHORT, strict=True)},
    LongVowels.PLAIN: {ord(long): short for long, short in zip(LONG_VOWELS, _SHORT, strict=True)},
}


def respelt(wording: str, vowels: LongVowels) -> str:
    """A wording with its long vowels (NFC) as the school writes them; placeholders have none and stay."""
    return wording.translate(_SPELT[vowels])
