"""The sentence catalogues: gathered from the source, begun for a language, checked for what is missing or broken."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, write_po

from commsbridge.foundation.idiom import IdiomFault
from commsbridge.foundation.language import (
    LOCALES,
    LONGEST_CODE,
    Language,
    catalogue_path,
    forms,
    found,
    ids,
    is_written,
)
from commsbridge.foundation.language import read_messages as read
from commsbridge.foundation.reo_spelling import misspellings
from commsbridge.foundation.slots import slot_faults

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
# The head of a catalogue that is begun here.
_HEAD = """# {name} sentences of commsbridge.
# Not yet checked by a licensed translator.
#
msgid ""
msgstr ""
"Project-Id-Version: commsbridge\\n"
"Language: {code}\\n"
"Language-Team: {name}\\n"
"Plural-Forms: {plurals};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@click.group()
def catalogues() -> None:
    """Gather and check the sentences of every language in locales/."""


@catalogues.command()
def extract() -> None:
    """Bring every catalogue up to date with the source: new sentences in, forgotten ones out."""
    template = gathered()
    for language in _found(LOCALES):
        _bring(language, template)


@catalogues.command()
@click.argument("code")
@click.argument("name")
def begin(code: str, name: str) -> None:
    """Begin a language: a folder with every sentence still to be written, and English days and lists to replace.

    CODE is as in ISO 639 ("sm"), NAME the language's own. It is offered to nobody before all of it is written.
    """
    folder = LOCALES / code
    if folder.exists():
        raise click.ClickException(f"There is a folder {folder} already.")
    if not 2 <= len(code) <= LONGEST_CODE or not (code.isascii() and code.isalpha() and code.islower()):
        raise click.ClickException(f"{code!r} is no code of a language: write 2 to {LONGEST_CODE} small letters.")
    _bring(begin_language(folder, name), gathered())
    click.echo(f"Now write {folder / 'language.toml'} and {catalogue_path(Language.at(folder))}.")


@catalogues.command()
def check() -> None:
    """Name every sentence that is missing, broken or misspelt; the exit code is 1 when there is any."""
    template = gathered()
    notes = [note for language in _found(LOCALES) for note in _notes(language, template)]
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


def begin_language(folder: Path, name: str) -> Language:
    """A folder for a language: an empty catalogue, and English days and lists to replace."""
    path = folder / "LC_MESSAGES" / "commsbridge.po"
    path.parent.mkdir(parents=True)
    path.write_text(_HEAD.format(name=name, code=folder.name, plurals=_plurals(folder.name)), "utf-8")
    shutil.copyfile(LOCALES / "en" / "language.toml", folder / "language.toml")
    return Language.at(folder)


def _plurals(code: str) -> str:
    """How a language counts, as Babel knows it; as English does where it does not know (Samoan): then look at it."""
    try:
        known = get_plural(code)
    except UnknownLocaleError:
        return "nplurals=2; plural=(n != 1)"
    return f"nplurals={known.num_plurals}; plural={known.plural_expr}"


def _found(locales: Path) -> list[Language]:
    try:
        return found(locales)
    except IdiomFault as fault:
        raise click.ClickException(str(fault)) from fault


def _bring(language: Language, template: Catalog) -> None:
    path = catalogue_path(language)
    bring_up_to_date(path, template, language)
    catalog = read(path)
    empty = sum(1 for message in sentences(catalog) if not is_written(message, catalog))
    click.echo(f"{language.value}: {len(template)} sentences, {empty} still to be written")


def _notes(language: Language, template: Catalog) -> list[str]:
    try:
        return list(problems(read(catalogue_path(language)), template, language))
    except (OSError, PoFileError) as fault:
        return [f"{language.value}: no catalogue: {fault}"]


def sentences(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue without its header, by message id."""
    return sorted((message for message in catalog if message.id), key=ids)


def bring_up_to_date(path: Path, template: Catalog, language: Language) -> None:
    """Rewrite the catalogue at ``path`` with exactly the template's sentences.

    What was written stays, with its comments; a new sentence is empty, and its own message id in English; nothing is
    guessed from a similar sentence. The header stays as it is, and there are no line numbers and no dates, so that two
    people's changes merge.
    """
    header, _, _ = path.read_text("utf-8").partition("\n\n")
    written = read(path)
    before = {ids(message): message for message in sentences(written)}
    catalog = Catalog(charset="utf-8")
    catalog.mime_headers = [("Plural-Forms", f"nplurals={written.num_plurals}; plural={written.plural_expr}")]
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
        for fault in _faults(message, catalog, language):
            yield f"{language.value}: {fault}: {ids(message)[0]!r}"


def _faults(message: Message, catalog: Catalog, language: Language) -> Iterator[str]:
    """What is wrong with one message, whatever the source says."""
    if message.fuzzy:
        yield "fuzzy"
    if not is_written(message, catalog):
        yield "still to be written"
        return
    if language is Language.EN and forms(message) != ids(message):
        yield "the English is not its own message id"
    yield from slot_faults(ids(message), forms(message))
    if language is Language.MI:
        for form in forms(message):
            yield from misspellings(form)
