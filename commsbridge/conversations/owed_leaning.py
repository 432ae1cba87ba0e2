"""How words lean to asking something, beside the rules of owed.py; learned from labelled messages, kept as data.

What is weighed: words, two together or with one between, what kind of word meets which (owed_concepts.tsv: what did not
come, what is wrong, who waits, …), and how it is asked, for a question mark alone asks little: "who is this child?!".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from commsbridge.conversations.texted import written_out
from commsbridge.conversations.weighing import Weights, read_concepts, read_weights
from commsbridge.foundation.names import fold

TABLE = Path(__file__).with_name("owed_leanings.tsv")
CONCEPTS = Path(__file__).with_name("owed_concepts.tsv")
_PART = re.compile(r"\w+|[.!?\n,;:]+")
_APOSTROPHE = re.compile(r"[\u2018\u2019\u02bc'`]")
# What two words with one between them, or two kinds that meet, count beside one word's 1.
APART = 0.5
# A question mark anywhere, and how it was asked, beside one word's 1.
MARKED = 3.0
HOW = 2.0
# Two kinds of word meet when they stand at most so many words apart; a word beside a kind at most so many.
MEET = 6
BESIDE = 2
# Words after the last question mark from which it was told on: a question of the writer's own, often.
TOLD_ON = 4


def lean(words: str) -> float:
    """Log-odds that ``words`` (any length) ask something: above 0 they rather do than not."""
    return _shipped().log_odds(marks(words))


def marks(words: str) -> dict[str, float]:
    """What is weighed of ``words`` and how much each counts: "+not" is a kind, "+not+come" two that meet."""
    written = [".", *_PART.findall(fold(_APOSTROPHE.sub("", written_out(words)))), "."]
    parts = [_as_read(part) for part in written]
    found = dict.fromkeys(parts, 1.0)
    found |= {f"{one} {two}": 1.0 for one, two in pairwise(parts)}
    found |= {f"{one} _ {two}": APART for one, two in zip(parts, parts[2:], strict=False)}
    found |= {f". {one} {two}": 1.0 for end, one, two in zip(parts, parts[1:], parts[2:], strict=False) if end in ".?"}
    kinds = [_concepts().get(part, ()) for part in parts]
    found |= {f"+{kind}": 1.0 for each in kinds for kind in each}
    found |= dict.fromkeys([*_meeting(kinds), *_beside(kinds, parts)], APART)
    return found | (_how_asked(written, parts) if "?" in parts else {})


def _meeting(kinds: Sequence[Sequence[str]]) -> Iterator[str]:
    for place, each in enumerate(kinds):
        for kind in each:
            yield from (f"+{kind}+{other}" for later in kinds[place + 1 : place + 1 + MEET] for other in later)


def _beside(kinds: Sequence[Sequence[str]], parts: Sequence[str]) -> Iterator[str]:
    for place, each in enumerate(kinds):
        for kind in each:
            yield from (f"+{kind}<{part}" for part in parts[max(0, place - BESIDE) : place])
            yield from (f"+{kind}>{part}" for part in parts[place + 1 : place + 1 + BESIDE])


def _how_asked(written: Sequence[str], parts: Sequence[str]) -> dict[str, float]:
    """What is weighed of the last question mark: how loud, what comes after it, how what it ends begins and of what."""
    last = len(parts) - 1 - parts[::-1].index("?")
    begins = max(place for place in range(last) if parts[place] == ".") + 1
    asked = parts[begins:last]
    after = sum(part not in ".,?" for part in parts[last + 1 :])
    found = {"(asked)": MARKED, f"(asked, then {'on' if after >= TOLD_ON else 'a word' if after else 'no more'})": HOW}
    if any("?" in each and len(each) > 1 for each in written):
        found["(asked loudly)"] = HOW
    found |= {f"(asked {' '.join(asked[:many])})": HOW for many in (1, 2) if len(asked) >= many}
    kinds = sorted({kind for part in asked for kind in _concepts().get(part, ())})
    found |= {f"(asked +{kind})": HOW for kind in kinds}
    return found | {f"(asked +{one}+{two})": APART for one in kinds for two in kinds if one < two}


def _as_read(part: str) -> str:
    if part[0] in ".!;:\n":
        return "."
    return part[0] if part[0] in "?," else part


@cache
def _shipped() -> Weights:
    return read_weights(TABLE)


@cache
def _concepts() -> dict[str, tuple[str, ...]]:
    return read_concepts(CONCEPTS)
