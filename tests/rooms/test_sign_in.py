"""Signing in: secrets that rotate and end, several schools, proving it again, and guessing slowed down."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import timedelta
from statistics import median

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, text

from commsbridge.foundation.database import Database
from commsbridge.foundation.errors import NotAllowed, NotFound, Refusal
from commsbridge.foundation.language import Language
from commsbridge.schools import (
    Opened,
    Role,
    TooManyTries,
    ask_reset,
    choose_school,
    confirm,
    forget_ended,
    forget_ended_links,
    leave_staff,
    places_of,
    resume,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from commsbridge.schools.models import Account, Attempt, Door, SignIn
from commsbridge.schools.passwords import is_password_of
from tests.conftest import Clock
from tests.rooms.acts import Acts
from tests.rooms.signing_in import (
    AT_SCHOOL,
    ELSEWHERE,
    EMAIL,
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


# The secret of a signed-in device


def test_whoever_signed_in_is_known_again_by_the_secret(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts).secret
    with acts.lobby() as lobby:
        signed_in = resume(lobby, secret)
        assert signed_in is not None
        assert signed_in.email == EMAIL
        assert signed_in.place is not None
        assert signed_in.place.school_id == school_id
        assert signed_in.language is Language.EN


def test_a_secret_nobody_was_given_is_nobodys(acts: Acts, school_id: uuid.UUID) -> None:
    opened(acts)
    assert not stands(acts, "")
    assert not stands(acts, "x" * 22)


def test_no_secret_and_no_password_stands_in_the_database_or_in_a_repr(acts: Acts, school_id: uuid.UUID) -> None:
    outcome = opened(acts)
    secret = outcome.secret
    assert secret not in repr(outcome)
    with acts.lobby() as lobby:
        held = lobby.session.execute(text("SELECT s::text, a::text FROM sign_ins s, accounts a")).all()
        assert len(held) == 1
        assert secret not in str(held)
        assert secret.encode().hex() not in str(held)
        assert PASSWORD not in str(held)


def test_without_remembering_a_sign_in_ends_after_twelve_hours_without_use(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts).secret
    for _ in range(5):
        acts.clock.forward(hours=11, minutes=59)
        assert stands(acts, secret)
    acts.clock.forward(hours=12)
    assert not stands(acts, secret)


def test_a_remembered_sign_in_lasts_eighty_days_used_or_not(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts, remember=True).secret
    acts.clock.forward(days=79, hours=23)
    assert stands(acts, secret)
    acts.clock.forward(hours=1)
    assert not stands(acts, secret)


def test_a_sign_in_in_daily_use_ends_after_eighty_days_too(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts).secret
    for _ in range(191):
        acts.clock.forward(hours=10)
        assert stands(acts, secret)
    acts.clock.forward(hours=10)
    assert not stands(acts, secret)


def test_use_is_noted_at_most_every_five_minutes(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts).secret
    began = acts.clock.now
    seen = []
    for _ in range(4):
        acts.clock.forward(minutes=2)
        assert stands(acts, secret)
        with acts.lobby() as lobby:
            seen.append(lobby.session.scalar(select(SignIn.seen_at)))
    assert [moment - began for moment in seen if moment] == [timedelta(minutes=n) for n in (0, 0, 6, 6)]


def test_signing_in_on_a_device_ends_what_it_held_before(acts: Acts, school_id: uuid.UUID) -> None:
    first, other = opened(acts).secret, opened(acts).secret
    with acts.lobby() as lobby:
        outcome = sign_in(
            lobby, email=EMAIL, password=PASSWORD, remember=False, from_address=AT_SCHOOL, replacing=first
        )
    assert isinstance(outcome, Opened)
    assert outcome.secret != first
    assert not stands(acts, first)
    assert stands(acts, outcome.secret)
    assert stands(acts, other)


def test_signing_out_ends_one_device_and_signing_out_everywhere_all(acts: Acts, school_id: uuid.UUID) -> None:
    phone, laptop, office = (opened(acts).secret for _ in range(3))
    with acts.lobby() as lobby:
        sign_out(lobby, phone)
    assert [stands(acts, secret) for secret in (phone, laptop, office)] == [False, True, True]
    with acts.lobby() as lobby:
        sign_out_everywhere(lobby, found(lobby).id, but=laptop)
    assert [stands(acts, secret) for secret in (laptop, office)] == [True, False]
    with acts.lobby() as lobby:
        sign_out_everywhere(lobby, found(lobby).id)
    assert not stands(acts, laptop)


def test_signing_out_everywhere_leaves_others_signed_in(acts: Acts, school_id: uuid.UUID) -> None:
    acts.staff(school_id, "rua@rimu.test", name="Rua Ash")
    keep(acts, PASSWORD, "rua@rimu.test")
    mine, theirs = opened(acts).secret, opened(acts, email="rua@rimu.test").secret
    with acts.lobby() as lobby:
        sign_out_everywhere(lobby, found(lobby).id)
    assert not stands(acts, mine)
    assert stands(acts, theirs)


def test_ended_sign_ins_old_tries_and_old_links_are_removed_and_no_others(acts: Acts, school_id: uuid.UUID) -> None:
    short, long = opened(acts).secret, opened(acts, remember=True).secret
    tried(acts, "wrong")
    with acts.lobby() as lobby:
        ask_reset(lobby, EMAIL, from_address=AT_SCHOOL)
    acts.clock.forward(days=1)
    tried(acts, "wrong")
    with acts.lobby() as lobby:
        forget_ended(lobby)
        forget_ended_links(lobby)
        assert lobby.session.scalar(select(func.count()).select_from(SignIn)) == 1
        assert lobby.session.scalar(select(func.count()).select_from(Attempt)) == 2
        assert lobby.session.scalar(select(func.count()).select_from(Door)) == 0
    assert [stands(acts, secret) for secret in (short, long)] == [False, True]


# Several schools


def test_one_account_chooses_between_its_schools_and_the_old_secret_ends(acts: Acts, school_id: uuid.UUID) -> None:
    other_id = acts.school("Kōwhai School")
    there = acts.staff(other_id, EMAIL, roles=[Role.LEADER])
    outcome = opened(acts)
    assert [place.name_en for place in outcome.schools] == ["Kōwhai School", "Rimu Road School"]
    assert outcome.school_id is None
    with acts.lobby() as lobby:
        signed_in = resume(lobby, outcome.secret)
        assert signed_in is not None
        assert signed_in.place is None
        secret = choose_school(lobby, outcome.secret, other_id)
    assert not stands(acts, outcome.secret)
    with acts.lobby() as lobby:
        signed_in = resume(lobby, secret)
        assert signed_in is not None
        assert signed_in.place is not None
        assert (signed_in.place.school_id, signed_in.place.staff_id) == (other_id, there.id)


def test_a_school_that_is_not_ones_own_cannot_be_chosen(acts: Acts, school_id: uuid.UUID) -> None:
    stranger = acts.school("Kōwhai School")
    secret = opened(acts).secret
    with pytest.raises(NotFound), acts.lobby() as lobby:
        choose_school(lobby, secret, stranger)
    with pytest.raises(NotAllowed), acts.lobby() as lobby:
        choose_school(lobby, "not a secret", school_id)
    assert stands(acts, secret)


def test_a_school_one_has_left_is_no_longer_there_to_sign_in_to(acts: Acts, school_id: uuid.UUID) -> None:
    other_id = acts.school("Kōwhai School")
    there = acts.staff(other_id, EMAIL)
    outcome = opened(acts)
    with acts.lobby() as lobby:
        secret = choose_school(lobby, outcome.secret, other_id)
    with acts.work(other_id) as work:
        leave_staff(work, there, on=(acts.clock.now + timedelta(days=1)).date())
    with acts.lobby() as lobby:
        assert len(places_of(lobby, outcome.account_id)) == 2
    acts.clock.forward(hours=10)  # past midnight in Auckland, not yet in Greenwich
    with acts.lobby() as lobby:
        assert [place.school_id for place in places_of(lobby, outcome.account_id)] == [school_id]
        signed_in = resume(lobby, secret)
        assert signed_in is not None
        assert signed_in.place is None
        with pytest.raises(NotFound):
            choose_school(lobby, secret, other_id)


# Proving it again


def test_sensitive_pages_ask_again_after_fifteen_minutes_and_confirming_rotates(
    acts: Acts, school_id: uuid.UUID
) -> None:
    secret = opened(acts).secret
    acts.clock.forward(minutes=14)
    with acts.lobby() as lobby:
        signed_in = resume(lobby, secret)
        assert signed_in is not None
        assert signed_in.confirmed_lately(lobby.now)
    acts.clock.forward(minutes=1)
    with acts.lobby() as lobby:
        signed_in = resume(lobby, secret)
        assert signed_in is not None
        assert not signed_in.confirmed_lately(lobby.now)
        fresh = confirm(lobby, secret, PASSWORD)
    assert isinstance(fresh, str)
    assert not stands(acts, secret)
    with acts.lobby() as lobby:
        signed_in = resume(lobby, fresh)
        assert signed_in is not None
        assert signed_in.confirmed_lately(lobby.now)


def test_wrong_tries_at_confirming_count_with_those_at_sign_in(acts: Acts, school_id: uuid.UUID) -> None:
    secret = opened(acts).secret
    for _ in range(3):
        tried(acts, "wrong")
    for _ in range(2):
        with acts.lobby() as lobby:
            outcome = confirm(lobby, secret, "wrong")
        assert isinstance(outcome, NotAllowed)
        assert not isinstance(outcome, TooManyTries)
    with acts.lobby() as lobby:
        assert isinstance(confirm(lobby, secret, PASSWORD), TooManyTries)
    assert isinstance(tried(acts), TooManyTries)
    assert stands(acts, secret)
    with pytest.raises(NotAllowed), acts.lobby() as lobby:
        confirm(lobby, "not a secret", PASSWORD)


# Wrong passwords


def test_a_wrong_address_and_a_wrong_password_are_answered_alike(acts: Acts, school_id: uuid.UUID) -> None:
    acts.staff(school_id, "new@rimu.test", name="New Here")  # has no password yet
    refusals = [
        tried(acts, "wrong"),
        tried(acts, email="nobody@rimu.test"),
        tried(acts, email="no address"),
        tried(acts, "", email=""),
        tried(acts, email="new@rimu.test"),
    ]
    assert len({(type(refusal), str(refusal)) for refusal in refusals}) == 1
    assert isinstance(refusals[0], NotAllowed)


def test_a_wrong_address_takes_as_long_as_a_wrong_password() -> None:
    known = Account(email=EMAIL, password_hash=PasswordHasher(2, 19 * 1024, 1).hash(PASSWORD))
    took: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(9):
        for account in (known, None):
            began = time.perf_counter()
            assert not is_password_of(account, "wrong")
            took[account is None].append(time.perf_counter() - began)
    assert 0.5 < median(took[True]) / median(took[False]) < 2


def test_a_mail_address_may_be_typed_in_any_case(acts: Acts, school_id: uuid.UUID) -> None:
    assert isinstance(tried(acts, email=" Mere.WALSH@rimu.TEST "), Opened)


def test_macrons_typed_as_one_letter_or_as_two_are_the_same_password(acts: Acts, school_id: uuid.UUID) -> None:
    assert isinstance(tried(acts, "four tu\u0304i\u0304 on a fence"), Opened)
    assert isinstance(tried(acts, "four tui on a fence"), NotAllowed)


def test_the_fifth_wrong_password_costs_a_minute_and_each_further_one_twice_as_long(
    acts: Acts, school_id: uuid.UUID
) -> None:
    for _ in range(5):
        assert not isinstance(tried(acts, "wrong"), TooManyTries)
    waits = []
    for _ in range(8):
        refusal = tried(acts)
        assert isinstance(refusal, TooManyTries)
        waits.append(refusal.wait // timedelta(minutes=1))
        acts.clock.now += refusal.wait
        assert not isinstance(tried(acts, "wrong", address=ELSEWHERE), TooManyTries)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_refusal_says_how_long_to_wait(acts: Acts, school_id: uuid.UUID) -> None:
    for _ in range(5):
        tried(acts, "wrong")
    refusal = tried(acts)
    assert isinstance(refusal, TooManyTries)
    assert refusal.sentence % refusal.slots == "There were too many tries. Please wait a minute, then try again."
    acts.clock.now += refusal.wait
    tried(acts, "wrong")
    refusal = tried(acts)
    assert isinstance(refusal, TooManyTries)
    assert refusal.sentence % refusal.slots == "There were too many tries. Please wait 2 minutes, then try again."


def test_tries_while_waiting_do_not_make_the_wait_longer(acts: Acts, school_id: uuid.UUID) -> None:
    for _ in range(5):
        tried(acts, "wrong")
    for _ in range(20):
        assert isinstance(tried(acts, "wrong"), TooManyTries)
    acts.clock.forward(minutes=1)
    assert isinstance(tried(acts), Opened)


def test_the_right_password_begins_the_count_anew(acts: Acts, school_id: uuid.UUID) -> None:
    for _ in range(3):
        for _ in range(4):
            tried(acts, "wrong")
        assert isinstance(tried(acts), Opened)


def test_guessing_one_password_for_many_addresses_from_one_place_is_stopped_for_an_hour(
    acts: Acts, school_id: uuid.UUID
) -> None:
    for number in range(50):
        assert not isinstance(tried(acts, email=f"teacher{number}@rimu.test"), TooManyTries)
        acts.clock.forward(seconds=1)
    refusal = tried(acts)
    assert isinstance(refusal, TooManyTries)
    assert refusal.wait == timedelta(minutes=59, seconds=10)
    assert isinstance(tried(acts, address=ELSEWHERE), Opened)
    acts.clock.now += refusal.wait
    assert isinstance(tried(acts), Opened)


def test_one_subscribers_many_ipv6_addresses_are_one_place(acts: Acts, school_id: uuid.UUID) -> None:
    for number in range(50):
        tried(acts, email=f"teacher{number}@rimu.test", address=f"2001:db8:1:2::{number:x}")
    assert isinstance(tried(acts, address="2001:db8:1:2:ffff::1"), TooManyTries)
    assert isinstance(tried(acts, address="2001:db8:1:3::1"), Opened)


def test_many_guesses_at_once_cannot_pass_the_count_together(committed_database: Database, clock: Clock) -> None:
    acts = Acts(committed_database, clock)
    acts.staff(acts.school(), EMAIL)
    keep(acts, PASSWORD)
    outcomes: list[Opened | Refusal] = []
    together = threading.Barrier(8)

    def guess() -> None:
        together.wait()
        outcomes.append(tried(acts, "wrong"))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(outcome, TooManyTries) for outcome in outcomes) == [False] * 5 + [True] * 3
