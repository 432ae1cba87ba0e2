"""The language of a message: how long it takes to mark one as it comes in."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Iterator
from time import perf_counter

from bench.figures import Figure
from bench.place import CHECKOUT
from commsbridge.foundation.reading_language import language_written

ROUNDS = 50


def figures() -> Iterator[Figure]:
    """Every labelled message, marked again and again; the median of the rounds, for one message."""
    with (CHECKOUT / "tests/labelled/language.tsv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for text in texts:
            language_written(text)
        rounds.append((perf_counter() - began) / len(texts) * 1e6)
    length = statistics.mean(map(len, texts))
    yield Figure(
        "language.mark_us", statistics.median(rounds[1:]), "us", ("<=", 200.0), f"messages of {length:.0f} letters"
    )
