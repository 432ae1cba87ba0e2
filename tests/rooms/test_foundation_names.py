"""Names are compared and searched without minding how they were typed."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.names import fold, name_key, repair, search_fold, sort_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wī", "wi"),
        ("WHĀNAU", "whanau"),
        ("Wha\u0304nau", "whānau"),
        ("O\u2019Brien", "o'brien"),
        ("O\u02bbBrien", "O`Brien"),
        ("Te  Rina\u00a0Ngata ", "te rina ngata"),
        ("Hoani\u2011Rāwiri", "hoani-rawiri"),
        ("Zoë Ó Súilleabháin", "zoe o suilleabhain"),
        ("Ｈｉｎｅ", "hine"),
        ("Strauß", "STRAUSS"),
        ("Hi\u200bne", "hine"),
    ],
)
def test_the_same_name_typed_differently_folds_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Whaanau", "whānau"), ("Wii", "wī"), ("Maaori", "Māori"), ("Aaliyah", "āliyah")]
)
def test_double_vowels_meet_macrons_in_a_search_only(one: str, other: str) -> None:
    assert search_fold(one) == search_fold(other)
    assert fold(one) != fold(other)


def test_marks_that_carry_vowels_in_other_scripts_are_kept() -> None:
    assert fold("कि") != fold("क")
    assert fold("सीता") == "सीता"


@pytest.mark.parametrize("written", ["Rua Kereama", "KEREAMA, Rua", "kereama  rua", "Rua, Kereama", "Kēreama Rua"])
def test_a_name_is_the_same_in_any_order(written: str) -> None:
    assert name_key(written) == "kereama rua"


def test_two_names_with_other_words_are_two_names() -> None:
    assert name_key("Te Rina Ngata") != name_key("Terina Ngata")


def test_lists_are_in_order_without_minding_macrons_and_always_the_same() -> None:
    names = ["Wiremu", "Ānaru", "Anaru", "ana", "Āwhina", "Apirana", "Zane", "Hēmi", "Hemi"]
    shuffled = Random(7).sample(names, len(names))
    expected = ["ana", "Anaru", "Ānaru", "Apirana", "Āwhina", "Hemi", "Hēmi", "Wiremu", "Zane"]
    assert sorted(shuffled, key=sort_key) == expected


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert search_fold(search_fold(text)) == search_fold(text)
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(max_size=60))
def test_composition_makes_no_difference(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {fold(text)}


@given(st.text("āēīōūĀĒĪŌŪaeiouhkmnprtwg ", max_size=40))
def test_reo_words_fold_to_plain_small_letters(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text).upper() == fold(text.upper()).upper()


@pytest.mark.parametrize(
    "raw",
    ["Wī Kereama".encode(), b"\xef\xbb\xbf" + "Wī Kereama".encode(), "Wi\u0304 Kereama".encode()],
)
def test_utf8_files_are_read_with_their_macrons_joined(raw: bytes) -> None:
    assert repair(raw) == "Wī Kereama"


def test_a_windows_file_is_read_as_windows_wrote_it() -> None:
    assert repair("Zoë O\u2019Brien – €5".encode("cp1252")) == "Zoë O\u2019Brien – €5"


@pytest.mark.parametrize("raw", ["Wī".encode("utf-16"), "Wi".encode("utf-16-be"), b"PK\x03\x04\0\0", b"\x81\x8d"])
def test_a_file_that_is_no_text_is_refused_with_what_to_do(raw: bytes) -> None:
    with pytest.raises(Invalid, match="CSV UTF-8"):
        repair(raw)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_every_utf8_text_comes_back(text: str) -> None:
    assert repair(text.encode()) == unicodedata.normalize("NFC", text)
