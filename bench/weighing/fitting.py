"""Fitting: a logistic regression by stochastic gradient descent with a ridge, in plain Python, the same every time."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

from commsbridge.conversations.weighing import Weights, scale

Marks = Mapping[str, float]
Seen = tuple[Marks, bool]

SEED = 1
ROUNDS = 15
STEP = 0.3
# Each round's steps are shorter by this; the start and the weights learn at their own pace.
SHORTER = 0.3
START_PACE = 0.1
PACE = 0.3
# A weight is drawn back to nothing by this share at each step (ridge).
RIDGE = 0.01
START = -1.0
# A mark met in fewer texts says nothing of the next one; a weight below this changes no decision.
MET = 3
LEAST = 0.08


def fitted(seen: Sequence[Seen], *, met: int = MET, least: float = LEAST) -> Weights:
    """Weights for which ``seen`` (each text's marks, and whether it is what is looked for) is likeliest, as shipped.

    A mark that fewer than ``met`` texts hold, or that comes to less than ``least``, is left out.
    """
    counted = Counter(mark for found, _ in seen for mark in found)
    number = {mark: place for place, mark in enumerate(mark for mark in counted if counted[mark] >= met)}
    rows = [(_row(found, number), wanted) for found, wanted in seen]
    start, weights = _descended(rows, len(number))
    kept = {mark: round(weights[place], 2) for mark, place in number.items()}
    return Weights(round(start, 2), {mark: weight for mark, weight in kept.items() if abs(weight) >= least})


def _row(found: Marks, number: Mapping[str, int]) -> list[tuple[int, float]]:
    brought = scale(found)
    return [(number[mark], counts * brought) for mark, counts in found.items() if mark in number]


def _descended(rows: Sequence[tuple[list[tuple[int, float]], bool]], many: int) -> tuple[float, list[float]]:
    start, weights = START, [0.0] * many
    order = list(range(len(rows)))
    dice = random.Random(SEED)
    for turn in range(ROUNDS):
        dice.shuffle(order)
        step = STEP / (1 + turn * SHORTER)
        for place in order:
            row, wanted = rows[place]
            odds = max(-30.0, min(30.0, start + sum(weights[mark] * counts for mark, counts in row)))
            off = 1 / (1 + math.exp(-odds)) - wanted
            start -= step * off * START_PACE
            for mark, counts in row:
                weights[mark] -= step * (off * counts * PACE + RIDGE * weights[mark])
    return start, weights
