"""Words that may sting, found as a writer writes: deficits, comparisons, diagnoses, sarcasm, stings and labels.

It only hints, to the writer alone, and nothing about the writer is kept. The rules are a data file (data/hints.tsv)
with a reason for each; static/js/hints.js reads the same file in the browser, and a test holds the two together.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path

from commsbridge.foundation.language import Language
from commsbridge.messages.spoken import NAME_MARK, Spoken, Word, read

TABLE = Path(__file__).with_name("data") / "hints.tsv"
COLUMNS = ("row", "category", "name", "lang", "pattern", "reason")
# What stands for a name inside a sentence, and for the start and the end of each sentence.
SOMEBODY, END = "somebody", "."
# A letter nobody types, read where the mark for each child's own name stands: a capital, as a name has.
STAND_IN = "ℕ"
_SPACES = re.compile(r"\s+")
_LOOSE_MARKS = re.compile(r"\s+(?=[,.!?])|^[\s,]+|,(?=\s*[.!?])")


class HintKind(StrEnum):
    """What a hint is about."""

    DEFICIT = "deficit"
    COMPARISON = "comparison"
    DIAGNOSIS = "diagnosis"
    SARCASM = "sarcasm"
    STING = "sting"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Hint:
    """One gentle hint: what it is about, the writer's own ``words`` as typed, and two ways of saying the deed.

    The ways are in the language of the rule; the first is the writer's own text where words may simply be left out.
    """

    category: HintKind
    language: Language
    words: str
    ways: tuple[str, str]


Span = tuple[int, int]
Key = tuple[HintKind, Language]
Patterns = dict[Key, tuple[re.Pattern[str], ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """A table read, each part by category and language; ``capitals`` are capital words that are nobody's name."""

    finds: Patterns
    pardons: Patterns
    cuts: Patterns
    ways: dict[Key, tuple[str, ...]]
    capitals: frozenset[str]


def hints_for(words: str, *, child: str, own: Sequence[str] = ()) -> list[Hint]:
    """The hints for a writer's own ``words`` about ``child`` (a first name); an empty list is most often the answer.

    One hint a category, the first place it is found. Words for several children hold a mark where each name belongs,
    and ``child`` is then that mark. ``own`` are the school's own rows, as lines of the table.
    """
    spoken = read(NAME_MARK.sub(STAND_IN, words))
    if not spoken.words:
        return []
    rules = shipped()
    line = _Line(spoken, rules.capitals)
    schools = read_table("\n".join(["\t".join(COLUMNS), *own])) if own else None
    hints: dict[HintKind, Hint] = {}
    for key in rules.finds:
        found = line.first(rules.finds[key], rules.pardons.get(key, ()))
        if found is None and schools is not None:
            found = line.first(schools.finds.get(key, ()), ())
        if found is not None:
            hints.setdefault(key[0], _hint(rules, key, line, found, child))
    return list(hints.values())


def _hint(rules: Rules, key: Key, line: _Line, found: Span, child: str) -> Hint:
    first, second = (way.replace("{name}", child) for way in rules.ways[key])
    shorter = line.without(rules.cuts.get(key, ()), found)
    ways = (shorter.replace(STAND_IN, child), first) if shorter else (first, second)
    return Hint(key[0], key[1], line.written(found).replace(STAND_IN, child), ways)


@cache
def shipped() -> Rules:
    """The rules that come with the service."""
    return read_table(TABLE.read_text(encoding="utf-8"))


def read_table(table: str) -> Rules:
    """The rules of a table of COLUMNS, tab-separated; lines that begin with # are left out."""
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    sets: dict[str, str] = {}
    kept: dict[str, dict[Key, list[str]]] = {"rule": {}, "pardon": {}, "cut": {}, "way": {}}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        if row["row"] == "set":
            sets[row["name"]] = _filled(row["pattern"], sets)
        else:
            key = (HintKind(row["category"]), Language(row["lang"]))
            kept[row["row"]].setdefault(key, []).append(row["pattern"])
    finds, pardons, cuts = (
        {key: tuple(_compiled(each, sets) for each in patterns) for key, patterns in kept[row].items()}
        for row in ("rule", "pardon", "cut")
    )
    ways = {key: tuple(each) for key, each in kept["way"].items()}
    return Rules(finds, pardons, cuts, ways, frozenset(sets.get("<capitals>", "").split("|")))


def own_row(category: HintKind, language: Language, words: str) -> str:
    """A line of the table that finds a school's own ``words`` wherever they stand; "" for words without a letter."""
    folded = [word.folded for word in read(words).words if word.folded not in {END, ","}]
    pattern = " ".join(map(re.escape, folded))
    return f"rule\t{category.value}\t\t{language.value}\t{pattern}\tschool" if folded else ""


class _Line:
    """A text as the rules read it: folded words with a space on either side of each."""

    def __init__(self, spoken: Spoken, capitals: frozenset[str]) -> None:
        self._spoken = spoken
        folded = [_folded(word, spoken, capitals) for word in spoken.words]
        self._text = " ".join(["", END, *folded, END, ""])
        self._starts = [3, *(3 + each for each in accumulate(len(word) + 1 for word in folded))]

    def first(self, finds: Sequence[re.Pattern[str]], pardons: Sequence[re.Pattern[str]]) -> Span | None:
        """The first place where one of the rules finds something that nothing takes back."""
        spans = sorted(found.span() for each in finds for found in each.finditer(self._text))
        if not spans:
            return None
        pardoned = [found.span() for each in pardons for found in each.finditer(self._text)]
        return next((s for s in spans if not any(a < s[1] and s[0] < b for a, b in pardoned)), None)

    def written(self, span: Span) -> str:
        """What stands there as typed, without the marks at its ends."""
        words = self._words(span)
        return self._spoken.written(words) if words else ""

    def without(self, cuts: Sequence[re.Pattern[str]], span: Span) -> str:
        """The whole text with the first of the ``cuts`` words in ``span`` left out; "" where nothing may be."""
        stretch = self._text[: min(span[1] + 1, len(self._text))]
        found = next(filter(None, (each.search(stretch, span[0]) for each in cuts)), None)
        words = self._words(found.span()) if found else []
        if not words:
            return ""
        text = self._spoken.text
        rest = _SPACES.sub(" ", f"{text[: words[0].start]} {text[words[-1].end :]}")
        rest = _LOOSE_MARKS.sub("", rest).strip()
        return rest[:1].upper() + rest[1:] if sum(map(str.isalpha, rest)) > 2 else ""

    def _words(self, span: Span) -> list[Word]:
        first = max(bisect_right(self._starts, span[0] + 1) - 1, 0)
        last = bisect_right(self._starts, span[1] - 1) - 1
        words = list(self._spoken.words[first : last + 1])
        while words and words[0].folded in {END, ","}:
            words.pop(0)
        while words and words[-1].folded in {END, ","}:
            words.pop()
        return words


def _folded(word: Word, spoken: Spoken, capitals: frozenset[str]) -> str:
    """A word for comparing; one with a capital inside a sentence is somebody's name, unless it is a known one."""
    named = word.capital and not word.opens and not spoken.shouted and word.folded not in capitals
    return SOMEBODY if named else word.folded


def _compiled(pattern: str, sets: dict[str, str]) -> re.Pattern[str]:
    """Whole words only, the named sets written out; ASCII alone, as the browser's reader counts letters."""
    return re.compile(f" (?:{_filled(pattern, sets)})(?= )", re.ASCII)


def _filled(pattern: str, sets: dict[str, str]) -> str:
    for name, words in sets.items():
        pattern = pattern.replace(name, words)
    return pattern
