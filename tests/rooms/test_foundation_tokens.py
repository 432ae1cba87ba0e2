"""A token opens one door for one subject, and nobody without the key can make one."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commsbridge.foundation.tokens import TOKEN_LETTERS, digest, new_secret, read, sign

SUBJECT = uuid.UUID("0197b7a8-0000-7000-8000-00000000a0a0")
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NUMBERS = st.integers(0, 2**32 - 1)


def test_a_token_is_always_the_same_for_the_same_subject() -> None:
    token = sign("reply", 7, SUBJECT, KEY)
    assert token == "aaaaabybs632qaaaoaaiaaaaaaaabifaxmiosdb2vv4ppijl"
    assert read("reply", token, [KEY]) == (7, SUBJECT)


@given(NUMBERS, st.uuids(), st.binary(min_size=1), st.sampled_from(["reply", "status", "unsubscribe"]))
def test_every_subject_comes_back_from_its_token(number: int, subject: uuid.UUID, key: bytes, purpose: str) -> None:
    token = sign(purpose, number, subject, key)
    assert read(purpose, token, [key]) == (number, subject)
    assert len(token) == TOKEN_LETTERS
    assert token.isascii()
    assert token.isalnum()
    assert token == token.lower()


def test_a_token_fits_the_local_part_of_a_mail_address() -> None:
    assert len("reply+" + sign("reply", 2**32 - 1, SUBJECT, KEY)) <= 64


def test_case_does_not_matter_since_mail_systems_change_it() -> None:
    token = sign("reply", 7, SUBJECT, KEY)
    assert read("reply", token.upper(), [KEY]) == read("reply", token.title(), [KEY]) == (7, SUBJECT)


def test_a_token_of_one_purpose_is_worth_nothing_for_another() -> None:
    assert read("status", sign("reply", 7, SUBJECT, KEY), [KEY]) is None


def test_an_old_key_still_opens_while_keys_rotate_and_not_afterwards() -> None:
    token = sign("reply", 7, SUBJECT, KEY)
    assert read("reply", token, [OTHER_KEY, KEY]) == (7, SUBJECT)
    assert read("reply", token, [OTHER_KEY]) is None
    assert read("reply", token, []) is None


@given(st.integers(0, TOKEN_LETTERS - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_letter_changed_opens_nothing(place: int, letter: str) -> None:
    token = sign("reply", 7, SUBJECT, KEY)
    assume(token[place] != letter)
    assert read("reply", token[:place] + letter + token[place + 1 :], [KEY]) is None


@given(st.text(max_size=60) | st.text(min_size=TOKEN_LETTERS, max_size=TOKEN_LETTERS))
def test_anything_else_opens_nothing(token: str) -> None:
    assert read("reply", token, [KEY]) is None


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_school_number_outside_four_bytes_is_a_fault(number: int) -> None:
    with pytest.raises(OverflowError):
        sign("reply", number, SUBJECT, KEY)


def test_secrets_are_fresh_fit_a_link_and_are_kept_as_digests() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) == 22 for secret in secrets)
    assert all(len(digest(secret)) == 32 for secret in secrets)
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
