"""Texted words and what they stand for, kept as data (texted.tsv): "wen dus it strt" is "when does it start"."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("texted.tsv")
_WORD = re.compile(r"\w+")
# "nd" is "and" as often as "need"; where a need is looked for it is left as it was written.
_EITHER = frozenset({"nd"})


@cache
def spelling() -> Mapping[str, str]:
    """What somebody texts for a word, folded, and the word; empty for what says nothing."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {row["texted"]: row["word"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def written_out(words: str) -> str:
    """``words`` (any length) with each texted word as it is spelt; numbers, marks and everything else stay."""
    known = _beside_numbers()
    return _WORD.sub(lambda word: known.get(word[0].lower(), word[0]), words)


@cache
def _beside_numbers() -> Mapping[str, str]:
    return {word: plain for word, plain in spelling().items() if not word.isdigit() and word not in _EITHER}
