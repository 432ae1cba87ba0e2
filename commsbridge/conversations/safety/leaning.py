"""How words lean: to something a named person should read now, or to everyday talk; learned, and kept as a data file.

The rules know what they were written from. This knows how much each word and each two neighbours were met in labelled
messages of either kind (a logistic regression, Cox 1958), so that words nobody made a rule of are met too. Names take
no part. leanings.tsv is written by tests/labelled/weigh_safety.py from the labelled sets beside it.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import pairwise
from pathlib import Path

TABLE = Path(__file__).with_name("leanings.tsv")
# A long message is looked at in stretches of this many words, so that everyday words around it do not outweigh a cry.
STRETCH = 40
# Log-odds from which a stretch is urgent: before even odds, since a needless look costs a minute. Of two sets that the
# learning had not seen it found more than half of what the rules had missed, at one look-alike in sixteen more.
URGENT_FROM = -0.5
SHOWN = 4
_ENDINGS = ("ing", "ed", "es", "s")
_START = "(start)"


def lean(line: str) -> tuple[float, str]:
    """The highest log-odds of a stretch of ``line`` (words as the rules read them), and the words that weigh most."""
    words = line.split()
    step = STRETCH // 2
    starts = range(0, max(1, len(words) - step), step)
    return max((_weighed(words[begins : begins + STRETCH]) for begins in starts), key=lambda found: found[0])


def marks(words: list[str]) -> set[str]:
    """What is weighed of some words: each without its ending, and each two that stand beside one another."""
    stems = [_stem(word) for word in words]
    return (set(stems) | {f"{one} {two}" for one, two in pairwise(stems)}) - {"."}


def _weighed(words: list[str]) -> tuple[float, str]:
    table = _table()
    found = {mark: table[mark] for mark in marks(words) if mark in table}
    heaviest = sorted(found, key=lambda mark: (-found[mark], mark))[:SHOWN]
    return table[_START] + sum(found.values()), ", ".join(mark for mark in heaviest if found[mark] > 0)


def _stem(word: str) -> str:
    ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= 3), "")
    return word.removesuffix(ending)


@cache
def _table() -> dict[str, float]:
    rows = csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return {row["mark"]: float(row["weight"]) for row in rows}
