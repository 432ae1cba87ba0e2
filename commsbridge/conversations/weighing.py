"""Weighing: how far the marks of a text speak for something, by weights learned from labelled texts and kept as data.

A logistic regression (Cox 1958) over sparse marks. A text's marks are brought to one length first, so that a long text
speaks no louder than a short one. The tables are learned and written by ``make weights`` (bench/weighing).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# The length every text's marks are brought to; 3 told sets apart less well that were left out of learning, 8 no better.
LENGTH = 5.0
# Fewer marks than make this length are not brought to more: a word or two are not spoken louder than they were said.
SHORTEST = 3.0
_START = "(start)"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each mark weighs in log-odds, and what is there before any mark; a mark without a weight weighs nothing."""

    start: float
    of: Mapping[str, float]

    def log_odds(self, marks: Mapping[str, float]) -> float:
        """How far ``marks`` (each with how much it counts, above 0) speak for it: natural log-odds, 0 is as likely."""
        weighed = sum(self.of.get(mark, 0.0) * counts for mark, counts in marks.items())
        return self.start + weighed * scale(marks)


def scale(marks: Mapping[str, float]) -> float:
    """What brings ``marks`` to LENGTH, or nearer to it where they are few."""
    length = math.sqrt(sum(counts * counts for counts in marks.values()))
    return LENGTH / max(length, SHORTEST)


def read_weights(table: Path) -> Weights:
    """The weights of a shipped table: comment lines, a header, then one mark and its weight a line."""
    weights = {row["mark"]: float(row["weight"]) for row in _rows(table)}
    return Weights(weights.pop(_START), weights)


def read_concepts(table: Path) -> dict[str, tuple[str, ...]]:
    """The kinds of each word, in the order of a table of kinds and their words."""
    kinds: dict[str, tuple[str, ...]] = {}
    for row in _rows(table):
        for word in dict.fromkeys(row["words"].split()):
            kinds[word] = (*kinds.get(word, ()), row["concept"])
    return kinds


def _rows(table: Path) -> Iterator[dict[str, str]]:
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    return iter(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def written(weights: Weights, *, head: list[str]) -> str:
    """``weights`` as a table that read_weights reads, under ``head`` (lines without their #)."""
    rows = [f"{mark}\t{weight:.2f}" for mark, weight in sorted(weights.of.items())]
    return "\n".join([*(f"# {line}" for line in head), "mark\tweight", f"{_START}\t{weights.start:.2f}", *rows]) + "\n"
