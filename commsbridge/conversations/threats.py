"""Threats: whether somebody says that they will harm those they write to. Narrow: anger, sorrow and fear are none.

Pure. It decides how a writer is heard from then on (``slowing``), never whether words are kept or read: that some
threat is missed costs a teacher one press, and that a family is taken for one who threatens costs their trust. So
swearing, a complaint, "you will regret this" and what others said are none, and words that sound like distress or a
joke never are. What it looks for is a data file (threats.tsv) with a source for each.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commsbridge.conversations.safety.screening import said
from commsbridge.foundation.names import fold

TABLE = Path(__file__).with_name("threats.tsv")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What is a threat, and what makes it none: told of others, a joke, a fright or somebody's own pain."""

    threats: tuple[re.Pattern[str], ...]
    told: re.Pattern[str]
    joke: re.Pattern[str]
    never: re.Pattern[str]


def threatens(words: str) -> bool:
    """Whether the writer says that they will harm whoever reads this, in English, te reo Māori or txt."""
    wanted = _shipped()
    line = said(words)
    if wanted.never.search(line) or wanted.joke.search(fold(words)):
        return False
    for sentence in line.split(" . "):
        spoken = f"{sentence} ."
        for pattern in wanted.threats:
            if (found := pattern.search(spoken)) and not wanted.told.search(spoken[: found.start()]):
                return True
    return False


@cache
def _shipped() -> _Patterns:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    sets: dict[str, str] = {}
    kept: dict[str, list[str]] = {"threat": [], "told": [], "joke": [], "never": []}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        pattern = row["pattern"]
        for name, part in sets.items():
            pattern = pattern.replace(name, part)
        if row["row"] == "set":
            sets[row["name"]] = pattern
        else:
            kept[row["row"]].append(pattern)
    told, joke, never = (re.compile(rf"\b(?:{'|'.join(kept[row])})\b") for row in ("told", "joke", "never"))
    return _Patterns(tuple(re.compile(rf"\b(?:{each})") for each in kept["threat"]), told, joke, never)
