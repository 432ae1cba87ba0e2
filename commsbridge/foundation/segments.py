"""How long a text message is, as the carrier counts it: septets or UTF-16 units, and segments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm7", "ucs2"]

# 3GPP TS 23.038: the default alphabet (ESC left out), and its extension table, where each character costs two septets.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = GSM_BASIC | GSM_EXTENSION

# Units that fit in a text of one segment, and in each segment of a joined text (3GPP TS 23.040, 6-octet header).
ALONE: dict[Encoding, int] = {"gsm7": 160, "ucs2": 70}
JOINED: dict[Encoding, int] = {"gsm7": 153, "ucs2": 67}

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\t": " "})
_LINE_ENDS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
# Every character of the categories Cc and Cs but the line feed: both are closed for ever (Unicode stability policy).
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Segments:
    """The length of one text.

    ``units`` are septets (gsm7) or UTF-16 code units (ucs2); ``room`` is how many units that many segments hold.
    A character of two units never straddles two segments, so ``segments`` can need more room than ``units`` says.
    """

    encoding: Encoding
    units: int
    segments: int
    room: int


def tidy(text: str) -> str:
    """The text as it is stored and sent: NFC, plain spaces, LF line ends, no control characters, ends stripped.

    Hard and narrow spaces and tabs become spaces; every kind of line end becomes LF; other control characters and
    lone surrogates (which no database or carrier takes) are dropped. Macrons, emoji and writing direction stay.
    """
    # Printable holds no space but the plain one, no line end and nothing of Cc or Cs: nearly every line is such.
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    lines = text.replace("\r\n", "\n").translate(_LINE_ENDS).translate(_SPACES)
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", lines)).strip()


def count(text: str) -> Segments:
    """The length of ``text`` exactly as given (tidy it first); an empty text has no segments and no room."""
    encoding: Encoding = "gsm7" if _GSM.issuperset(text) else "ucs2"
    widths = [_width(c, encoding) for c in text]
    units = sum(widths)
    if units <= ALONE[encoding]:
        segments = 1 if units else 0
        return Segments(encoding, units, segments, segments * ALONE[encoding])
    segments = _joined(widths, JOINED[encoding])
    return Segments(encoding, units, segments, segments * JOINED[encoding])


def _width(character: str, encoding: Encoding) -> int:
    if encoding == "gsm7":
        return 2 if character in GSM_EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _joined(widths: Iterable[int], limit: int) -> int:
    """Segments of a joined text: a character is put whole into the next segment when it does not fit."""
    segments, used = 1, 0
    for width in widths:
        if used + width > limit:
            segments, used = segments + 1, 0
        used += width
    return segments
