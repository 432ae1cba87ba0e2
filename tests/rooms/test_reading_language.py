"""Which language somebody wrote in: te reo with and without macrons, English with loan words, both, and others."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.reading_language import WrittenIn, language_written

LABELLED = Path(__file__).parents[1] / "labelled" / "language.tsv"
COUNTS_AS = {"en": "en", "en_loan": "en", "mi": "mi", "mi_nomac": "mi", "mix": "mix"}


def labelled() -> list[tuple[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["text"], COUNTS_AS.get(row["label"], "other")) for row in rows]


@pytest.mark.parametrize("language", ["en", "mi", "mix", "other"])
def test_at_least_95_in_100_labelled_messages_are_marked_rightly_in_each_language(language: str) -> None:
    texts = [text for text, label in labelled() if label == language]
    wrong = [text for text in texts if language_written(text) != language]
    assert len(texts) >= 20
    assert len(wrong) <= 0.05 * len(texts), wrong


@pytest.mark.parametrize("text", ["āe", "Ae", "KAO", "KĀTI", "kati", "Ka pai", "Kia ora", "teenaa koe", "Ngā mihi"])
def test_short_answers_in_te_reo_are_te_reo(text: str) -> None:
    assert language_written(text) is WrittenIn.TE_REO


@pytest.mark.parametrize("text", ["ok", "STOP", "No", "yes", "to take", "Me too", "Great mahi", "kai at school"])
def test_short_answers_in_english_and_words_of_either_language_are_english(text: str) -> None:
    assert language_written(text) is WrittenIn.ENGLISH


@pytest.mark.parametrize("text", ["", "👍👍", "12:30", "?!", "https://example.test/te/reo"])
def test_what_holds_no_words_is_no_language_of_ours(text: str) -> None:
    assert language_written(text) is WrittenIn.OTHER


def test_a_name_says_nothing_about_the_language() -> None:
    assert language_written("Hemi Tamihana Te Rangi is sick") is WrittenIn.ENGLISH
    assert language_written("Kei te māuiui a Isabella Walsh") is WrittenIn.TE_REO


def test_decomposed_macrons_read_as_whole_ones() -> None:
    for text, _ in labelled():
        assert language_written(unicodedata.normalize("NFD", text)) is language_written(text), text


@given(st.text(max_size=300))
def test_any_text_is_marked_as_one_of_four(text: str) -> None:
    assert language_written(text) in set(WrittenIn)


@given(st.sampled_from([text for text, _ in labelled()]), st.integers(min_value=1, max_value=3))
def test_spaces_around_and_between_change_nothing(text: str, spaces: int) -> None:
    assert language_written(f" {text.replace(' ', ' ' * spaces)}\n") is language_written(text)
