"""Which other children a text names: first names as people write them, and not words that only look like one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commsbridge.messages.spoken import Spoken, Word, read

# A name after one of these is a grown-up's.
TITLES = frozenset(
    {"ms", "mrs", "mr", "miss", "mx", "dr", "whaea", "matua", "koro", "aunty", "auntie", "uncle", "coach"}
)
MONTHS = frozenset({"april", "may", "june", "august"})
BEFORE_A_MONTH = frozenset(
    {"in", "of", "since", "until", "till", "from", "by", "every", "last", "next", "early", "late", "on", "during"}
)
# No personal name follows these in either language (te reo's "a" before a name is none of them).
ARTICLES = frozenset(
    {"te", "nga", "he", "tetahi", "etahi", "the", "an", "this", "our", "my", "your", "his", "her", "their"}
)
# After a word that opens a sentence, these show that it was a person.
DEEDS = re.compile(
    "helped|asked|said|showed|gave|told|shared|thanked|laughed|smiled|joined|played|invited|taught|led|loved|found|read"
    "|chose|tried|waited|worked|sat|made"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A child named in a text, and the words that name them."""

    child_id: uuid.UUID
    words: tuple[Word, ...]


def named_children(
    spoken: Spoken, *, child_names: Collection[str], other_children: Mapping[uuid.UUID, Collection[str]]
) -> Iterator[Named]:
    """The other children that ``spoken`` names, in order.

    ``child_names`` are all names of the child it is about: none of them is ever another child's. ``other_children``
    maps a child to the names they go by (first and preferred; a name of several words counts only whole).
    """
    own = {word for name in child_names for word in _parts(name)}
    names = [(child_id, _parts(name)) for child_id, given in other_children.items() for name in given]
    known = own | {word for _, parts in names for word in parts}
    by_first: dict[str, list[tuple[uuid.UUID, tuple[str, ...]]]] = {}
    for child_id, parts in names:
        if parts and not own.issuperset(parts):
            by_first.setdefault(parts[0], []).append((child_id, parts))
    for place, word in enumerate(spoken.words):
        for child_id, parts in by_first.get(word.folded, ()):
            words = spoken.words[place : place + len(parts)]
            if tuple(w.folded for w in words) == parts and _is_name(spoken, place, len(parts), known):
                yield Named(child_id, words)


@cache
def common_word_names() -> frozenset[str]:
    """First names that are ordinary words too, folded."""
    path = Path(__file__).with_name("data") / "common_word_names.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _parts(name: str) -> tuple[str, ...]:
    return tuple(word.folded for word in read(name).words)


def _is_name(spoken: Spoken, place: int, length: int, known: Collection[str]) -> bool:
    before = spoken.words[place - 1] if place else None
    after = spoken.words[place + length] if place + length < len(spoken.words) else None
    word = spoken.words[place]
    if (before and before.folded in TITLES) or word.joined or (after and after.joined):
        return False
    if length > 1 or not (word.folded in common_word_names() or len(word.folded) < 3):
        return True
    return not spoken.shouted and word.capital and _is_meant(word, before, spoken.words[place + 1 :], known)


def _is_meant(word: Word, before: Word | None, rest: Sequence[Word], known: Collection[str]) -> bool:
    """Whether a capitalised word that could be a name is one, by what stands around it."""
    after = rest[0] if rest else None
    if word.opens or before is None:
        return after is not None and (DEEDS.fullmatch(after.folded) is not None or _pairs_with_name(rest))
    if before.folded in ARTICLES or _belongs_to_title(before, known) or (after and _belongs_to_title(after, known)):
        return False
    return word.folded not in MONTHS or not _is_month(before, after)


def _pairs_with_name(rest: Sequence[Word]) -> bool:
    """ "… and Aroha": two names joined."""
    return len(rest) > 1 and rest[0].folded in {"and", "me"} and rest[1].capital and rest[1].folded != "i"


def _belongs_to_title(neighbour: Word, known: Collection[str]) -> bool:
    """Whether a capitalised neighbour makes a longer name of it: "Hope Street", "Te Kura", "Summer Sports Day"."""
    alone = neighbour.opens or neighbour.folded in known or neighbour.folded == "i"
    return neighbour.capital and not alone


def _is_month(before: Word, after: Word | None) -> bool:
    return before.folded in BEFORE_A_MONTH or before.folded.isdigit() or (after is not None and after.folded.isdigit())
