"""An honest spelling check of te reo Māori sentences: it finds broken words, it does not promise good reo."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from commsbridge.foundation.names import fold

# Open syllables of the te reo Māori alphabet: a vowel, with or without one of h k m n p r t w ng wh before it.
_WORD = re.compile(r"(?:(?:ng|wh|[hkmnprtw])?[aeiouāēīōū])+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_WORDS = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|<[^<>]*>|&\w+;|https?://\S+|\S+@\S+")
_COMBINING_MACRON = "\u0304"
WRONG_MARKS = frozenset("äëïöüâêîôûÄËÏÖÜÂÊÎÔÛ")

# Words that are right with the macron and right without it: each a word of its own.
PAIRS = (
    "a ā ake āke ana āna anā e ē he hē hou hōu i ī ka kā ki kī na nā nau nāu o ō tau tāu te tē me mē "
    "marama mārama tatari tātari tangata tāngata matua mātua kati kāti"
)
# Everyday words of sentences that a list of terms does not hold.
EVERYDAY = "ēnei ēnā ērā tērā ētahi māua rāua tātou rātou kōrero pēnei pēhea mōhio mīharo"


def misspellings(text: str) -> list[str]:
    """What is wrong in a te reo Māori sentence, one plain note each; an empty list when nothing was found.

    Looked for: text that is not NFC or holds combining macrons; umlauts and circumflexes; words that are not open
    syllables (outside placeholders, markup, addresses and data/reo_other_words.tsv); words that differ from
    data/glossary.tsv only by their macrons. Names of people are not known here: leave them to placeholders.
    """
    notes = []
    if unicodedata.normalize("NFC", text) != text or _COMBINING_MACRON in text:
        notes.append("not in NFC: a macron stands apart from its vowel")
    words = _LETTERS.findall(_NOT_WORDS.sub(" ", text))
    return notes + [note for word in words if word.casefold() not in other_words() for note in _faults(word)]


@cache
def other_words() -> frozenset[str]:
    """Words that are not te reo Māori but may stand in it, case folded (data/reo_other_words.tsv)."""
    return frozenset(row["word"].casefold() for row in _rows("reo_other_words.tsv"))


@cache
def right_forms() -> dict[str, frozenset[str]]:
    """How each word of the glossary is written: from the word without its macrons to its right form or forms."""
    terms = " ".join(row["te_reo"] for row in _rows("glossary.tsv"))
    forms: dict[str, set[str]] = {}
    for word in _LETTERS.findall(f"{terms} {EVERYDAY} {PAIRS}".casefold()):
        forms.setdefault(fold(word), set()).add(word)
    return {bare: frozenset(written) for bare, written in forms.items()}


def _faults(word: str) -> Iterator[str]:
    small = unicodedata.normalize("NFC", word).casefold()
    if not WRONG_MARKS.isdisjoint(small):
        yield f"{word}: an umlaut or circumflex where a macron belongs"
    elif not _WORD.fullmatch(small):
        yield f"{word}: not open syllables of the te reo Māori alphabet"
    elif small not in right_forms().get(fold(small), {small}):
        yield f"{word}: written {' or '.join(sorted(right_forms()[fold(small)]))}"


def _rows(name: str) -> list[dict[str, str]]:
    table = files("commsbridge.foundation").joinpath(f"data/{name}").read_text("utf-8")
    return list(csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
