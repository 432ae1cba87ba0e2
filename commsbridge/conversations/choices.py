"""Choices: the answer to a numbered question, by number, by name, or "both", in either language."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from commsbridge.conversations import everyday
from commsbridge.conversations.naming import Names, Words
from commsbridge.foundation.names import search_fold

LONGEST_CHOICE = 6
# More digits than a number on offer ever has.
LONGEST_NUMBER = 2

_WORDS = re.compile(r"\w+")
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one first 1st tahi tuatahi kotahi",
            "two second 2nd rua tuarua",
            "three third 3rd toru tuatoru",
            "four fourth 4th wha tuawha",
            "five rima",
        ),
        start=1,
    )
    for word in words.split()
}
# "The second one" is one choice, not two.
_ORDINALS = frozenset({"first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th"})
_LAST = re.compile(r"(?:the )?last(?: one)?|(?:te )?whakamutunga")
_ALL = re.compile(
    r"both(?: of (?:them|the two|em))?|both (?:kids|children|boys|girls|tamariki|please)|all(?: of them|(?: the)? "
    r"kids)?|"
    r"all (?:two|three|3|four)|them both|the two of them|everyone|raua(?: tokorua)?|tokorua|raua raua|e rua|katoa|"
    r"ratou(?: katoa)?|nga mea e rua|nga tamariki(?: katoa| tokorua)?|te katoa|its both|they both|a raua"
)
_NONE = re.compile(
    r"neither(?: of them)?|none(?: of them)?|not (?:either|them)|0|kare|kaore|kao|no one|wrong|neither one"
)
_NO_TIME = re.compile(
    r"none of (?:these|those)(?: times| days)?(?: (?:suits?|works?)(?: us| me)?)?|none (?:suits?|works?)(?: us| me)?|"
    r"kaore (?:tetahi|he mea)(?: o enei)?|kare tetahi o enei"
)
_POLITE = everyday.words("polite")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: the children; none of them; and whether the message holds more than the choice."""

    children: tuple[uuid.UUID, ...]
    more: bool = False


def read_choice(words: str, children: Names, *, order: Sequence[uuid.UUID]) -> Choice | None:
    """Which of the children in ``order`` (numbered from 1; the number after the last means all) an answer names.

    None when it is no answer to the question: then it is a message like any other.
    """
    said = [search_fold(word) for word in _WORDS.findall(words)]
    kept = [word for word in said if word not in _POLITE] or said
    whole, bare = " ".join(said), " ".join(kept)
    if _NONE.fullmatch(whole) or _NONE.fullmatch(bare):
        return Choice(())
    if _ALL.fullmatch(whole) or _ALL.fullmatch(bare):
        return Choice(tuple(order))
    if _LAST.fullmatch(bare):
        return Choice(tuple(order[-1:]))
    if numbers := _numbered(kept, len(order)):
        return Choice(tuple(order) if len(order) + 1 in numbers else tuple(order[number - 1] for number in numbers))
    read = Words(words)
    short = len(kept) <= LONGEST_CHOICE
    named = (read.spoken(children) if short else frozenset()) or read.named(children).told
    if named:
        return Choice(tuple(child for child in order if child in named), more=not short)
    return None


def read_number(words: str) -> int | None:
    """The one number that an answer is made of, polite words aside; 0 for "none of these"; None for all else."""
    said = [search_fold(word) for word in _WORDS.findall(words)]
    kept = [word for word in said if word not in _POLITE] or said
    if any(_NONE.fullmatch(" ".join(each)) or _NO_TIME.fullmatch(" ".join(each)) for each in (said, kept)):
        return 0
    if len(kept) != 1:
        return None
    if kept[0] in _NUMBERS:
        return _NUMBERS[kept[0]]
    return int(kept[0]) if kept[0].isascii() and kept[0].isdecimal() and len(kept[0]) <= LONGEST_NUMBER else None


def numbers_said(words: str) -> list[int]:
    """The numbers of a message that is made of them alone, in their order: "2", "1 and 2", "tuarua, thanks"."""
    return _numbers([search_fold(word) for word in _WORDS.findall(words)])


def _numbers(said: Sequence[str]) -> list[int]:
    counted = [word for at, word in enumerate(said) if word != "one" or not at or said[at - 1] not in _ORDINALS]
    kept = [word for word in counted if word not in _POLITE] or counted
    numbers = [int(word) if word.isdigit() else _NUMBERS[word] for word in kept if word.isdecimal() or word in _NUMBERS]
    rest = [word for word in kept if not word.isdecimal() and word not in _NUMBERS and word not in {"and", "me", "n"}]
    return [] if rest else numbers


def _numbered(kept: Sequence[str], options: int) -> list[int]:
    numbers = _numbers(kept)
    return sorted(set(numbers)) if all(1 <= number <= options + 1 for number in numbers) else []
