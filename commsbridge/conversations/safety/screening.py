"""Screening: whether a named person should read these words now; tuned to miss little, in both languages and txt.

It raises urgency and nothing else: nothing is hidden, answered or closed by it. What it cannot read it says so of. The
rules are a data file (rules.tsv) with a source for each; and how all its words lean (leaning) is weighed
with what a rule met.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from commsbridge.conversations.safety.leaning import lean
from commsbridge.conversations.texted import spelling
from commsbridge.foundation.names import fold
from commsbridge.foundation.reading_language import WrittenIn, language_written

TABLE = Path(__file__).with_name("rules.tsv")
_APOSTROPHE = re.compile(r"[\u2018\u2019\u02bc'`]")
_TOKEN = re.compile(r"[\w]+|[.!?\n]+")
_REPEATED = re.compile(r"(.)\1{2,}")
# A drawn laugh is read as a written one; other drawings say too little alone.
_LAUGHS = re.compile("[\U0001f602\U0001f923\U0001f606\U0001f639]+")
# How people text, as endings, openings and sounds: tried on a word that no rule knows, kept when one knows the outcome.
_TEXTED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("(?<=..)i?n$"), "ing"),
    (re.compile("(?<=.)([^aeiou])n$"), r"\1\1ing"),
    (re.compile("(?<=..)[dt]$"), "ed"),
    (re.compile("(?<=.)([^aeiou])d$"), r"\1\1ed"),
    (re.compile("(?<=..)(?:a|ah|r)$"), "er"),
    (re.compile("z$"), "s"),
    (re.compile("^d"), "th"),
    (re.compile("f"), "th"),
    (re.compile("ph"), "f"),
    (re.compile("f"), "ph"),
    (re.compile("^sk"), "sc"),
    (re.compile("k"), "ck"),
    (re.compile("ck"), "k"),
    (re.compile("^k"), "c"),
    (re.compile("([b-df-hj-np-tv-z])\\1"), r"\1"),
    (re.compile("1"), "one"),
    (re.compile("2"), "to"),
    (re.compile("4"), "for"),
    (re.compile("8"), "ate"),
)
_VOWELS = re.compile("[aeiou]")
_PART = re.compile(r"\\\w|[a-z]+\??")
# A word without vowels is only read as another from this many letters: shorter ones may be many words.
BARE_FROM = 4
# Log-odds from which words are urgent, and what a rule's find adds to them: a find among everyday words is often a
# look-alike. Both were chosen on sets that the learning had left out: before even odds, since a needless look costs a
# minute.
URGENT_FROM = -0.4
RULE_WEIGHS = 1.0
# Fewer words than these in a language that is not recognised are a name, a yes or a laugh: nothing to be unread.
UNREAD_FROM = 3


class Screened(StrEnum):
    """What the screening says of a message: nothing found, somebody should read it now, or it could not be read."""

    CLEAR = "clear"
    URGENT = "urgent"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found: ``because`` are the words that made it urgent, folded; empty unless it is."""

    says: Screened
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """Finds and pardons by category and language, how words are texted, and those that only a macron tells apart."""

    certain: dict[tuple[str, str], tuple[re.Pattern[str], ...]]
    finds: dict[tuple[str, str], tuple[re.Pattern[str], ...]]
    pardons: dict[tuple[str, str], tuple[re.Pattern[str], ...]]
    spelling: Mapping[str, str]
    long_vowels: re.Pattern[str]
    known: frozenset[str]
    bare: dict[str, str]


def worries(words: str) -> bool:
    """Whether words may be about somebody's safety."""
    return screen(words).says is Screened.URGENT


def screen(words: str, *, pictures: int = 0) -> Screening:
    """Look at everything a person wrote (``words``, any length) and how many ``pictures`` came with it.

    Words are looked at first: a picture beside words that are clear is still not read, and says so.
    """
    line = said(words)
    if sure := certain(line):
        return Screening(Screened.URGENT, sure)
    ruled = found(line)
    odds, heaviest = lean(line)
    if is_urgent(odds, found=bool(ruled)) and (ruled or heaviest):
        return Screening(Screened.URGENT, ruled or heaviest)
    written = language_written(words)
    unknown = written is WrittenIn.OTHER and len(line.replace(".", " ").split()) >= UNREAD_FROM
    return Screening(Screened.UNREAD if pictures or unknown else Screened.CLEAR)


def is_urgent(odds: float, *, found: bool) -> bool:
    """Whether a named person should read it now, by how its words lean (natural log-odds) and whether a rule met it."""
    return odds + (RULE_WEIGHS if found else 0.0) > URGENT_FROM


def certain(line: str) -> str:
    """The words of ``line`` (as said() writes it) that are urgent whatever stands around them; "" for none."""
    return _first(line, _shipped().certain)


def found(line: str) -> str:
    """The words of ``line`` (as said() writes it) that the first rule met and no pardon took back; "" for none."""
    return _first(line, _shipped().finds)


def _first(line: str, wanted: dict[tuple[str, str], tuple[re.Pattern[str], ...]]) -> str:
    rules = _shipped()
    for key, finds in wanted.items():
        spans = [span.span() for each in finds for span in each.finditer(line)]
        if not spans:
            continue
        pardoned = [span.span() for each in rules.pardons.get(key, ()) for span in each.finditer(line)]
        for begins, ends in spans:
            if not any(first < ends and begins < last for first, last in pardoned):
                return line[begins:ends].strip()
    return ""


def said(words: str) -> str:
    """``words`` (any length) as the rules read them: folded, txt written out, "." at the end of each sentence."""
    rules = _shipped()
    tokens = []
    plainly = _LAUGHS.sub(" haha ", _APOSTROPHE.sub("", unicodedata.normalize("NFC", words)).replace("\n", ". "))
    apart = rules.long_vowels.sub(lambda word: rules.spelling[word[0].lower()], plainly)
    for token in _TOKEN.findall(fold(apart)):
        if token[0] in ".!?\n":
            tokens.append(".")
            continue
        plain = _REPEATED.sub(r"\1\1", token)
        once = _REPEATED.sub(r"\1", token)
        shorter = plain if plain == token else once
        tokens.append(rules.spelling.get(plain) or rules.spelling.get(once, _written_out(shorter, rules)))
    return " ".join([".", *(each for each in tokens if each), "."])


def _written_out(token: str, rules: _Rules) -> str:
    """A texted word as the rules know it ("hitn": hitting, "strngld": strangled); itself if they know none."""
    if token in rules.known or token.isdigit():
        return token
    for texted, plain in _TEXTED:
        tried = texted.sub(plain, token)
        if tried != token and tried in rules.known:
            return tried
    bare = len(token) >= BARE_FROM and not _VOWELS.search(token)
    return rules.bare.get(token, token) if bare else token


@cache
def _shipped() -> _Rules:
    return _read(TABLE.read_text("utf-8"))


def _read(table: str) -> _Rules:
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    sets: dict[str, str] = {}
    spelt = spelling()
    kept: dict[str, dict[tuple[str, str], list[re.Pattern[str]]]] = {
        "certain": {}, "rule": {}, "pardon": {}
    }  # fmt: skip
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        pattern = row["pattern"]
        for name, part in sets.items():
            pattern = pattern.replace(name, part)
        if row["row"] == "set":
            sets[row["name"]] = pattern
        else:
            key = (row["category"], row["lang"])
            kept[row["row"]].setdefault(key, []).append(re.compile(rf"\b(?:{pattern})(?!\w)"))
    sure, finds, pardons = (
        {key: tuple(each) for key, each in kept[row].items()} for row in ("certain", "rule", "pardon")
    )
    every = (*sure.values(), *finds.values(), *pardons.values())
    known = _words_of([each.pattern for part in every for each in part])
    long_vowels = [re.escape(word) for word in spelt if fold(word) != word]
    apart = re.compile(rf"\b(?:{'|'.join(long_vowels)})\b", re.IGNORECASE)
    return _Rules(sure, finds, pardons, spelt, apart, known, _bare(known))


def _words_of(patterns: list[str]) -> frozenset[str]:
    """Every word of three letters and more that stands in a pattern; one whose last letter may be missing twice."""
    parts = {part for pattern in set(patterns) for part in _PART.findall(pattern) if not part.startswith("\\")}
    words = {part.rstrip("?") for part in parts} | {part[:-2] for part in parts if part.endswith("?")}
    return frozenset(word for word in words if len(word) >= 3)


def _bare(known: frozenset[str]) -> dict[str, str]:
    """Words by what is left of them without vowels, where that is one word's alone."""
    by_bones: dict[str, set[str]] = {}
    for word in known:
        by_bones.setdefault(_VOWELS.sub("", word), set()).add(word)
    return {bones: words.pop() for bones, words in by_bones.items() if len(bones) >= BARE_FROM and len(words) == 1}
