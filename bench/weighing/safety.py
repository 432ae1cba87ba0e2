"""How words lean to what a named person should read now: the sets that is learned from."""

from __future__ import annotations

import random

from bench.weighing.fitting import fitted
from bench.weighing.labelled import LABELLED, fingerprint, labelled, texts
from commsbridge.conversations import texted
from commsbridge.conversations.safety import leaning, screening
from commsbridge.conversations.weighing import Weights, written

TABLE = leaning.TABLE
# The rules were mended by what they missed here, so only what is learned can be tried on one of these left out.
KNOWN_TO_RULES = (
    "safety", "safety_second_look", "safety_third_look", "safety_fourth_look", "safety_learned",
)  # fmt: skip
# Written to learn from, by two hands and in many voices; no rule was written or mended by them.
SETS = (*KNOWN_TO_RULES, *sorted(path.stem for path in LABELLED.glob("safety_learned_*.tsv")))
EVERYDAY = (
    "questions", "questions_held_out", "questions_last_look", "questions_second_look", "questions_learned",
    "questions_learned_second", "language", "wording", "replies", "replies_held_out",
)  # fmt: skip
# Everyday messages are learned from in runs of so many as well, so that a long one is not urgent by its length.
RUNS = (2, 3, 4)
OF_EACH = 60
SEED = 1


def learned(*, without: str = "") -> Weights:
    """The weights of every mark; ``without`` names a set of SETS that is left out, and whatever stands in it."""
    held = {text for text, _ in of(without)} if without else set()
    seen = [each for name in SETS if name != without for each in of(name)]
    everyday = [text for name in EVERYDAY for text in texts(name)]
    dice = random.Random(SEED)
    runs = [". ".join(dice.sample(everyday, many)) for many in RUNS for _ in range(OF_EACH)]
    seen += [(text, False) for text in [*everyday, *runs]]
    lines = [(screening.said(text), urgent) for text, urgent in seen if text not in held]
    return fitted([(leaning.marks(line.split()), urgent) for line, urgent in lines])


def of(name: str) -> list[tuple[str, bool]]:
    """Each text of the set ``name``, and whether it is urgent."""
    return labelled(name, wanted=["urgent"])


def told(weights: Weights, text: str, *, rules: bool) -> bool:
    """Whether ``text`` would be told of by ``weights`` instead of the shipped ones, with or without the rules."""
    line = screening.said(text)
    return screening.is_urgent(leaning.lean(line, weights=weights)[0], found=rules and bool(screening.found(line)))


def table() -> str:
    """The table as it is shipped, anew."""
    return written(learned(), head=head())


def head() -> list[str]:
    """What the shipped table says of itself; the fingerprint is of everything it is learned from."""
    inputs = fingerprint([*SETS, *EVERYDAY], [screening.TABLE, texted.TABLE, leaning.CONCEPTS])
    return [
        "How words lean to what a named person should read now: log-odds, learned by `make weights` (bench/weighing)",
        "from the labelled safety sets and everyday messages of tests/labelled. No clinician has checked the weights.",
        f"learned from {inputs}",
    ]
