"""The labelled sets as they are learned from: texts and whether they are what is looked for."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

LABELLED = Path(__file__).parents[2] / "tests/labelled"

Text = tuple[str, bool]


def labelled(name: str, *, wanted: Iterable[str]) -> list[Text]:
    """Each text of the set ``name``, and whether its label is one of ``wanted``."""
    labels = frozenset(wanted)
    return [(row["text"], row["label"] in labels) for row in _rows(name)]


def texts(name: str) -> list[str]:
    """The texts of the set ``name``: the column of a table, or every body of the conversations in a .jsonl."""
    conversations = LABELLED / f"{name}.jsonl"
    if not conversations.exists():
        return [row["text"] for row in _rows(name)]
    return [text for line in conversations.read_text("utf-8").splitlines() for text in _words_in(json.loads(line))]


def fingerprint(names: Iterable[str], others: Iterable[Path] = ()) -> str:
    """What the sets ``names`` and the files ``others`` hold now, as 16 hexadecimal digits of SHA-256."""
    found = hashlib.sha256()
    for path in [*(next(LABELLED.glob(f"{name}.*")) for name in names), *others]:
        found.update(path.name.encode() + b"\n" + path.read_bytes())
    return found.hexdigest()[:16]


def _rows(name: str) -> list[dict[str, str]]:
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def _words_in(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key in ("body", "text") and isinstance(value, str))
        for value in part.values():
            yield from _words_in(value)
    elif isinstance(part, list):
        for each in part:
            yield from _words_in(each)
