"""Passwords: what is taken as one, how it is kept, and the links that set it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.errors import Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import Language
from commsbridge.schools import (
    Opened,
    ResetLink,
    TooManyTries,
    ask_reset,
    invite,
    reset_stands,
    resume,
    set_language,
    set_password,
    use_reset,
)
from commsbridge.schools.passwords import LONGEST, check_new_password
from tests.rooms.acts import Acts
from tests.rooms.signing_in import (
    AT_SCHOOL,
    ELSEWHERE,
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    found,
    keep,
    opened,
    school_of_mere,
    stands,
    tried,
)


@pytest.fixture
def school_id(acts: Acts) -> uuid.UUID:
    return school_of_mere(acts)


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "short pass",
        "Tūī ki te rākau",
        "correct horse tūī staple",
        "918273645546372819",
        "x" * 9 + "yzabc fence",
        "ngā mihi o te ata",
    ],
)
def test_a_long_enough_password_of_any_signs_is_taken(password: str) -> None:
    check_new_password(password, EMAIL)


@pytest.mark.parametrize("password", ["", "nine lett", "ū" * 9, "\U0001f600" * 9, "x" * (LONGEST + 1)])
def test_a_password_too_short_or_too_long_is_refused_with_the_number_of_letters(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_new_password(password, EMAIL)
    assert refusal.value.field == "password"
    assert refusal.value.slots["letters"] in {10, LONGEST}


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "Password123!",
        "p@ssw0rd2026",
        "passwordpassword",
        "Kia ora 2026!",
        "kiaorakiaora",
        "Aotearoa2026",
        "Summer2026!!",
        "commsbridge",
        "CommsBridge1",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "poiuytrewq",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "1212121212",
        "1q2w3e4r5t",
        EMAIL,
        "Mere.Walsh@rimu.test",
        "mere.walsh",
        "mere.walsh2026",
    ],
)
def test_a_password_among_the_first_to_be_tried_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_new_password(password, EMAIL)
    assert "first that others would try" in str(refusal.value)


@given(st.text(max_size=400))
def test_any_text_is_either_taken_or_refused_for_the_field(password: str) -> None:
    field: str | None = "password"
    try:
        check_new_password(password, EMAIL)
    except Invalid as refusal:
        field = refusal.field
    assert field == "password"


def test_a_refused_password_leaves_the_old_one(acts: Acts, school_id: uuid.UUID) -> None:
    with pytest.raises(Invalid):
        keep(acts, "password12")
    assert isinstance(tried(acts), Opened)


def test_a_new_password_ends_every_sign_in_but_ones_own(acts: Acts, school_id: uuid.UUID) -> None:
    mine, stolen = opened(acts).secret, opened(acts).secret
    with acts.lobby() as lobby:
        set_password(lobby, found(lobby).id, password=NEW_PASSWORD, but=mine)
    assert [stands(acts, secret) for secret in (mine, stolen)] == [True, False]
    assert isinstance(tried(acts), NotAllowed)
    assert isinstance(tried(acts, NEW_PASSWORD), Opened)


def test_a_password_kept_with_older_parameters_is_kept_anew_at_the_next_sign_in(
    acts: Acts, school_id: uuid.UUID
) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with acts.lobby() as lobby:
        found(lobby).password_hash = older
    assert isinstance(tried(acts, "wrong"), NotAllowed)
    with acts.lobby() as lobby:
        assert found(lobby).password_hash == older
    opened(acts)
    with acts.lobby() as lobby:
        assert "m=19456,t=2,p=1" in str(found(lobby).password_hash)
    opened(acts)


# Links that set a password


def link_for(acts: Acts, email: str = EMAIL) -> ResetLink:
    with acts.lobby() as lobby:
        link = ask_reset(lobby, email, from_address=AT_SCHOOL)
    assert link is not None
    return link


def used(acts: Acts, secret: str, password: str = NEW_PASSWORD) -> None:
    with acts.lobby() as lobby:
        use_reset(lobby, secret, password=password)


def test_a_reset_link_sets_the_password_once_and_signs_out_everywhere(acts: Acts, school_id: uuid.UUID) -> None:
    phone = opened(acts).secret
    link = link_for(acts)
    assert link.email == EMAIL
    assert link.secret not in repr(link)
    with acts.lobby() as lobby:
        assert reset_stands(lobby, link.secret)
        assert reset_stands(lobby, link.secret)
    used(acts, link.secret)
    assert not stands(acts, phone)
    assert isinstance(tried(acts), NotAllowed)
    assert isinstance(tried(acts, NEW_PASSWORD), Opened)
    with pytest.raises(NotFound):
        used(acts, link.secret, "another good one")
    with acts.lobby() as lobby:
        assert not reset_stands(lobby, link.secret)


def test_setting_a_password_ends_every_other_link_of_the_account(acts: Acts, school_id: uuid.UUID) -> None:
    first, second = link_for(acts), link_for(acts)
    used(acts, second.secret)
    with pytest.raises(NotFound):
        used(acts, first.secret)


def test_a_reset_link_ends_after_an_hour(acts: Acts, school_id: uuid.UUID) -> None:
    link = link_for(acts)
    acts.clock.forward(minutes=59)
    with acts.lobby() as lobby:
        assert reset_stands(lobby, link.secret)
    acts.clock.forward(minutes=1)
    with pytest.raises(NotFound):
        used(acts, link.secret)


def test_a_password_refused_does_not_use_the_link_up(acts: Acts, school_id: uuid.UUID) -> None:
    link = link_for(acts)
    with pytest.raises(Invalid):
        used(acts, link.secret, "password12")
    used(acts, link.secret)


def test_a_signed_in_secret_is_no_reset_link(acts: Acts, school_id: uuid.UUID) -> None:
    with pytest.raises(NotFound):
        used(acts, opened(acts).secret)
    assert not stands(acts, link_for(acts).secret)


def test_asking_for_a_link_is_slowed_down_alike_whether_or_not_there_is_an_account(
    acts: Acts, school_id: uuid.UUID
) -> None:
    for email in (EMAIL, "nobody@rimu.test"):
        for _ in range(3):
            with acts.lobby() as lobby:
                assert (ask_reset(lobby, email, from_address=AT_SCHOOL) is None) == (email != EMAIL)
        with pytest.raises(TooManyTries), acts.lobby() as lobby:
            ask_reset(lobby, email, from_address=ELSEWHERE)
    acts.clock.forward(hours=1)
    link_for(acts)


def test_asking_for_links_from_one_place_is_slowed_down(acts: Acts, school_id: uuid.UUID) -> None:
    for number in range(20):
        with acts.lobby() as lobby:
            ask_reset(lobby, f"teacher{number}@rimu.test", from_address=AT_SCHOOL)
    with pytest.raises(TooManyTries), acts.lobby() as lobby:
        ask_reset(lobby, EMAIL, from_address=AT_SCHOOL)
    with acts.lobby() as lobby:
        assert ask_reset(lobby, EMAIL, from_address=ELSEWHERE) is not None


def test_a_reset_opens_the_door_that_wrong_tries_had_shut(acts: Acts, school_id: uuid.UUID) -> None:
    for _ in range(5):
        tried(acts, "wrong")
    used(acts, link_for(acts).secret)
    assert isinstance(tried(acts, NEW_PASSWORD), Opened)


def test_an_invitation_sets_a_first_password_within_a_week_and_never_a_second(acts: Acts, school_id: uuid.UUID) -> None:
    staff = acts.staff(school_id, "new@rimu.test", name="New Here")
    with acts.lobby() as lobby:
        link = invite(lobby, staff.account_id)
        assert link is not None
        assert link.expires_at == lobby.now + timedelta(days=7)
    acts.clock.forward(days=6)
    used(acts, link.secret)
    assert isinstance(tried(acts, NEW_PASSWORD, email="new@rimu.test"), Opened)
    with acts.lobby() as lobby:
        assert invite(lobby, staff.account_id) is None


# Language


def test_a_persons_language_is_kept_with_their_account(acts: Acts, school_id: uuid.UUID) -> None:
    outcome = opened(acts)
    with acts.lobby() as lobby:
        set_language(lobby, outcome.account_id, Language.MI)
    with acts.lobby() as lobby:
        signed_in = resume(lobby, outcome.secret)
        assert signed_in is not None
        assert signed_in.language is Language.MI
    assert link_for(acts).language is Language.MI
