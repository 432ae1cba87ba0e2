"""How words lean: to something a named person should read now, or to everyday talk; learned, and kept as a data file.

The rules know what they were written from. This weighs what labelled messages of either kind were met with: words
without their endings, two that stand together, and what kind of word meets which (concepts.tsv: kin, hits, fear,
secrets, …), so that words nobody made a rule of are met too. leanings.tsv is learned by ``make weights``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from commsbridge.conversations.weighing import Weights, read_concepts, read_weights

TABLE = Path(__file__).with_name("leanings.tsv")
CONCEPTS = Path(__file__).with_name("concepts.tsv")
# A long message is looked at in stretches of this many words, so that everyday words around it do not outweigh a cry.
STRETCH = 40
# Nor do those of one long sentence outweigh a short one beside it: sentences are looked at one by one too. Alone they
# lack what tells a look-alike, which costs them this much log-odds; 0 stopped at more look-alikes in sets left out.
ALONE = 0.5
# Where a sentence runs on without a stop, stretches of so many words are looked at as if each were one.
BREATH = 18
SHORTEST = 3
SHOWN = 4
# Two kinds of word meet when they stand at most so many words apart.
MEET = 8
# What a meeting of kinds counts beside one word's 1: there are many more of them.
TOGETHER = 0.5
_ENDINGS = ("ing", "ed", "es", "s")


def lean(line: str, *, weights: Weights | None = None) -> tuple[float, str]:
    """The highest log-odds of a part of ``line`` (words as the rules read them), and the words that weigh most in it.

    ``weights`` are the shipped ones unless given.
    """
    table = weights or _shipped()
    parts = ((table.log_odds(marks(words)) - doubt, words) for words, doubt in _parts(line))
    odds, loudest = max(parts, key=lambda part: part[0])
    return odds, _heaviest(loudest, table)


def _parts(line: str) -> Iterator[tuple[list[str], float]]:
    """Stretches of ``line`` and its sentences, each with what is taken off its log-odds."""
    words = line.split()
    step = STRETCH // 2
    for begins in range(0, max(1, len(words) - step), step):
        yield words[begins : begins + STRETCH], 0.0
    sentences = [said.split() for said in line.split(".")]
    long_enough = [said for said in sentences if len(said) >= SHORTEST]
    if sum(map(bool, sentences)) > 1:
        yield from (([".", *said, "."], ALONE) for said in long_enough)
    for said in sentences:
        if len(said) > BREATH * 3 // 2:
            starts = range(0, len(said) - BREATH // 2, BREATH // 2)
            yield from ((said[start : start + BREATH], ALONE) for start in starts)


def marks(words: Sequence[str]) -> dict[str, float]:
    """What is weighed of ``words`` and how much each counts: "+kin" is a kind, "+kin+hits" two that meet."""
    stems = [_stem(word) for word in words]
    kinds = [_kinds(word, stem) for word, stem in zip(words, stems, strict=True)]
    found = dict.fromkeys((stem for stem in stems if stem != "."), 1.0)
    found |= {f"{one} {two}": 1.0 for one, two in pairwise(stems)}
    found |= {f"+{kind}": 1.0 for each in kinds for kind in each}
    return found | dict.fromkeys(_meeting(kinds), TOGETHER) | dict.fromkeys(_beside(kinds, stems), TOGETHER)


def _meeting(kinds: Sequence[Sequence[str]]) -> Iterator[str]:
    for place, each in enumerate(kinds):
        for kind in each:
            yield from (f"+{kind}+{other}" for later in kinds[place + 1 : place + 1 + MEET] for other in later)


def _beside(kinds: Sequence[Sequence[str]], stems: Sequence[str]) -> Iterator[str]:
    for place, each in enumerate(kinds):
        before, after = stems[max(0, place - 2) : place], stems[place + 1 : place + 3]
        for kind in each:
            yield from (f"+{kind}<{stem}" for stem in before)
            yield from (f"+{kind}>{stem}" for stem in after)


def _heaviest(words: Sequence[str], table: Weights) -> str:
    """The words that speak for it most, in the order they were written."""
    weighed: dict[str, float] = {}
    for word in words:
        if word != ".":
            alone = [_stem(word), *(f"+{kind}" for kind in _kinds(word, _stem(word)))]
            weighed[word] = sum(table.of.get(mark, 0.0) for mark in alone)
    shown = sorted(weighed, key=lambda word: (-weighed[word], word))[:SHOWN]
    return ", ".join(word for word in weighed if word in shown)


def _stem(word: str) -> str:
    ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= 3), "")
    return word.removesuffix(ending)


def _kinds(word: str, stem: str) -> Sequence[str]:
    concepts = _concepts()
    return concepts.get(word) or concepts.get(stem, ())


@cache
def _shipped() -> Weights:
    return read_weights(TABLE)


@cache
def _concepts() -> dict[str, tuple[str, ...]]:
    return read_concepts(CONCEPTS)
