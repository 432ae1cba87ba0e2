"""Screening: whether a named person should read these words now; tuned to miss little, in both languages and txt.

It raises urgency and nothing else: nothing is hidden, answered or closed by it. What it cannot read it says so of. The
rules are a data file (rules.tsv) with a source for each.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from commsbridge.foundation.names import fold
from commsbridge.foundation.reading_language import WrittenIn, language_written

TABLE = Path(__file__).with_name("rules.tsv")
_APOSTROPHE = re.compile(r"[\u2018\u2019\u02bc'`]")
_TOKEN = re.compile(r"[\w]+|[.!?\n]+")
_REPEATED = re.compile(r"(.)\1{2,}")
# Fewer words than these in a language that is not recognised are a name, a yes or a laugh: nothing to be unread.
UNREAD_FROM = 3


class Screened(StrEnum):
    """What the screening says of a message: nothing found, somebody should read it now, or it could not be read."""

    CLEAR = "clear"
    URGENT = "urgent"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found: ``because`` are the words that made it urgent, folded; empty unless it is."""

    says: Screened
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """Finds and pardons by category and language, and how words are texted."""

    finds: dict[tuple[str, str], tuple[re.Pattern[str], ...]]
    pardons: dict[tuple[str, str], tuple[re.Pattern[str], ...]]
    spelling: dict[str, str]


def screen(words: str, *, pictures: int = 0) -> Screening:
    """Look at everything a person wrote (``words``, any length) and how many ``pictures`` came with it.

    Words are looked at first: a picture beside words that are clear is still not read, and says so.
    """
    line = _said(words)
    if found := _found(line):
        return Screening(Screened.URGENT, found)
    written = language_written(words)
    unknown = written is WrittenIn.OTHER and len(line.replace(".", " ").split()) >= UNREAD_FROM
    return Screening(Screened.UNREAD if pictures or unknown else Screened.CLEAR)


def _found(line: str) -> str:
    """The words of the first find that nothing takes back; "" for none."""
    rules = _shipped()
    for key, finds in rules.finds.items():
        spans = [span.span() for each in finds for span in each.finditer(line)]
        if not spans:
            continue
        pardoned = [span.span() for each in rules.pardons.get(key, ()) for span in each.finditer(line)]
        for begins, ends in spans:
            if not any(first < ends and begins < last for first, last in pardoned):
                return line[begins:ends].strip()
    return ""


def _said(words: str) -> str:
    """The text as the rules read it: folded, txt spelling written out, "." at the end of each sentence."""
    spelling = _shipped().spelling
    tokens = []
    for token in _TOKEN.findall(fold(_APOSTROPHE.sub("", words).replace("\n", ". "))):
        if token[0] in ".!?\n":
            tokens.append(".")
            continue
        plain = _REPEATED.sub(r"\1\1", token)
        once = _REPEATED.sub(r"\1", token)
        tokens.append(spelling.get(plain, spelling.get(once, plain if plain == token else once)))
    return " ".join([".", *(each for each in tokens if each), "."])


@cache
def _shipped() -> _Rules:
    return _read(TABLE.read_text("utf-8"))


def _read(table: str) -> _Rules:
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    sets: dict[str, str] = {}
    spelling: dict[str, str] = {}
    kept: dict[str, dict[tuple[str, str], list[re.Pattern[str]]]] = {"rule": {}, "pardon": {}}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        pattern = row["pattern"]
        if row["row"] == "spell":
            spelling[row["name"]] = pattern
            continue
        for name, part in sets.items():
            pattern = pattern.replace(name, part)
        if row["row"] == "set":
            sets[row["name"]] = pattern
        else:
            key = (row["category"], row["lang"])
            kept[row["row"]].setdefault(key, []).append(re.compile(rf"\b(?:{pattern})(?!\w)"))
    finds, pardons = ({key: tuple(each) for key, each in kept[row].items()} for row in ("rule", "pardon"))
    return _Rules(finds, pardons, spelling)
