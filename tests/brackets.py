"""A language that nobody speaks, made as data alone: every sentence in brackets, three forms to count with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.pofile import write_po

from commsbridge.cli.catalogues import begin_language, bring_up_to_date, sentences
from commsbridge.foundation.language import (
    KNOWN,
    NOT_READY,
    Language,
    catalogue_path,
    ids,
    learn,
    read_messages,
)

CODE = "qbr"
IDIOM = """
name = "brackets"
tag = "art-x-brackets"
also = ["Bracketish"]

[dates]
days = ["[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]"]
months = ["[i]", "[ii]", "[iii]", "[iv]", "[v]", "[vi]", "[vii]", "[viii]", "[ix]", "[x]", "[xi]", "[xii]"]
long = "{year} {month} {day} {weekday}"
short = "{year} {month} {day}"
margin = "{month} {day}"
margin_other_year = "{year} {month} {day}"
yesterday = "[day gone]"
today = "[this day]"
tomorrow = "[day to come]"

[times]
written = "{hour24}.{minute} {part}"
parts = [{ until = 24, called = "[o'clock]" }]

[lists]
between = " + "
and = "{others} & {last}"
or = "{others} | {last}"
"""
HEAD = "nplurals=3; plural=(n == 0 ? 0 : n == 1 ? 1 : 2)"


def write_brackets(locales: Path) -> Path:
    """The folder of the language under ``locales``: begun as the handbook says, then every sentence written."""
    language = begin_language(locales / CODE, "Brackets")
    (language.folder / "language.toml").write_text(IDIOM, "utf-8")
    path = catalogue_path(language)
    head = path.read_text("utf-8").replace("nplurals=2; plural=(n != 1)", HEAD)
    path.write_text(head, "utf-8")
    bring_up_to_date(path, read_messages(catalogue_path(Language.EN)), language)
    catalog = read_messages(path)
    for message in sentences(catalog):
        english = ids(message)
        if len(english) == 1:
            message.string = f"[{english[0]}]"
        else:
            message.string = (f"[none of {english[1]}]", f"[{english[0]}]", f"[{english[1]}]")
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True)
    path.write_text(f"{head}{body.getvalue().decode('utf-8')}", "utf-8")
    return language.folder


@contextmanager
def spoken(locales: Path) -> Iterator[None]:
    """The languages of ``locales`` beside our own, for a while."""
    known, not_ready = dict(KNOWN), dict(NOT_READY)
    learn(locales)
    try:
        yield
    finally:
        KNOWN.clear()
        KNOWN.update(known)
        NOT_READY.clear()
        NOT_READY.update(not_ready)


def brackets() -> Language:
    """The language itself, while it is spoken."""
    return Language(CODE)
