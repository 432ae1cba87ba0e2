"""Which language somebody means who asks for one by its name."""

from __future__ import annotations

from commsbridge.foundation.language import KNOWN, Language
from commsbridge.foundation.names import fold


def language_meant(asked: str) -> Language | None:
    """The language asked for by its code or one of its names ("Te Reo Maori"); None where we do not write it.

    Any other is kept as it was asked for, and never turned into English.
    """
    if asked in KNOWN:
        return KNOWN[asked]
    wanted = fold(asked.strip())
    return next((each for each in Language if wanted in map(fold, (each, each.idiom.name, *each.idiom.also))), None)
