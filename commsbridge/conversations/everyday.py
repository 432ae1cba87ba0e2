"""Everyday words of both languages (data/words.tsv): a name that is one is read with care; no typing error is one.

Written for this service from what families write to schools; no dictionary, and no count of anybody's words.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from commsbridge.foundation.names import fold, search_fold


@cache
def _rows() -> dict[str, str]:
    table = files("commsbridge.conversations").joinpath("data/words.tsv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["kind"]: row["words"] for row in rows}


def words(kind: str) -> frozenset[str]:
    """The words of a kind, folded as words are compared."""
    return frozenset(search_fold(word) for word in _rows()[kind].split())


def phrases(kind: str) -> frozenset[str]:
    """The phrases of a kind, folded."""
    return frozenset(fold(phrase) for phrase in _rows()[kind].split("|"))
