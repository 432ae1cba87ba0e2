"""Texted words written out: the same table for what worries and for what asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations import asks
from commsbridge.conversations.texted import spelling, written_out


@pytest.mark.parametrize(
    ("texted", "written"),
    [
        ("wen dus it strt?", "when does it strt?"),
        ("Cn u ring me @ 4, pls", "can you ring me @ 4, please"),
        ("nd 2 forms", "nd 2 forms"),
        ("Ngā mihi nui!", "Ngā mihi nui!"),
    ],
)
def test_a_texted_word_is_written_out_and_everything_else_stays(texted: str, written: str) -> None:
    assert written_out(texted) == written


@pytest.mark.parametrize(
    "asked", ["hw much is it agen", "wat time dus it end", "hu is pickin her up", "cn sum1 ring me", "wich day is it"]
)
def test_what_is_texted_is_owed_an_answer_like_what_is_written(asked: str) -> None:
    assert asks(asked).owed


def test_a_texted_word_is_one_word_in_small_letters() -> None:
    assert not [word for word in spelling() if word != word.lower() or len(word.split()) != 1]


@given(st.text(alphabet=" .?!0123456789,;\n", max_size=80))
def test_numbers_and_marks_are_never_touched(words: str) -> None:
    assert written_out(words) == words
