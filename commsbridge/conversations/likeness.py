"""Likeness: what a child may be called, and how far a typed word is from a name: by slips, by sound, cut short."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from commsbridge.conversations import everyday
from commsbridge.foundation.names import search_fold

# Beyond this a word is another word and no name mistyped.
ANOTHER = 9
_TOKEN = re.compile(r"\w+")
_EVERYDAY = everyday.words("english") | everyday.words("te_reo")
# A first word that is no name of its own: "Te Ariki", "Van der …".
_PARTICLES = everyday.words("particles")
_TWICE = re.compile(r"([a-z])\1+")
_VOWELS = re.compile(r"[aeiouy]")
# A word without its vowels is only read as a name from this many letters: fewer may be many words.
_BONES = 3


def forms_of(names: Sequence[str]) -> set[tuple[str, ...]]:
    """What a child may be called: each name, the first name of a full one, and a hyphened one typed as one word."""
    forms: set[tuple[str, ...]] = set()
    for name in names:
        parts = tuple(search_fold(part) for part in _TOKEN.findall(unicodedata.normalize("NFC", name)))
        if not parts:
            continue
        forms.add(parts)
        first = parts[:2] if parts[0] in _PARTICLES and len(parts) > 2 else parts[:1]
        if first[0] not in _PARTICLES or len(first) > 1:
            forms.add(first)
        forms |= _other_spacing(parts, first)
        hyphened = tuple(search_fold(part) for part in _TOKEN.findall(name.split()[0]))
        forms |= {each for form in (first, hyphened) if len(form) > 1 for each in (form, ("".join(form),))}
    return forms


def _other_spacing(parts: tuple[str, ...], first: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A given name of two words typed as one, and one word typed as two: Xin Yi, Xinyi; never two everyday words."""
    forms: set[tuple[str, ...]] = set()
    if len(parts) > 2 and len(first) == 1 and len(parts[0]) + len(parts[1]) > 3:
        forms |= {parts[:2], ("".join(parts[:2]),)}
    if len(first) == 1:
        name = first[0]
        halves = [(name[:at], name[at:]) for at in range(2, len(name) - 1)]
        forms |= {(one, two) for one, two in halves if two not in _EVERYDAY and (one == "te" or one not in _EVERYDAY)}
    return forms


def apart(word: str, name: str) -> int:
    """How far a typed word is from a name: 1 or 2 slips, 2 for a short form; 9 when it is another word."""
    if len(name) > 2 and word == name + "s":
        return 1
    if len(name) < 4 or len(word) < 3 or not word.isalpha():
        return ANOTHER
    if _sound(word) == _sound(name):
        return 1
    slips = distance(word, name)
    same_start = word[0] == name[0] or {word[0], name[0]} == {"c", "k"} or sorted(word[:2]) == sorted(name[:2])
    if slips == 1 and (same_start or len(name) > 4):
        return 1
    if slips == 2 and same_start and (len(name) > 6 or _same_bones(word, name)):
        return 2
    return 2 if len(name) >= len(word) + 2 and name.startswith(word) else ANOTHER


_SOUNDS = (
    ("ck", "k"),
    ("x", "ks"),
    ("ph", "f"),
    ("wh", "w"),
    ("y", "i"),
    ("c", "k"),
    ("z", "s"),
    ("gh", "g"),
    ("h", ""),
)


# Lachie and Lachy, Kody and Kodey: short names end as their writer likes.
_LITTLE = re.compile(r"(?:ie|ey|ee|y)$")


def _sound(word: str) -> str:
    """A word as it sounds, roughly: Jackson and Jaxon, Caitlyn and Kaitlin."""
    word = _LITTLE.sub("i", word)
    for written, spoken in _SOUNDS:
        word = word[:1].replace("c", "k") + word[1:].replace(written, spoken)
    return _TWICE.sub(r"\1", word)


def _same_bones(word: str, name: str) -> bool:
    """Whether only vowels differ, "jadyn" and Jayden, and enough is left without them to know a name by."""
    bones = _VOWELS.sub("", name)
    return len(bones) >= _BONES and word[0] == name[0] and _VOWELS.sub("", word) == bones


def distance(one: str, other: str) -> int:
    """Optimal string alignment: how many letters are wrong, missing, too many, or changed places."""
    if abs(len(one) - len(other)) > 2:
        return ANOTHER
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
