"""What a family asks for by text for its hui: whom it brings, an interpreter, support, together or apart. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPEAKS = r"interpreter|kaiwhakamāori|kaiwhakamaori"
_BRING = r"bring(?:ing)?|haria mai|kawea mai|mauria mai"
_PLACE = r"place|wāhi|wahi"
_MEET = r"together|hui tahi|ngātahi|ngatahi|apart|hui wehe|wehe"
_PARTS = re.compile(rf"[.;\n]+|,(?=\s*(?:{_BRING}|{_SPEAKS}|{_PLACE}|{_MEET})\b)", re.IGNORECASE)
_BRINGS = re.compile(rf"^(?:{_BRING})\b[:\s]*(?:a\s+)?(.+)$", re.IGNORECASE)
_INTERPRETER = re.compile(rf"^(?:an?\s+)?(?:{_SPEAKS})\b[:\s]*(?:for\s+|in\s+)?(.*)$", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"^(?:an?\s+)?(?!(?:an?|no|not|need|want|the|my|our|any|without)\b)(\w+)\s+(?:{_SPEAKS})[\s!]*$", re.IGNORECASE
)
_PLACED = re.compile(rf"^(?:{_PLACE})\b[:\s]*(?:ko\s+|is\s+|at\s+)?(.+)$", re.IGNORECASE)
_NAMES = re.compile(r"\s*(?:,|&|\band\b|\brāua ko\b|\brātou ko\b|\bme\b)\s*", re.IGNORECASE)
_TOGETHER = frozenset({"together", "meet together", "hui tahi", "kia hui tahi", "ngātahi", "ngatahi"})
_APART = frozenset({"apart", "meet apart", "wehe", "hui wehe", "wehe kē"})
_KIND_WORD = re.compile(r"[,\s]*\b(?:please|thanks|thank you|koa|tēnā)\b[,\s]*|[!\s]+$", re.IGNORECASE)
# What stands before or behind a name or a language, and is none of it.
_AFTER = re.compile(r"(?:[\s,!]+(?:please|pls|plz|thanks|thank you|thx|koa))+[\s!]*$", re.IGNORECASE)
_FIRST = re.compile(r"^(?:(?:yes|yep|yeah|āe|ae|ok|okay|please|koa|kia ora|hi)\b[\s,!]*)+", re.IGNORECASE)
_NOTHING = frozenset({"no", "nope", "no thanks", "no thank you", "none", "nothing", "kao", "kāo", "karekau"})


@dataclass(frozen=True, slots=True)
class AskedFor:
    """``bring``: names; ``interpreter``: a language, or the word itself where none was named; ``support``: the rest.

    ``together``: whether they would meet together with another home; None: not said. ``place``: where they would meet.
    """

    bring: tuple[str, ...] = ()
    interpreter: str = ""
    support: str = ""
    together: bool | None = None
    place: str = ""

    @property
    def clear(self) -> bool:
        """Whether anything was asked for in one of the words that were offered."""
        return bool(self.bring or self.interpreter or self.place) or self.together is not None


def read_asked_for(words: str) -> AskedFor:
    """What the words ask for; nothing is guessed: what begins with neither word is kept as it was written.

    A "yes" before it and a "please" behind it are no part of a name.
    """
    bring: list[str] = []
    interpreter, place, rest = "", "", []
    together: bool | None = None
    for part in (_AFTER.sub("", _FIRST.sub("", each.strip())).strip() for each in _PARTS.split(words)):
        if not part or part.casefold().rstrip("!") in _NOTHING:
            continue
        plain = _KIND_WORD.sub("", part).casefold()
        if plain in _TOGETHER or plain in _APART:
            together = plain in _TOGETHER
        elif named := _BRINGS.match(part):
            bring += [name for each in _NAMES.split(named[1]) if (name := each.strip(" !"))]
        elif spoken := _INTERPRETER.match(part) or _SPOKEN.match(part):
            interpreter = spoken[1].strip(" !") or part
        elif placed := _PLACED.match(part):
            place = placed[1].strip(" !")
        else:
            rest.append(part)
    return AskedFor(tuple(dict.fromkeys(bring)), interpreter, ". ".join(rest), together, place)
