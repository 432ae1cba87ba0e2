"""What a letter is made of: the school, who writes, who reads, and the news itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, PAIR, Language
from commsbridge.foundation.orthography import LongVowels, respelt
from commsbridge.messages.bank import Pair
from commsbridge.messages.letters.voice import HeldBack, Voice

BOTH = "both"


class _EveryWish(type):
    """Lets the class itself be gone through: each language, and both."""

    def __iter__(cls) -> Iterator[Reads]:
        return map(Reads, (*Language, BOTH))

    def __len__(cls) -> int:
        return len(Language) + 1

    def __contains__(cls, wish: object) -> bool:
        return wish == BOTH or wish in Language


class Reads(str, metaclass=_EveryWish):
    """What a reader asked for: one language that is written in, or both of the product's own, te reo Māori first."""

    __slots__ = ()
    MI: ClassVar[Reads]
    EN: ClassVar[Reads]
    BOTH: ClassVar[Reads]

    def __new__(cls, wish: str) -> Self:
        """Raises ValueError for anything else."""
        return str.__new__(cls, wish if wish == BOTH else Language(wish))

    @property
    def value(self) -> str:
        """As it is stored."""
        return str.__str__(self)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in the order their blocks stand."""
        return (Language.MI, Language.EN) if self == BOTH else (Language(self),)


Reads.MI, Reads.EN, Reads.BOTH = Reads("mi"), Reads("en"), Reads(BOTH)


@dataclass(frozen=True, slots=True)
class School:
    """A school as families read it; ``text_name`` (at most 20 letters) stands first in each text and subject.

    A school with one name gives it twice. ``voice`` says its sentences; ``promise`` is the message id of a last English
    line about te reo Māori, where a letter goes in English though its reader asked for te reo. ``text_vowels`` is how
    its texts spell te reo; mails keep macrons.
    """

    name_mi: str
    name_en: str
    text_name: str
    voice: Voice = field(default_factory=Voice)
    promise: str | None = None
    text_vowels: LongVowels = LongVowels.MACRONS

    def name(self, language: Language) -> str:
        """The school's full name in ``language``."""
        return self.name_mi if language is Language.MI else self.name_en

    def say(self, language: Language, msgid: str, /, **slots: object) -> str:
        """A sentence as this school says it. Raises HeldBack where its te reo may not leave the school."""
        return self.voice.say(language, msgid, **slots)

    def text_say(self, language: Language, msgid: str, /, **slots: object) -> str:
        """A sentence as this school says it in a text. Raises HeldBack where its te reo may not leave the school."""
        sentence = self.voice.sentence(language, msgid)
        return (respelt(sentence, self.text_vowels) if language is Language.MI else sentence) % slots

    def promised(self, language: Language) -> list[str]:
        """The line about te reo Māori that ends the English of a letter, where there is one."""
        return [self.say(language, self.promise)] if self.promise and language is Language.EN else []


@dataclass(frozen=True, slots=True)
class TextSender:
    """What of a sender shapes a text: whether a reply costs the family, and whether the carrier writes that itself."""

    reply_costs: bool
    carrier_adds_charge_words: bool

    @property
    def writes_charge_words(self) -> bool:
        """Whether the charge words are ours to write."""
        return self.reply_costs and not self.carrier_adds_charge_words


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads: ``shown_name`` is how the school addresses them, as a person typed it."""

    shown_name: str
    reads: Reads


@dataclass(frozen=True, slots=True)
class News:
    """Good news about one child: a phrase, the writer's own words, or both.

    ``child`` is the first name, ``writer`` how families read the writer ("Ms Walsh"). Own words travel as typed;
    ``words_language`` is the language the writer says they are in, None when nobody said. ``phrase_held_back``: the te
    reo Māori of the phrase may not leave the school yet. ``words_mi`` are the own words as ``translator`` wrote them in
    te reo Māori: they stand in its block, and the name below them. ``work_on``: it is not good news but something home
    and school can both work on. ``photo_shows`` says in words what the photo with it shows, if there is one. Raises
    Invalid when there is nothing to say.
    """

    child: str
    writer: str
    phrase: Pair | None = None
    words: str = ""
    words_language: Language | None = None
    phrase_held_back: bool = False
    words_mi: str = ""
    translator: str = ""
    work_on: bool = False
    photo_shows: str = ""

    def __post_init__(self) -> None:
        if self.phrase is None and not self.words.strip():
            raise Invalid(N_("Choose a phrase, or write something yourself."), field="words")

    def phrase_in(self, language: Language, vowels: LongVowels = LongVowels.MACRONS) -> str | None:
        """The phrase about the child, where there is one: in English where ``language`` is none of the bank's two.

        Raises HeldBack where its te reo may not leave the school.
        """
        if self.phrase is None:
            return None
        if language is Language.MI and self.phrase_held_back:
            raise HeldBack
        return self.phrase.about(self.child, language, vowels)

    def left_in_english(self, language: Language) -> bool:
        """Whether the phrase stands in English in a block of ``language``: the bank has words in two languages only."""
        return self.phrase is not None and language not in {Language.MI, Language.EN}

    def words_in(self, language: Language, reads: Reads) -> str:
        """The own words that stand once in a text's block of ``language``."""
        if self.words_mi and Language.MI in reads.languages:
            return self.words_mi if language is Language.MI else self.words.strip()
        return self.words.strip() if self.words_home(reads) is language else ""

    def words_home(self, reads: Reads) -> Language:
        """In which block own words stand: that of their own language, where the reader has such a block.

        Nobody said which language they are in: the reader's last block, so that a praise in te reo stays whole; but
        alone they stand in the first, so that a reader of both meets te reo first.
        """
        if self.words_language in reads.languages:
            return Language(self.words_language)
        return reads.languages[-1 if self.phrase else 0]


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody at school has to say: ``words`` by the language they were written in, one at least.

    ``translator`` wrote those in te reo Māori, where that was somebody else; the name stands below them.
    """

    writer: str
    words: Mapping[Language, str]
    translator: str = ""

    def home(self, language: Language) -> Language:
        """The language of the words in a block of ``language``: its own, else English, else what they were typed in."""
        return next(each for each in (language, Language.EN, *self.words) if each in self.words)

    def by(self, language: Language) -> bool:
        """Whether the words in a block of ``language`` are a translator's."""
        return bool(self.translator) and self.home(language) is Language.MI

    def reads(self, wished: Reads) -> Reads:
        """The languages a reader gets it in: theirs where it was written, else the one it was typed in.

        Words in one of our own two stand in a letter of any other language as they were typed.
        """
        if not set(wished.languages) <= set(PAIR):
            return wished
        there = [language for language in wished.languages if language in self.words]
        return wished if len(there) == len(wished.languages) else Reads((there or list(self.words))[0].value)
