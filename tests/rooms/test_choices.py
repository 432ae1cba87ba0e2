"""Choices: which child a short answer means, however it is counted."""

from __future__ import annotations

import uuid

import pytest

from commsbridge.conversations.choices import read_choice

TAM, ARITA, KOWHAI = (uuid.UUID(int=number) for number in (1, 2, 3))
NAMES = {TAM: ["Tamatea Ruwhiu", "Tam"], ARITA: ["Ārita Ruwhiu"], KOWHAI: ["Kōwhai Ruwhiu"]}


@pytest.mark.parametrize(
    ("words", "children"),
    [
        ("2", (ARITA,)),
        ("second one", (ARITA,)),
        ("the 2nd one pls", (ARITA,)),
        ("the last one", (KOWHAI,)),
        ("number one", (TAM,)),
        ("one", (TAM,)),
        ("one and two", (TAM, ARITA)),
        ("2 and 3", (ARITA, KOWHAI)),
        ("4", (TAM, ARITA, KOWHAI)),
        ("kowhai sorry", (KOWHAI,)),
        ("tuarua", (ARITA,)),
    ],
)
def test_an_answer_is_counted_as_people_count(words: str, children: tuple[uuid.UUID, ...]) -> None:
    choice = read_choice(words, NAMES, order=[TAM, ARITA, KOWHAI])
    assert choice is not None
    assert choice.children == children


@pytest.mark.parametrize("words", ["5", "1 pm is good for us", "thank you"])
def test_what_is_no_choice_is_a_message_like_any_other(words: str) -> None:
    assert read_choice(words, NAMES, order=[TAM, ARITA, KOWHAI]) is None
