"""`commsbridge words check FILE`: an honest spelling check of te reo Māori, in whatever file it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from babel.messages.pofile import PoFileError, read_po

from commsbridge.cli.commands import Verbs
from commsbridge.foundation.language import forms, ids
from commsbridge.foundation.reo_spelling import misspellings

# A place in a file, as a person finds it, and the te reo Māori that stands there.
Passage = tuple[str, str]

COLUMNS = ("mi", "te_reo")
PROVES = (
    "This finds letters that are broken (macrons apart from their vowels, umlauts and circumflexes), words that "
    "are not syllables of te reo Māori, and words that the glossary writes with other macrons."
)
PROVES_NOT = (
    "It does not find a wrong word, a wrong a or o, a sentence nobody would say, or a macron on a word the glossary "
    "does not hold. Only somebody who speaks te reo Māori can say that it is right."
)


@click.group(cls=Verbs)
def words() -> None:
    """Check the words of the service, or yours."""


@words.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, help="A column of a .tsv to check; else mi, te_reo and all in _mi.")
@click.option("--allow", multiple=True, metavar="WORD", help="A name or another word that may stand in it.")
def check(file: Path, columns: tuple[str, ...], allow: tuple[str, ...]) -> None:
    """Check the spelling of te reo Māori in FILE: .po, .tsv, .json (its values) or .txt (its lines).

    The exit code is 1 when anything was found. It knows no names of people: leave them to {name}, or allow them.
    """
    allowed = {word.casefold() for word in allow}
    passages = list(_passages(file, columns))
    notes = [
        f"{place}: {note}"
        for place, text in passages
        for note in misspellings(text)
        if note.partition(":")[0].casefold() not in allowed
    ]
    for note in notes:
        click.echo(note)
    click.echo(f"{len(passages)} passages of te reo Māori, {len(notes)} to mend")
    click.echo(PROVES)
    click.echo(PROVES_NOT)
    if notes:
        raise SystemExit(1)


def _passages(file: Path, columns: Sequence[str]) -> Iterator[Passage]:
    kind = file.suffix.casefold()
    if kind == ".po":
        yield from _of_catalogue(file)
    elif kind == ".json":
        yield from _of_json(file)
    elif kind == ".tsv":
        yield from _of_table(file, columns)
    elif kind == ".txt":
        for number, line in enumerate(_text(file).split("\n"), start=1):
            if line.strip():
                yield f"line {number}", line
    else:
        raise click.ClickException(f"{file.name}: give a file that ends in .po, .tsv, .json or .txt.")


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = file.read_bytes().count(b"\n", 0, error.start) + 1
        raise click.ClickException(f"{file.name}: line {row} is not UTF-8: its macrons cannot be trusted.") from error


def _of_catalogue(file: Path) -> Iterator[Passage]:
    """What is written for each sentence; what is not written yet is no mistake of spelling."""
    _text(file)
    try:
        with file.open("rb") as opened:
            catalogue = read_po(opened, abort_invalid=True)
    except PoFileError as error:
        raise click.ClickException(f"{file.name}: this is no catalogue: {error}") from error
    for message in catalogue:
        for form in forms(message) if message.id else ():
            if form:
                yield repr(ids(message)[0]), form


def _of_json(file: Path) -> Iterator[Passage]:
    try:
        found: Any = json.loads(_text(file))
    except ValueError as error:
        raise click.ClickException(f"{file.name}: this is no JSON: {error}") from error
    yield from _strings(found, "")


def _strings(found: Any, place: str) -> Iterator[Passage]:
    """Every text in it, with its way there."""
    if isinstance(found, str):
        yield place or "the text", found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from _strings(value, f"{place} › {key}" if place else repr(key))
    elif isinstance(found, list):
        for number, value in enumerate(found, start=1):
            yield from _strings(value, f"{place} {number}".strip())


def _of_table(file: Path, columns: Sequence[str]) -> Iterator[Passage]:
    header, *rows = [line.split("\t") for line in _text(file).split("\n")]
    missing = [column for column in columns if column not in header]
    if missing:
        raise click.ClickException(f"{file.name}: row 1: there is no column {missing[0]}.")
    wanted = columns or [name for name in header if name in COLUMNS or name.endswith("_mi")]
    if not wanted:
        raise click.ClickException(f"{file.name}: row 1: name the column that holds te reo Māori with --column.")
    for number, cells in enumerate(rows, start=2):
        if cells == [""]:
            continue
        if len(cells) != len(header):
            raise click.ClickException(f"{file.name}: row {number}: {len(cells)} cells, but {len(header)} columns.")
        for name in wanted:
            text = cells[header.index(name)]
            if text:
                yield f"row {number}, {name}", text
