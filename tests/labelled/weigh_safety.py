"""Writes leanings.tsv of the safety room: how words lean, learned from the labelled sets beside this file.

Run ``python -m tests.labelled.weigh_safety`` after a set or a rule was changed.
"""

from __future__ import annotations

import csv
import json
import math
import random
import re
from collections import Counter
from pathlib import Path

from commsbridge.conversations.safety.leaning import TABLE, marks
from commsbridge.conversations.safety.screening import said

HERE = Path(__file__).parent
SETS = ("safety", "safety_second_look", "safety_third_look", "safety_fourth_look", "safety_learned")
EVERYDAY = ("questions", "questions_held_out", "questions_last_look", "questions_second_look", "language", "wording")
# Everyday messages are learned from in runs as well, so that a long one is not urgent by its length.
RUNS = ((2, 60), (3, 60), (4, 60), (5, 60))
REPLIES = ("replies", "replies_held_out")
SEED = 1
ROUNDS = 25
STEP = 0.3
# The start learns slower than the words, and a weight is drawn back to nothing by this share at each step (ridge).
START_SHARE = 0.3
RIDGE = 0.025
# A mark met once says nothing of the next message; a weight below this changes no decision.
MET = 2
LEAST = 0.05
_INNER_CAPITAL = re.compile(r"(?<=[\w,] )[A-ZĀĒĪŌŪ][\wāēīōū]+")

Message = tuple[str, bool]
Weights = dict[str, float]


def learned_from(*, without: str = "") -> Weights:
    """The weights of every mark; ``without`` names a set of SETS that is left out."""
    messages = [each for name in SETS if name != without for each in labelled(name)]
    everyday = _everyday()
    order = random.Random(SEED)
    runs = [". ".join(order.sample(everyday, many)) for many, times in RUNS for _ in range(times)]
    messages += [(text, False) for text in [*everyday, *runs]]
    names = {name.casefold() for text, _ in messages for name in _INNER_CAPITAL.findall(text)}
    seen = [({mark for mark in marks(said(text).split()) if not names & set(mark.split())}, y) for text, y in messages]
    counted = Counter(mark for found, _ in seen for mark in found)
    return _fitted([(sorted(mark for mark in found if counted[mark] >= MET), y) for found, y in seen])


def labelled(name: str) -> list[Message]:
    """Each text of a labelled set, and whether it is urgent."""
    with (HERE / f"{name}.tsv").open(encoding="utf-8") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["text"], row["label"] == "urgent") for row in rows]


def log_odds(weights: Weights, text: str) -> float:
    """How ``text`` leans by ``weights``."""
    return weights["(start)"] + sum(weights.get(mark, 0.0) for mark in sorted(marks(said(text).split())))


def _fitted(seen: list[tuple[list[str], bool]]) -> Weights:
    weights: Weights = dict.fromkeys(["(start)", *sorted({mark for found, _ in seen for mark in found})], 0.0)
    order = random.Random(SEED)
    for turn in range(ROUNDS):
        order.shuffle(seen)
        step = STEP / (1 + turn * 0.2)
        for found, urgent in seen:
            odds = max(-30.0, min(30.0, weights["(start)"] + sum(weights[mark] for mark in found)))
            off = 1 / (1 + math.exp(-odds)) - urgent
            weights["(start)"] -= step * off * START_SHARE
            for mark in found:
                weights[mark] -= step * (off + RIDGE * weights[mark])
    return weights


def _everyday() -> list[str]:
    texts = [text for name in EVERYDAY for text in _column(name)]
    for name in REPLIES:
        for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines():
            texts += _words_in(json.loads(line))
    return texts


def _column(name: str) -> list[str]:
    with (HERE / f"{name}.tsv").open(encoding="utf-8") as table:
        return [row["text"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _words_in(part: object) -> list[str]:
    if isinstance(part, dict):
        here = [value for key, value in part.items() if key in ("body", "text") and isinstance(value, str)]
        return here + [text for value in part.values() for text in _words_in(value)]
    return [text for each in part for text in _words_in(each)] if isinstance(part, list) else []


def main() -> None:
    """Write the table: every mark whose weight may change a decision, in the order of the alphabet."""
    rows = [f"{mark}\t{weight:.2f}" for mark, weight in learned_from().items() if abs(weight) >= LEAST]
    TABLE.write_text("\n".join(["mark\tweight", *rows]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
