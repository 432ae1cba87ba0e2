"""The two languages of the catalogues, and every sentence said in one of them."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "locales"


class Language(StrEnum):
    """A language the service itself writes; other languages are recorded as asked for, never written."""

    MI = "mi"
    EN = "en"


class Catalogue:
    """One language's sentences, with the two methods that Jinja's i18n extension asks for.

    A message id that the catalogue does not hold is answered with the English sentence it is: in front of a family a
    readable sentence is safer than an error page. tests/house/test_catalogues.py fails on any gap.
    """

    def __init__(
        self,
        language: Language,
        sentences: dict[str, tuple[str, ...]],
        places: dict[str, frozenset[str]] | None = None,
    ) -> None:
        """``sentences`` maps a message id to its forms: one, or (one, many) for those that count.

        ``places`` says in which files each of those with one form stands.
        """
        self.language = language
        self.sentences = sentences
        self.places = places or {}

    def gettext(self, msgid: str) -> str:
        """The sentence, its placeholders still open."""
        return self.sentences.get(msgid, (msgid,))[0]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for ``n``: the first for exactly one, the last for 0 and 2 and more (both languages alike)."""
        return self.sentences.get(singular, (singular, plural))[0 if n == 1 else -1]


@cache
def catalogue(language: Language) -> Catalogue:
    """The catalogue of ``language``, read once from locales/<language>/LC_MESSAGES/commsbridge.po."""
    return read_catalogue(catalogue_path(language), language)


def read_catalogue(path: Path, language: Language) -> Catalogue:
    """The sentences of the catalogue file at ``path`` that are written; raises babel's PoFileError when it is none."""
    with path.open("rb") as file:
        messages = read_po(file, locale=language.value, abort_invalid=True)
    complete = [message for message in messages if message.id and not message.fuzzy and all(forms(message))]
    return Catalogue(
        language,
        {ids(message)[0]: forms(message) for message in complete},
        {ids(message)[0]: frozenset(p for p, _ in message.locations) for message in complete if len(ids(message)) == 1},
    )


def catalogue_path(language: Language, locales: Path = LOCALES) -> Path:
    """Where the catalogue of ``language`` is kept under ``locales``."""
    return locales / language.value / "LC_MESSAGES" / "commsbridge.po"


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark ``msgid`` for the catalogues without saying it yet."""
    return msgid


def say(language: Language, msgid: str, /, **slots: object) -> str:
    """The sentence ``msgid`` in ``language``, its ``%(name)s`` placeholders filled; KeyError when a slot is missing.

    A sentence is always formatted, so a per cent sign is written ``%%`` in it.
    """
    return catalogue(language).gettext(msgid) % slots


def say_many(language: Language, singular: str, plural: str, n: int, /, **slots: object) -> str:
    """The form of a counting sentence for ``n``; ``%(num)s`` is ``n``, as it is in templates."""
    return catalogue(language).ngettext(singular, plural, n) % {"num": n, **slots}


def ids(message: Message) -> tuple[str, ...]:
    """The English of a catalogue's message: one form, or (one, many) when it counts."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """What stands written for a catalogue's message, as many forms as it has; an empty text where nothing does."""
    written = message.string or ""
    return (written,) if isinstance(written, str) else tuple(written)
