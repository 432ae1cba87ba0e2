"""The spelling check finds broken te reo Māori and lets whole sentences be."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.reo_spelling import misspellings


@pytest.mark.parametrize(
    "sentence",
    [
        "He tino pai te mahi a %(name)s i tēnei rā.",
        "Kia ora e te whānau, ka mau te wehi!",
        "Nāku noa, nā",
        "Whakahokia te kupu STOP kia mutu ai ngā karere pātuhi.",
        'Tirohia <a href="https://example.test/x">te whārangi</a>&nbsp;hou, %(url)s',
        "Rātapu, te 14 o Whiringa-ā-nuku 2026",
        "Kōrero mai ki te SENCO, ki te RTLB rānei.",
        "te tangata, ngā tāngata, te matua, ngā mātua",
        "",
    ],
)
def test_good_sentences_are_left_alone(sentence: str) -> None:
    assert misspellings(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "note"),
    [
        ("Kia ora e te whanau", "whanau: written whānau"),
        ("ngā akonga", "akonga: written ākonga"),
        ("Kaore i kitea", "Kaore: written kāore"),
        ("nga karere", "nga: written ngā"),
        ("te pōuaka mō te karēre", "karēre: written karere"),
        ("te reo Mäori", "Mäori: an umlaut or circumflex where a macron belongs"),
        ("te reo Mâori", "Mâori: an umlaut or circumflex where a macron belongs"),
        ("ngā students", "students: not open syllables of the te reo Māori alphabet"),
        ("te reo Ma\u0304ori", "not in NFC: a macron stands apart from its vowel"),
        ("te x\u0304", "not in NFC: a macron stands apart from its vowel"),
    ],
)
def test_what_is_broken_is_named(sentence: str, note: str) -> None:
    assert note in misspellings(sentence)


def test_every_term_of_the_glossary_passes_its_own_check(checkout: Path) -> None:
    path = checkout / "commsbridge/foundation/data/glossary.tsv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 233
    assert {row["te_reo"]: misspellings(row["te_reo"]) for row in rows if misspellings(row["te_reo"])} == {}


@given(st.text(max_size=80))
def test_any_text_is_checked_without_a_fault_and_decomposed_macrons_are_always_seen(text: str) -> None:
    misspellings(text)
    assert misspellings(unicodedata.normalize("NFD", f"whānau {text}"))
