"""Which language somebody wrote in: a rule of syllables and a short list of marks, in microseconds, never a wish.

Te reo Māori is written in open syllables of a small alphabet; English seldom is. What that rule gets wrong stands in
data/language_marks.tsv: English words of that shape, te reo words that English at school uses (kai, mahi, whānau), and
what tells other languages apart. It marks what came in; what a family asked for decides what we send.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files


class WrittenIn(StrEnum):
    """What language words are in, as far as they show it; a text that holds no words is OTHER."""

    TE_REO = "mi"
    ENGLISH = "en"
    MIXED = "mix"
    OTHER = "other"


class _Mark(StrEnum):
    """What one word says of its sentence."""

    TE_REO = "te reo"
    SHAPED = "shaped like te reo"
    LOAN = "te reo that English uses"
    ENGLISH = "English"
    CLOSED = "shaped like English"
    OTHER = "another language"
    ISLAND = "shaped like another language of the Pacific"
    NAME = "shaped like te reo, and perhaps a name"
    NEITHER = "a name, or a word of either"


_ENGLISH = frozenset({_Mark.ENGLISH, _Mark.CLOSED})
_TE_REO = frozenset({_Mark.TE_REO, _Mark.SHAPED})
_NOT_WITH_MACRONS = frozenset({_Mark.ENGLISH, _Mark.NEITHER})
_GREETING = "¤"  # stands for a whole greeting
_QUOTES = "'’ʻ‘`"
_TE_REO_WORD = re.compile(r"(?:(?:ng|wh|w['’ʻ‘]|[hkmnprtw])?[aeiouāēīōū])+")
_ISLAND_WORD = re.compile(rf"(?:[{_QUOTES}]?(?:ng|wh|[hkmnprtwlsfvgbdjcqyz])?[aeiouāēīōūâêîôû])+")
_WORD = re.compile(rf"{_GREETING}|(?:(?<![^\s(])[{_QUOTES}](?=[aeiouāēīōūAEIOUĀĒĪŌŪ]))?[^\W_]+(?:[{_QUOTES}][^\W_]+)*")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_GLOTTAL = re.compile(rf"[{_QUOTES}](?=[aeiouāēīōū])")
_ENGLISH_ENDING = re.compile(r"['’](?:s|t|m|d|ll|re|ve|n)$")
_SENTENCE_ENDS = frozenset(".!?\n")
_MACRONS = frozenset("āēīōū")
_BARE = str.maketrans("āēīōū", "aeiou")
_DOUBLE = re.compile(r"([aeiou])\1")
# So many words of no language known here, without one English word among them, are another language.
_FEWEST_UNKNOWN = 3
# A clause of te reo, not a word borrowed: three words in a row, and two of them te reo alone; two loans weigh as one.
_CLAUSE_LENGTH, _CLAUSE_WORDS, _LOAN_WEIGHS = 3, 2, 0.5
# What makes a text mixed rather than one language with a word of another: at least this share of its words.
_MIXED_FROM = 0.2
_LATIN_TO = "\u024f"
# Characters of a long letter that are read; what follows is hardly in another language.
_ENOUGH = 2000


def language_written(text: str) -> WrittenIn:
    """The language ``text`` is in: te reo Māori (macrons or not), English (loan words are English), both, or another.

    Nothing of the text is kept.
    """
    whole = unicodedata.normalize("NFC", _ADDRESS.sub(" ", text[:_ENOUGH]))
    if not whole.isascii() and _in_another_script(whole):
        return WrittenIn.OTHER
    return _judged(list(_marks(_greetings().sub(f" {_GREETING} ", whole))))


def _in_another_script(text: str) -> bool:
    """Whether most of the letters are none of the Latin alphabet's."""
    letters = [character for character in text if character.isalpha() and character not in _QUOTES]
    return sum(character > _LATIN_TO for character in letters) > len(letters) / 2


def _judged(marks: Sequence[_Mark]) -> WrittenIn:
    count = Counter(marks)
    te_reo = count[_Mark.TE_REO] + 0.7 * count[_Mark.SHAPED]
    english = count[_Mark.ENGLISH] + 0.6 * count[_Mark.CLOSED]
    other = count[_Mark.OTHER] + 0.5 * count[_Mark.ISLAND]
    if not any(count[mark] for mark in _Mark if mark is not _Mark.NEITHER):
        return WrittenIn.ENGLISH if marks else WrittenIn.OTHER
    if _is_other(count, te_reo, english, other):
        return WrittenIn.OTHER
    if not te_reo:
        own = count[_Mark.ENGLISH] or count[_Mark.CLOSED] > min(count[_Mark.LOAN], 1)
        return WrittenIn.ENGLISH if own or not count[_Mark.LOAN] + count[_Mark.NAME] else WrittenIn.TE_REO
    if not english:
        return WrittenIn.TE_REO
    return _of_both(marks, te_reo, english)


def _is_other(count: Counter[_Mark], te_reo: float, english: float, other: float) -> bool:
    if count[_Mark.CLOSED] >= _FEWEST_UNKNOWN and not count[_Mark.ENGLISH] and not te_reo:
        return True
    return other > english and other >= max(0.5, 0.2 * te_reo)


def _of_both(marks: Sequence[_Mark], te_reo: float, english: float) -> WrittenIn:
    share = te_reo / (te_reo + english)
    if not _has_clause(marks) or share < _MIXED_FROM:
        return WrittenIn.ENGLISH if share < 0.75 else WrittenIn.TE_REO
    return WrittenIn.MIXED if share <= 1 - _MIXED_FROM or english >= 2 else WrittenIn.TE_REO


def _has_clause(marks: Sequence[_Mark]) -> bool:
    """Whether some words in a row are te reo Māori as a sentence has it, not words that English borrowed."""
    length, own, loans = 0, 0, 0
    for mark in marks:
        if mark in _ENGLISH:
            length, own, loans = 0, 0, 0
            continue
        length += 1
        own += mark in _TE_REO
        loans += mark is _Mark.LOAN
        if length >= _CLAUSE_LENGTH and own and own + _LOAN_WEIGHS * loans >= _CLAUSE_WORDS:
            return True
    return False


def _marks(text: str) -> Iterator[_Mark]:
    shouted = text.isupper()
    for found in _WORD.finditer(text):
        word = found.group()
        if word == _GREETING:
            yield _Mark.LOAN
        elif not word.isdigit():
            named = word[0].isupper() and not shouted
            yield _mark(word.casefold(), named=named, first=named and _begins_sentence(text, found.start()))


def _begins_sentence(text: str, start: int) -> bool:
    """Whether nothing, or the end of a sentence, stands before the word at ``start``."""
    before = start - 1
    while before >= 0 and not text[before].isalnum() and text[before] not in _SENTENCE_ENDS:
        before -= 1
    return before < 0 or text[before] in _SENTENCE_ENDS


def _mark(word: str, *, named: bool, first: bool) -> _Mark:
    """What a word says. ``named``: it has a capital, as names do; ``first``: as all words that begin a sentence do."""
    bare = word.translate(_BARE)
    known = _known().get(bare) or _known().get(_DOUBLE.sub(r"\1", bare))
    if known is _Mark.TE_REO and named and not first:
        return _Mark.NAME
    if known and not (bare != word and known in _NOT_WITH_MACRONS):
        return known
    if _TE_REO_WORD.fullmatch(word):
        if not _MACRONS.isdisjoint(word) and (first or not named):
            return _Mark.TE_REO
        return _Mark.NAME if named else _Mark.SHAPED
    return _other_mark(word, name=named and not first)


def _other_mark(word: str, *, name: bool) -> _Mark:
    """What a word says that no list knows and that is not of te reo's syllables."""
    if _ENGLISH_ENDING.search(word):
        return _Mark.ENGLISH
    if any(character.isdigit() for character in word):
        return _Mark.NEITHER
    island = _ISLAND_WORD.fullmatch(word)
    if island and _GLOTTAL.search(word):
        return _Mark.OTHER
    if name:
        return _Mark.NEITHER
    return _Mark.ISLAND if island else _Mark.CLOSED


@cache
def _known() -> dict[str, _Mark]:
    """The marks of words whose shape does not tell; double vowels as one where that makes no other word."""
    marks = {
        "other": _Mark.OTHER,
        "loan": _Mark.LOAN,
        "mi": _Mark.TE_REO,
        "en": _Mark.ENGLISH,
        "neutral": _Mark.NEITHER,
        "both": _Mark.NEITHER,
    }
    rows = _rows()
    return {word.translate(_BARE): mark for kind, mark in marks.items() for row in rows if row["kind"] == kind
            for word in row["words"].split()}  # fmt: skip


@cache
def _greetings() -> re.Pattern[str]:
    """Whole greetings that English uses, macrons, bare or double vowels; the longest first."""
    written = [phrase for row in _rows() if row["kind"] == "phrase" for phrase in row["words"].split("|")]
    macrons = dict(zip("aeiou", "āēīōū", strict=True))
    spelled = (
        r"\s+".join("".join(f"(?:{c}{c}|[{c}{macrons[c]}])" if c in macrons else c for c in word) for word in p.split())
        for p in sorted(written, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)


def _rows() -> list[dict[str, str]]:
    table = files("commsbridge.foundation").joinpath("data/language_marks.tsv").read_text("utf-8")
    return list(csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
