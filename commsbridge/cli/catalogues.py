"""The sentence catalogues: gathered from the source, and checked for what is missing or broken."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from commsbridge.foundation.language import LOCALES, Language, catalogue_path, forms, ids
from commsbridge.foundation.reo_spelling import misspellings

SOURCE = LOCALES.parent / "commsbridge"

# Which argument of which call holds a sentence; a refusal's sentence is gathered even when nobody marked it.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "say": (2,),
    "say_many": (2, 3),
    "Refusal": None,
    "NotFound": None,
    "NotAllowed": None,
    "Conflict": None,
    "Invalid": None,
}
METHODS = [("**/templates/**", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**": {"silent": "false", "trimmed": "true"}}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
_MARKUP = re.compile(r"<[^<>]*>")


@click.group()
def catalogues() -> None:
    """Gather and check the sentences of both languages."""


@catalogues.command()
def extract() -> None:
    """Bring both catalogues up to date with the source: new sentences in, forgotten ones out."""
    template = gathered()
    for language in Language:
        path = catalogue_path(language)
        bring_up_to_date(path, template, language)
        empty = sum(1 for message in sentences(read(path)) if not all(forms(message)))
        click.echo(f"{language.value}: {len(template)} sentences, {empty} still to be written")


@catalogues.command()
def check() -> None:
    """Name every sentence that is missing, broken or misspelt; the exit code is 1 when there is any."""
    template = gathered()
    notes = [note for language in Language for note in problems(read(catalogue_path(language)), template, language)]
    for note in notes:
        click.echo(note)
    click.echo(f"{len(template)} sentences, {len(notes)} to mend")
    if notes:
        raise SystemExit(1)


def gathered(source: Path = SOURCE) -> Catalog:
    """Every sentence that the Python files and templates under ``source`` say, with the files it stands in."""
    template = Catalog(charset="utf-8")
    for name, _line, msgid, _comments, _context in extract_from_dir(source, METHODS, OPTIONS, KEYWORDS):
        template.add(msgid, locations=[(f"{source.name}/{name}", 0)])
    return template


def read(path: Path) -> Catalog:
    """The catalogue file at ``path``; raises babel's PoFileError when it is no catalogue."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def sentences(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue without its header, by message id."""
    return sorted((message for message in catalog if message.id), key=ids)


def bring_up_to_date(path: Path, template: Catalog, language: Language) -> None:
    """Rewrite the catalogue at ``path`` with exactly the template's sentences.

    What was written stays, with its comments; a new sentence is empty in te reo Māori and its own message id in
    English; nothing is guessed from a similar sentence. The header stays as it is, and there are no line numbers and
    no dates, so that two people's changes merge.
    """
    header, _, _ = path.read_text("utf-8").partition("\n\n")
    before = {ids(message): message for message in sentences(read(path))}
    catalog = Catalog(charset="utf-8")
    for message in sentences(template):
        kept = before.get(ids(message))
        string = message.id if language is Language.EN else kept.string if kept else ""
        places = [(place, 0) for place in sorted({place for place, _line in message.locations})]
        catalog.add(message.id, string, places, user_comments=kept.user_comments if kept else ())
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    path.write_text(f"{header}\n\n{body.getvalue().decode('utf-8').strip()}\n", "utf-8")


def problems(catalog: Catalog, template: Catalog, language: Language) -> Iterator[str]:
    """What stands between ``catalog`` and the template: one plain note each."""
    there, wanted = ({ids(message) for message in sentences(c)} for c in (catalog, template))
    for missing in sorted(wanted - there):
        yield f"{language.value}: not in the catalogue: {missing[0]!r}"
    for forgotten in sorted(there - wanted):
        yield f"{language.value}: said nowhere in the source: {forgotten[0]!r}"
    for message in sentences(catalog):
        for fault in _faults(message, language):
            yield f"{language.value}: {fault}: {ids(message)[0]!r}"


def _faults(message: Message, language: Language) -> Iterator[str]:
    """What is wrong with one message, whatever the source says."""
    if message.fuzzy:
        yield "fuzzy"
    if len(forms(message)) != len(ids(message)) or not all(forms(message)):
        yield "still to be written"
        return
    if language is Language.EN and forms(message) != ids(message):
        yield "the English is not its own message id"
    yield from _slot_faults(message)
    if language is Language.MI:
        for form in forms(message):
            yield from misspellings(form)


def _slot_faults(message: Message) -> Iterator[str]:
    """Placeholders and markup unlike the English; a counting form may show a number that the English leaves out."""
    every = {slot for english in ids(message) for slot in _PLACEHOLDER.findall(english)}
    for english, form in zip(ids(message), forms(message), strict=True):
        if not set(_PLACEHOLDER.findall(english)) <= set(_PLACEHOLDER.findall(form)) <= every:
            yield "other placeholders than the English"
        if sorted(_MARKUP.findall(english)) != sorted(_MARKUP.findall(form)):
            yield "other markup than the English"
        if any("%" in _PLACEHOLDER.sub("", text.replace("%%", "")) for text in (english, form)):
            yield "a lone per cent sign (write %%), or a placeholder without a name"
