"""Owed: what a message wants, in both languages and txt spelling; measured on the labelled sets."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations import Asks, asks

LABELLED = Path(__file__).parents[1] / "labelled"


@pytest.mark.parametrize(
    "name",
    [
        "questions",
        "questions_held_out",
        "questions_second_look",
        "questions_last_look",
        "questions_third_look",
        "questions_fourth_look",
        "questions_fifth_look",
        "questions_sixth_look",
    ],
)
def test_who_owes_an_answer_is_known_nine_times_in_ten(name: str) -> None:
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    pairs = [(Asks(row["label"]).owed, asks(row["text"]).owed) for row in rows]
    both = sum(expected and got for expected, got in pairs)
    assert both >= 0.9 * sum(expected for expected, _ in pairs)
    assert both >= 0.9 * sum(got for _, got in pairs)


@pytest.mark.parametrize(
    ("words", "wants"),
    [
        ("What time is the trip?", Asks.QUESTION),
        ("Thanks! When is the hui", Asks.QUESTION),
        ("How lovely", Asks.THANKS),
        ("waea mai koa", Asks.REQUEST),
        ("He is sick", Asks.INFO),
        ("", Asks.INFO),
        ("Hi Mrs Petelo is Malakai in trouble", Asks.QUESTION),
        ("If it rains do we still come", Asks.QUESTION),
        ("Whakamōhiotia mai he aha te utu", Asks.QUESTION),
        ("Tiakina ia i te rā nei", Asks.REQUEST),
        ("No need to call me back", Asks.INFO),
        ("No rush but can you call me", Asks.REQUEST),
        ("Ka waea atu au", Asks.INFO),
        ("Did his reading in the car", Asks.INFO),
        ("How far she has come", Asks.INFO),
        ("Never mind, found it", Asks.INFO),
    ],
)
def test_a_message_wants_one_thing_above_all(words: str, wants: Asks) -> None:
    assert asks(words) is wants


@given(st.text())
def test_whatever_is_typed_wants_something_or_nothing(words: str) -> None:
    assert asks(words) in set(Asks)


@pytest.mark.parametrize(
    ("words", "owed"),
    [
        ("We never received his report", True),
        ("I think you've charged us twice for camp", True),
        ("He wore the tie. All day. To the supermarket. Who is this child?", False),
        ("Automatic reply: I'm on annual leave until Monday 22 July. If urgent, please call the main desk.", False),
        ("Would she get in the pool? No way. But she put her feet in", False),
        ("Great photo! Which beach is that", True),
        ("Why am I not surprised, he has been telling everybody", False),
        ("Give that boy a medal haha", False),
        ("Give that boy a plaster please, his heel is rubbed raw", True),
        ("When did she get so grown up eh", False),
        ("Thanks for getting back to me so fast about the togs", False),
        ("Nobody rang me back about the broken window", True),
    ],
)
def test_a_need_told_as_a_fact_is_owed_an_answer_and_a_question_nobody_should_answer_is_not(
    words: str, *, owed: bool
) -> None:
    assert asks(words).owed is owed
