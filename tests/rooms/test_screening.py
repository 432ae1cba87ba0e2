"""Screening: what a named person should read now, in English, te reo Māori and txt; measured on a labelled set."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.safety import Screened, screen

LABELLED = Path(__file__).parents[1] / "labelled"


@pytest.mark.parametrize("lang", ["en", "mi", "txt"])
@pytest.mark.parametrize("name", ["safety", "safety_second_look", "safety_third_look", "safety_fourth_look"])
def test_little_is_missed_and_look_alikes_are_left_alone(name: str, lang: str) -> None:
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE) if row["lang"] == lang]
    urgent = [screen(row["text"]).says is Screened.URGENT for row in rows if row["label"] == "urgent"]
    alike = [screen(row["text"]).says is Screened.URGENT for row in rows if row["label"] == "not"]
    assert len(urgent) >= 15
    assert len(alike) >= 10
    assert sum(urgent) >= 0.95 * len(urgent)
    assert sum(alike) <= 0.1 * len(alike)


def test_on_a_set_that_nobody_learned_from_little_is_missed_and_look_alikes_are_left_alone() -> None:
    with (LABELLED / "safety_fifth_look.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    missed = [row["id"] for row in rows if row["label"] == "urgent" and screen(row["text"]).says is not Screened.URGENT]
    stopped = [row["id"] for row in rows if row["label"] == "not" and screen(row["text"]).says is Screened.URGENT]
    assert (len(rows), len(missed) <= 5, len(stopped) <= 10) == (200, True, True), (missed, stopped)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("She is killing it today", Screened.CLEAR),
        ("KEI TE MATAKU AU KI TE HOKI KI TE KAINGA", Screened.URGENT),
        ("im scrd 2 go home", Screened.URGENT),
        ("Thanks! Also my stepdad hit him again", Screened.URGENT),
        ("Fa'afetai tele lava mo le fesoasoani", Screened.UNREAD),
        ("Malo", Screened.CLEAR),
        ("", Screened.CLEAR),
    ],
)
def test_a_message_is_clear_or_urgent_or_says_that_it_was_not_read(words: str, says: Screened) -> None:
    assert screen(words).says is says


@pytest.mark.parametrize(
    ("words", "says"),
    [
        *(
            (call, Screened.URGENT)
            for call in ("HELP NOW!!", "Please help me now", "I need help right now", "emergency")
        ),
        *((call, Screened.URGENT) for call in ("Āwhina mai ināianei", "He ohotata")),
        *((ask, Screened.CLEAR) for ask in ("Can you help now with the form?", "emergency contact has changed")),
        ("She needs help now with reading", Screened.CLEAR),
    ],
)
def test_a_whole_message_that_calls_for_help_now_is_read_now_and_one_that_asks_for_a_hand_is_not(
    words: str, says: Screened
) -> None:
    assert screen(words).says is says


@pytest.mark.parametrize(
    "texted",
    ["hes hittin me", "hes hitn me", "he punchd me", "he strngld me", "hes bashin me", "he choked me agen"],
)
def test_texted_words_are_read_by_how_they_are_texted_not_one_by_one(texted: str) -> None:
    assert screen(texted).says is Screened.URGENT


def test_a_cry_in_a_long_everyday_message_is_not_outweighed() -> None:
    everyday = "Thank you for the lovely message about his reading and the photos of the trip. " * 12
    cry = "She rang me crying from the car and her father has the knife."
    assert screen(everyday).says is Screened.CLEAR
    assert screen(everyday + cry + everyday).says is Screened.URGENT


@pytest.mark.parametrize(
    ("everyday", "urgent"),
    [
        ("I want to go home", "scared to go home today"),
        ("I miss Dad", "I'm scared of Dad"),
        ("My tummy hurts", "tummy hurts where he kicked me"),
        ("I'm scared of the dog next door", "scared of mums boyfriend"),
        ("kei te mamae taku puku", "kei te patu a pāpā i a māmā"),
    ],
)
def test_a_childs_small_words_for_an_everyday_trouble_wake_nobody(everyday: str, urgent: str) -> None:
    assert (screen(everyday).says, screen(urgent).says) == (Screened.CLEAR, Screened.URGENT)


def test_a_picture_is_not_read_and_words_beside_it_are() -> None:
    assert screen("Look at her cake!", pictures=1).says is Screened.UNREAD
    assert screen("I am scared to go home", pictures=1).says is Screened.URGENT


def test_a_pardon_takes_back_only_what_it_stands_over() -> None:
    assert screen("He hit a six at cricket.").says is Screened.CLEAR
    assert screen("He hit a six at cricket. Then his uncle hit him.").because == "his uncle hit him"


@given(st.text(max_size=300))
def test_any_text_is_read_without_trouble(words: str) -> None:
    found = screen(words)
    assert bool(found.because) is (found.says is Screened.URGENT)
