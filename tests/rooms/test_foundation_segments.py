"""The length of a text is what the carrier will count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.segments import GSM_BASIC, GSM_EXTENSION, Segments, count, tidy

PRINTED = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm7", 0, 0, 0)),
        ("a", Segments("gsm7", 1, 1, 160)),
        ("a" * 160, Segments("gsm7", 160, 1, 160)),
        ("a" * 161, Segments("gsm7", 161, 2, 306)),
        ("a" * 306, Segments("gsm7", 306, 2, 306)),
        ("a" * 307, Segments("gsm7", 307, 3, 459)),
        ("€" * 80, Segments("gsm7", 160, 1, 160)),
        ("€" * 81, Segments("gsm7", 162, 2, 306)),
        ("ā", Segments("ucs2", 1, 1, 70)),
        ("ā" * 70, Segments("ucs2", 70, 1, 70)),
        ("ā" * 71, Segments("ucs2", 71, 2, 134)),
        ("ā" * 134, Segments("ucs2", 134, 2, 134)),
        ("ā" * 135, Segments("ucs2", 135, 3, 201)),
        ("🎉" * 35, Segments("ucs2", 70, 1, 70)),
        ("🎉" * 36, Segments("ucs2", 72, 2, 134)),
    ],
)
def test_lengths_at_the_edges_of_a_segment(text: str, expected: Segments) -> None:
    assert count(text) == expected


def test_one_macron_turns_a_whole_text_into_ucs2() -> None:
    english = "Good news from school: " + "a" * 100
    assert count(english).segments == 1
    assert count(english + "ā") == Segments("ucs2", 124, 2, 134)


def test_an_emoji_that_does_not_fit_moves_whole_into_the_next_segment() -> None:
    # 66 + 2 would cross 67: each segment but the last loses one unit, so 134 units need a third.
    text = "ā" * 66 + "🎉" + "ā" * 66
    assert count(text) == Segments("ucs2", 134, 3, 201)


def test_a_euro_sign_that_does_not_fit_moves_whole_into_the_next_segment() -> None:
    text = "a" * 152 + "€" + "a" * 152
    assert count(text) == Segments("gsm7", 306, 3, 459)


@pytest.mark.parametrize("sign", ["\u2019", "\u2013", "\u2026", "\u00a0", "\u202f", "\u0101", "\u0304", "ç"])
def test_signs_outside_the_alphabet_are_ucs2(sign: str) -> None:
    assert count("a" + sign).encoding == "ucs2"


def test_the_alphabet_has_the_127_and_10_characters_of_the_standard() -> None:
    # 128 places less ESC; nine printed signs and the form feed in the extension table.
    assert (len(GSM_BASIC), len(GSM_EXTENSION)) == (127, 10)
    assert GSM_BASIC.isdisjoint(GSM_EXTENSION)


@given(PRINTED)
def test_units_are_utf16_code_units_whenever_a_text_is_ucs2(text: str) -> None:
    counted = count(text)
    if counted.encoding == "ucs2":
        assert counted.units == len(text.encode("utf-16-le")) // 2
    else:
        assert counted.units == len(text) + sum(text.count(sign) for sign in GSM_EXTENSION)


@given(PRINTED)
def test_a_text_always_fits_in_its_room_and_wastes_at_most_one_unit_a_segment(text: str) -> None:
    counted = count(text)
    assert counted.units <= counted.room
    if counted.segments > 1:
        joined = counted.room // counted.segments
        assert counted.units > (counted.segments - 1) * (joined - 1)


@given(PRINTED, PRINTED)
def test_a_longer_text_never_needs_fewer_segments(text: str, more: str) -> None:
    assert count(text + more).segments >= count(text).segments


def test_tidy_makes_plain_spaces_and_line_ends_and_drops_what_cannot_be_printed() -> None:
    assert tidy("  Kia\u00a0ora\u202fe\thoa\r\nka\rpai\u2028\x00\x07pai\ud800 \n") == "Kia ora e hoa\nka\npai\npai"


def test_tidy_drops_each_control_character_and_lone_surrogate_there_is() -> None:
    unprintable = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in {"Cc", "Cs"}]
    kept = {"\n", "\t", "\r", "\v", "\f", "\x85"}  # these become a space or a line's end
    assert tidy("|".join(c for c in unprintable if c not in kept)) == "|" * (len(unprintable) - len(kept) - 1)


def test_tidy_joins_macrons_to_their_vowels_and_keeps_them() -> None:
    assert tidy("Ma\u0304ori Wha\x00\u0304nau") == "Māori Whānau"


def test_tidy_keeps_emoji_families_and_right_to_left_text() -> None:
    assert tidy("👩‍👧 שלום\u200f ٣") == "👩‍👧 שלום\u200f ٣"


@given(st.text(max_size=200))
def test_tidy_text_is_nfc_storable_and_stays_as_it_is(text: str) -> None:
    clean = tidy(text)
    assert tidy(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert "\0" not in clean
    assert clean.encode("utf-8").decode("utf-8") == clean
