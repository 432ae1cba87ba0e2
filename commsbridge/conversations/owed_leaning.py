"""How words lean to asking something, beside the rules of owed.py; learned from labelled messages, kept as data."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from commsbridge.conversations.weighing import Weights, read_weights
from commsbridge.foundation.names import fold

TABLE = Path(__file__).with_name("owed_leanings.tsv")
_PART = re.compile(r"\w+|[.!?\n,;:]+")
_APOSTROPHE = re.compile(r"[\u2018\u2019\u02bc'`]")
# What two words with one between them count beside one word's 1.
APART = 0.5
# A question mark anywhere, beside one word's 1.
MARKED = 3.0


def lean(words: str) -> float:
    """Log-odds that ``words`` (any length) ask something: above 0 they rather do than not."""
    return _shipped().log_odds(marks(words))


def marks(words: str) -> dict[str, float]:
    """What is weighed of ``words``: each, each two together or with one between, and what ends a clause."""
    parts = [".", *(_as_read(part) for part in _PART.findall(fold(_APOSTROPHE.sub("", words)))), "."]
    found = dict.fromkeys(parts, 1.0)
    found |= {f"{one} {two}": 1.0 for one, two in pairwise(parts)}
    found |= {f"{one} _ {two}": APART for one, two in zip(parts, parts[2:], strict=False)}
    return found | ({"(asked)": MARKED} if "?" in parts else {})


def _as_read(part: str) -> str:
    if part[0] in ".!;:\n":
        return "."
    return part[0] if part[0] in "?," else part


@cache
def _shipped() -> Weights:
    return read_weights(TABLE)
