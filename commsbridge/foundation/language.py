"""The languages of the service, each a folder of locales/, and every sentence said in one of them.

Te reo Māori and English are the product's own two: people at school write in them, and so do phrases and notices. Any
other language is data: a folder with a catalogue that is whole and a language.toml is offered, and written in, like
these two (CONTRIBUTING.md says how).
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from commsbridge.foundation.idiom import Idiom, IdiomFault, read_idiom
from commsbridge.foundation.slots import slot_faults

LOCALES = Path(__file__).parents[2] / "locales"
# As wide as the columns that hold one.
LONGEST_CODE = 8


class _Known(type):
    """Lets the class itself be gone through: all languages that are written in, te reo Māori first."""

    def __iter__(cls) -> Iterator[Language]:
        return iter(KNOWN.values())

    def __len__(cls) -> int:
        return len(KNOWN)

    def __contains__(cls, code: object) -> bool:
        return code in KNOWN


class Language(str, metaclass=_Known):  # noqa: SLOT000 - each is made once
    """A language the service itself writes; any other is recorded as asked for, never written.

    There is one object for each: ``Language("mi") is Language.MI``; ValueError for a code that is not written in.
    """

    MI: ClassVar[Language]
    EN: ClassVar[Language]
    folder: Path
    idiom: Idiom

    def __new__(cls, code: str) -> Language:  # noqa: PYI034 - there are no others
        """The language of that code. Raises ValueError when it is not written in."""
        if code not in KNOWN:
            raise ValueError(f"{code!r} is not a language that we write")
        return KNOWN[code]

    @classmethod
    def at(cls, folder: Path) -> Language:
        """The language that ``folder`` holds, whole or not. Raises IdiomFault when its language.toml is not sound."""
        if not 2 <= len(folder.name) <= LONGEST_CODE or not folder.name.isascii():
            raise IdiomFault(f"{folder}: a language's folder has its code as a name, of 2 to {LONGEST_CODE} letters")
        language = str.__new__(cls, folder.name)
        language.folder, language.idiom = folder, read_idiom(folder / "language.toml")
        return language

    def __reduce__(self) -> tuple[type[Language], tuple[str]]:
        """A copy is the same object."""
        return Language, (self.value,)

    @property
    def value(self) -> str:
        """Its code, as it is stored and named in forms."""
        return str.__str__(self)

    @property
    def tag(self) -> str:
        """Its BCP 47 tag, for lang attributes."""
        return self.idiom.tag

    @property
    def title(self) -> str:  # type: ignore[override] # a language has a name, and no use for str's own
        """Its own name, as it stands alone."""
        return self.idiom.name[:1].upper() + self.idiom.name[1:]

    @cached_property
    def catalogue(self) -> Catalogue:
        """Its sentences, read once."""
        return read_catalogue(catalogue_path(self), self)


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
        form_of: Callable[[int], int] = lambda n: int(n != 1),
    ) -> None:
        """``sentences`` maps a message id to its forms: one, or as many as the language counts by (``form_of``).

        ``places`` says in which files each of those with one form stands.
        """
        self.language = language
        self.sentences = sentences
        self.places = places or {}
        self.form_of = form_of

    def gettext(self, msgid: str) -> str:
        """The sentence, its placeholders still open."""
        return self.sentences.get(msgid, (msgid,))[0]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for ``n``, by the rule in the head of the catalogue (Plural-Forms)."""
        forms = self.sentences.get(singular)
        return forms[self.form_of(n)] if forms else (singular, plural)[n != 1]


# Every language that is written in, by its code.
KNOWN: dict[str, Language] = {}
# Why a folder of locales is not offered as a language.
NOT_READY: dict[str, str] = {}


def catalogue(language: Language) -> Catalogue:
    """The catalogue of ``language``, read once from locales/<language>/LC_MESSAGES/commsbridge.po."""
    return language.catalogue


def read_catalogue(path: Path, language: Language) -> Catalogue:
    """The sentences of the catalogue file at ``path`` that are written; raises babel's PoFileError when it is none."""
    messages = read_messages(path)
    complete = [each for each in messages if each.id and not each.fuzzy and is_written(each, messages)]
    return Catalogue(
        language,
        {ids(message)[0]: forms(message) for message in complete},
        {ids(message)[0]: frozenset(p for p, _ in message.locations) for message in complete if len(ids(message)) == 1},
        gettext.c2py(messages.plural_expr),
    )


def read_messages(path: Path) -> Catalog:
    """The catalogue file at ``path``; raises babel's PoFileError when it is no catalogue."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def catalogue_path(language: Language) -> Path:
    """Where the catalogue of ``language`` is kept."""
    return language.folder / "LC_MESSAGES" / "commsbridge.po"


def found(locales: Path) -> list[Language]:
    """Every language that has a folder in ``locales``, whole or not, te reo Māori first, then English, then by code.

    Raises IdiomFault when a language.toml is not sound.
    """
    known = {language.folder: language for language in Language}
    return [known.get(folder) or Language.at(folder) for folder in _folders(locales)]


def learn(locales: Path) -> None:
    """Write in every language of ``locales`` from now on, where its folder is whole; NOT_READY says of others why not.

    The product's own two are always there: a fault in one of them is raised.
    """
    for folder in _folders(locales):
        own = folder.name in {"mi", "en"}
        wants = None if own else _wants(folder)
        if wants:
            NOT_READY[folder.name] = wants
        else:
            KNOWN.setdefault(folder.name, Language.at(folder))


def shown_in(code: str) -> Language:
    """The language to show pages in to somebody who chose ``code``: English where that is not offered any more."""
    return KNOWN.get(code, Language.EN)


def _folders(locales: Path) -> list[Path]:
    order = {"mi": 0, "en": 1}
    return sorted((each for each in locales.iterdir() if each.is_dir()), key=lambda f: (order.get(f.name, 2), f.name))


def _wants(folder: Path) -> str | None:
    """What a language still wants before anybody is written to in it; None when it is whole."""
    try:
        language = Language.at(folder)
        written = language.catalogue.sentences
    except (OSError, IdiomFault, PoFileError) as fault:
        return str(fault)
    english = Language.EN.catalogue.sentences
    missing = sum(1 for msgid in english if msgid not in written)
    broken = sum(1 for msgid in english if msgid in written and any(slot_faults(english[msgid], written[msgid])))
    return f"{missing} sentences to write, {broken} to mend" if missing or broken else None


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


def is_written(message: Message, catalog: Catalog) -> bool:
    """Whether every form stands there: one, or as many as its language counts by."""
    wanted = catalog.num_plurals if len(ids(message)) > 1 else 1
    return len(forms(message)) == wanted and all(forms(message))


learn(LOCALES)
Language.MI, Language.EN = Language("mi"), Language("en")
# The product's own two: people at school write in these, and phrases, notices and hints are kept in them.
PAIR = (Language.MI, Language.EN)
