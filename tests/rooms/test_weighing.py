"""Weighing: the shipped weights are those of the sets as they stand, and say what they were learned from."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from bench.weighing import questions, safety
from bench.weighing.fitting import fitted
from commsbridge.conversations.weighing import Weights, read_weights, written

SEEN = [
    ({"hits": 1.0, "me": 1.0}, True),
    ({"hits": 1.0, "him": 1.0}, True),
    ({"hits": 1.0, "six": 1.0, "ball": 1.0}, False),
    ({"thanks": 1.0, "ball": 1.0}, False),
    ({"thanks": 1.0}, False),
]


@pytest.mark.parametrize("judgement", [safety, questions], ids=["safety", "questions"])
def test_a_set_that_was_changed_is_learned_from_anew_before_it_is_shipped(judgement: ModuleType) -> None:
    head = judgement.TABLE.read_text("utf-8").splitlines()[: len(judgement.head())]
    assert head == [f"# {line}" for line in judgement.head()], "run make weights"


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("judgement", [safety, questions], ids=["safety", "questions"])
def test_learning_anew_writes_the_same_table_letter_for_letter(judgement: ModuleType) -> None:
    assert judgement.table() == judgement.TABLE.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.long
def test_a_set_left_out_is_judged_by_what_the_others_taught() -> None:
    weights = safety.learned(without="safety_second_look")
    judged = [(safety.told(weights, text, rules=False), urgent) for text, urgent in safety.of("safety_second_look")]
    urgent = [told for told, label in judged if label]
    alike = [told for told, label in judged if not label]
    assert sum(urgent) >= 0.95 * len(urgent)
    assert sum(alike) <= 0.1 * len(alike)


def test_marks_that_tell_apart_weigh_by_it_and_twice_learned_is_the_same(tmp_path: Path) -> None:
    weights = fitted(SEEN, met=1, least=0.0)
    assert weights.log_odds(SEEN[0][0]) > weights.log_odds(SEEN[2][0]) > weights.log_odds(SEEN[4][0])
    assert written(weights, head=[]) == written(fitted(SEEN, met=1, least=0.0), head=[])
    table = tmp_path / "weights.tsv"
    table.write_text(written(weights, head=["of a test"]), "utf-8")
    assert read_weights(table) == weights


def test_a_text_said_ten_times_over_weighs_no_more_than_once() -> None:
    weights = Weights(-1.0, {"a": 1.0, "b": 1.0})
    assert weights.log_odds({"a": 3.0, "b": 3.0}) == pytest.approx(weights.log_odds({"a": 30.0, "b": 30.0}))
    assert weights.log_odds({}) == -1.0
    assert weights.log_odds({"never met": 1.0}) == -1.0
