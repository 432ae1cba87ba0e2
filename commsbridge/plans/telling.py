"""How a change of words is told: which of them went, and which came; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of somebody's words; ``changed``: it stands on this side of the change alone."""

    words: str
    changed: bool


def runs(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both sides of a change, word by word: joined, each side is what was written."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    went: list[Run] = []
    came: list[Run] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = kind != "equal"
        went.extend([Run("".join(old[first:last]), changed)] if first < last else [])
        came.extend([Run("".join(new[start:end]), changed)] if start < end else [])
    return tuple(went), tuple(came)
