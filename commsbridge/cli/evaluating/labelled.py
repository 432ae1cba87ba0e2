"""Labelled sets: tables read strictly, each fault named by its row and column, so that no row is scored by mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import click

Row = dict[str, str]

MOST_FAULTS_TOLD = 20


def read_set(path: Path, *, columns: Sequence[str], labels: Collection[str] | None = None) -> list[Row]:
    """The rows of the labelled set at ``path``, each at least with ``columns``, every one of which must be filled.

    The first column names the row and stands once. ``labels`` are those that the column "label" may hold; None: any.
    Rows are counted as a spreadsheet does (the header is row 1); blank ones are passed over. Raises
    click.ClickException with every fault (at most twenty) when the file is no such set.
    """
    lines = _lines(path)
    header = lines[0].split("\t") if lines else []
    missing = [column for column in columns if column not in header]
    if missing:
        raise click.ClickException(f"{path.name}: row 1, column {missing[0]}: the header does not name it.")
    if doubled := next((name for name in header if header.count(name) > 1), None):
        raise click.ClickException(f"{path.name}: row 1, column {doubled}: the header names it twice.")
    rows = [(number, line.split("\t")) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    faults = [fault for number, cells in rows for fault in _faults(number, cells, header, columns, labels)]
    whole = [(number, cells) for number, cells in rows if len(cells) == len(header)]
    faults += _repeated([(number, cells[header.index(columns[0])]) for number, cells in whole], columns[0])
    if not rows:
        faults.append("row 2: there are no rows under the header.")
    if faults:
        told = faults[:MOST_FAULTS_TOLD]
        told += [f"and {len(faults) - len(told)} more."] if len(faults) > len(told) else []
        raise click.ClickException("\n".join(f"{path.name}: {fault}" for fault in told))
    return [dict(zip(header, cells, strict=True)) for _, cells in rows]


def _lines(path: Path) -> list[str]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        column = raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].count(b"\t") + 1
        raise click.ClickException(f"{path.name}: row {row}, cell {column}: this is not UTF-8.") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines if lines[-1] else lines[:-1]


def _faults(
    number: int, cells: list[str], header: list[str], columns: Sequence[str], labels: Collection[str] | None
) -> Iterator[str]:
    if len(cells) != len(header):
        yield f"row {number}: {len(cells)} cells, but the header names {len(header)}."
        return
    row = dict(zip(header, cells, strict=True))
    for column in columns:
        if not row[column].strip():
            yield f"row {number}, column {column}: it is empty."
        elif not unicodedata.is_normalized("NFC", row[column]):
            yield f"row {number}, column {column}: it is not in NFC (a macron stands apart from its vowel)."
    if labels is not None and row["label"].strip() and row["label"] not in labels:
        yield f"row {number}, column label: {row['label']!r} is none of {', '.join(labels)}."


def _repeated(names: Sequence[tuple[int, str]], column: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, name in names:
        if name.strip() and first.setdefault(name, number) != number:
            yield f"row {number}, column {column}: {name!r} stands in row {first[name]} already."
