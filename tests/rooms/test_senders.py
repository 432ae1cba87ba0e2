"""Senders, the ways back to a school, and who was seen: the rest of the lobby."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from commsbridge.foundation.actors import Actor
from commsbridge.foundation.database import Database
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.schools import (
    SenderKind,
    add_sender,
    behind_door,
    count_refused_hook,
    give_sender,
    note_look,
    note_numbers,
    open_door,
    refused_hooks,
    school_numbered,
    school_of_sender,
    schools_by_id,
    schools_of_numbers,
    schools_of_sender,
    sender_at,
    sender_for_mails,
    sender_for_texts,
    senders_of,
    text_senders,
    worker_seen,
    workers_seen_since,
)
from commsbridge.schools.models import Look
from tests.conftest import Clock
from tests.rooms.acts import Acts

TUESDAY = date(2026, 11, 17)


@pytest.fixture
def school_id(acts: Acts) -> uuid.UUID:
    return acts.school()


# Senders


def test_a_school_sends_from_the_sender_given_last_and_is_found_by_all(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.work(school_id) as work:
        assert sender_for_texts(work) is None
        assert sender_for_mails(work) is None
    with acts.lobby() as lobby:
        old = add_sender(lobby, kind=SenderKind.LONG_CODE, address="021 555 9001")
        mail = add_sender(lobby, kind=SenderKind.MAIL, address="Office@Rimu.test", rate=10, burst=20)
        give_sender(lobby, school_id, old.id)
        give_sender(lobby, school_id, mail.id)
    acts.clock.forward(days=1)
    with acts.lobby() as lobby:
        new = add_sender(lobby, kind=SenderKind.STANDARD, address="3001", carrier_adds_charge_words=True)
        give_sender(lobby, school_id, new.id)
    with acts.work(school_id) as work:
        texts, mails = sender_for_texts(work), sender_for_mails(work)
        assert texts is not None
        assert (texts.address, texts.kind, texts.rate, texts.burst) == ("3001", SenderKind.STANDARD, 1.0, 10)
        assert texts.kind is SenderKind.STANDARD
        assert mails is not None
        assert mails.address == "office@rimu.test"
        assert {sender.address for sender in senders_of(work)} == {"3001", "+64215559001", "office@rimu.test"}
    acts.clock.forward(days=1)
    with acts.lobby() as lobby:
        give_sender(lobby, school_id, old.id)
        for address in ("3001", "+64215559001", "OFFICE@rimu.test"):
            assert schools_of_sender(lobby, address) == [school_id]
        assert schools_of_sender(lobby, "+64215550000") == []
    with acts.work(school_id) as work:
        texts = sender_for_texts(work)
        assert texts is not None
        assert texts.address == "+64215559001"


def test_a_sender_belongs_to_one_school_unless_it_is_shared(acts: Acts, school_id: uuid.UUID) -> None:
    other_id = acts.school("Kōwhai School")
    with acts.lobby() as lobby:
        own = add_sender(lobby, kind=SenderKind.STANDARD, address="3001")
        shared = add_sender(lobby, kind=SenderKind.ZERO_RATED, address="3002", shared=True)
        give_sender(lobby, school_id, own.id)
        give_sender(lobby, school_id, own.id)
        with pytest.raises(Conflict):
            give_sender(lobby, other_id, own.id)
        for each in (school_id, other_id):
            give_sender(lobby, each, shared.id)
        with pytest.raises(NotFound):
            give_sender(lobby, uuid.uuid4(), shared.id)
    with acts.lobby(ingest=True) as lobby:
        assert schools_of_sender(lobby, "3001") == [school_id]
        assert set(schools_of_sender(lobby, "3002")) == {school_id, other_id}
    with acts.work(other_id) as work:
        assert [sender.address for sender in senders_of(work)] == ["3002"]


def test_a_sender_that_cannot_be_is_refused(acts: Acts) -> None:
    with acts.lobby() as lobby:
        add_sender(lobby, kind=SenderKind.STANDARD, address="3001")
        with pytest.raises(Conflict):
            add_sender(lobby, kind=SenderKind.ZERO_RATED, address=" 3001 ")
        for kind, address in ((SenderKind.STANDARD, "12"), (SenderKind.MAIL, "3001"), (SenderKind.LONG_CODE, "O21 5")):
            with pytest.raises(Invalid):
                add_sender(lobby, kind=kind, address=address)
        with pytest.raises(Invalid):
            add_sender(lobby, kind=SenderKind.STANDARD, address="3003", rate=0)


# Finding the school


def test_an_answer_on_a_shared_sender_finds_the_schools_that_wrote_to_the_phone(
    acts: Acts, school_id: uuid.UUID
) -> None:
    other_id = acts.school("Kōwhai School")
    with acts.lobby() as lobby:
        own = add_sender(lobby, kind=SenderKind.STANDARD, address="3001")
        shared = add_sender(lobby, kind=SenderKind.STANDARD, address="3002", shared=True)
        mail = add_sender(lobby, kind=SenderKind.MAIL, address="office@rimu.test")
        give_sender(lobby, school_id, own.id)
        give_sender(lobby, school_id, shared.id)
        give_sender(lobby, other_id, shared.id)
        give_sender(lobby, school_id, mail.id)
        assert school_of_sender(lobby, "3001") == school_id
        assert school_of_sender(lobby, "3002") is None
        assert school_of_sender(lobby, "3003") is None
        assert set(text_senders(lobby)) == {"3001", "3002"}
    with acts.work(other_id) as work:
        note_numbers(work, {(shared.id, "+64215559001")})
        note_numbers(work, {(shared.id, "+64215559001")})
        assert sender_at(work, "3001") is None
        found = sender_at(work, "3002")
        assert found is not None
        assert found.id == shared.id
    with acts.lobby(ingest=True) as lobby:
        pairs = {(at, phone) for at in ("3001", "3002", "3003") for phone in ("+64215559001", "+64215559002")}
        asked = schools_of_numbers(lobby, pairs)
    assert asked == {
        ("3001", "+64215559001"): {school_id},
        ("3001", "+64215559002"): {school_id},
        ("3002", "+64215559001"): {other_id},
        ("3002", "+64215559002"): set(),
        ("3003", "+64215559001"): set(),
        ("3003", "+64215559002"): set(),
    }


def test_a_secret_link_opens_one_thing_of_one_school_for_one_purpose_until_its_time(
    acts: Acts, school_id: uuid.UUID
) -> None:
    subject_id = uuid.uuid4()
    with acts.work(school_id) as work:
        open_door(work, "a secret", purpose="note", subject_id=subject_id, expires_at=work.now + timedelta(days=1))
    with acts.lobby() as lobby:
        assert behind_door(lobby, "a secret", purpose="note") == (school_id, subject_id)
        assert behind_door(lobby, "a secret", purpose="reset") is None
        assert behind_door(lobby, "another", purpose="note") is None
    acts.clock.forward(days=1)
    with acts.lobby() as lobby:
        assert behind_door(lobby, "a secret", purpose="note") is None


def test_a_school_is_found_by_the_number_in_a_token(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.lobby() as lobby:
        number = schools_by_id(lobby, [school_id])[school_id].number
        found = school_numbered(lobby, number)
        assert found is not None
        assert found.id == school_id
        assert school_numbered(lobby, number + 1) is None


# Who looked, who is at work, who was turned away


def test_a_look_names_the_member_of_staff_and_the_moment(acts: Acts, school_id: uuid.UUID) -> None:
    staff, subject_id = acts.staff(school_id), uuid.uuid4()
    with acts.work(school_id, Actor.staff(staff.id)) as work:
        note_look(work, subject="parked_words", subject_id=subject_id)
    with acts.work(school_id) as work:
        note_look(work, subject="parked_words", subject_id=subject_id)
        looks = work.session.scalars(select(Look)).all()
        assert {(look.staff_id, look.subject_id, look.at) for look in looks} == {
            (staff.id, subject_id, acts.clock.now),
            (None, subject_id, acts.clock.now),
        }


def test_a_worker_is_seen_by_the_databases_clock_whatever_ours_says(committed_database: Database, clock: Clock) -> None:
    acts = Acts(committed_database, clock)
    for name in ("worker-1", "worker-2", "worker-1"):
        with acts.lobby() as lobby:
            worker_seen(lobby, name)
    clock.forward(days=400)
    with acts.lobby() as lobby:
        assert workers_seen_since(lobby, 60) == ["worker-1", "worker-2"]
        assert workers_seen_since(lobby, 0) == []
        lobby.session.execute(
            text("UPDATE workers_seen SET seen_at = now() - interval '2 min' WHERE name = 'worker-2'")
        )
        assert workers_seen_since(lobby, 60) == ["worker-1"]


def test_refused_hooks_are_counted_by_the_hour(acts: Acts) -> None:
    for hook in ("texts", "texts", "mails"):
        with acts.lobby() as lobby:
            count_refused_hook(lobby, hook)
    before = acts.clock.now
    acts.clock.forward(hours=2)
    with acts.lobby() as lobby:
        count_refused_hook(lobby, "texts")
        assert refused_hooks(lobby, before) == {"texts": 3, "mails": 1}
        assert refused_hooks(lobby, acts.clock.now) == {"texts": 1}
