"""The words of what somebody typed, with what their writing tells: capitals, sentence starts, hyphens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commsbridge.foundation.names import fold
from commsbridge.foundation.segments import tidy

_PIECE = re.compile(
    r"(?P<word>[^\W\d_]+(?:['’ʼ‘][^\W\d_]+)*)"
    r"|(?P<number>\d+)"
    r"|(?P<hyphen>(?<=\w)[-‐‑](?=\w))"
    r"|(?P<end>[.!?…:\n“\"]+)"
    r"|(?P<comma>[,;()])"
)
_POSSESSIVE = re.compile(r"'s$")
# What a writer types where each child's own name belongs, in either language.
NAME_MARK = re.compile(r"\((?:name|ingoa)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or mark. ``folded`` is for comparing: "." for a sentence's end, "," for a comma.

    ``start`` and ``end`` are places in the tidied text; ``opens`` says that it begins a sentence, ``joined`` that a
    hyphen ties it to the word before.
    """

    written: str
    folded: str
    start: int
    end: int
    opens: bool
    joined: bool

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.written[:1].isupper()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with its words; ``shouted`` when no small letter is in it, so that capitals tell nothing."""

    text: str
    words: tuple[Word, ...]
    shouted: bool

    def written(self, words: Sequence[Word]) -> str:
        """The stretch of text from the first to the last of ``words``, as typed."""
        return self.text[words[0].start : words[-1].end]


def read(text: str) -> Spoken:
    """The words of ``text`` in order, marks that part them among them. Linear in its length."""
    clean = tidy(text)
    words: list[Word] = []
    opens, joined = True, False
    for piece in _PIECE.finditer(clean):
        match piece.lastgroup:
            case "hyphen":
                joined = True
            case "end":
                words.append(_word(piece, ".", opens=False, joined=False))
                opens, joined = True, False
            case "comma":
                words.append(_word(piece, ",", opens=False, joined=False))
            case _:
                words.append(_word(piece, _POSSESSIVE.sub("", fold(piece[0])), opens=opens, joined=joined))
                opens, joined = False, False
    return Spoken(clean, tuple(words), shouted=not any(c.islower() for c in clean))


def _word(piece: re.Match[str], folded: str, *, opens: bool, joined: bool) -> Word:
    return Word(piece[0], folded, piece.start(), piece.end(), opens, joined)
