"""Safety in a flood: much that worries from one phone calls nobody without end, and nothing of it is lost or late."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from sqlalchemy import func, select

from commsbridge.conversations import Reply, ReplyState, safety
from commsbridge.conversations.safety import SafetyAlert
from commsbridge.conversations.safety.alerts import MOST_CALLS
from commsbridge.messages import Delivery
from commsbridge.worker.safety import tell_named_people
from tests.doors.moments import screened
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

HINE, NGAIRE = "+64215550104", "+64215550101"
WORRIES = "Hemi is scared to go home, his uncle hit him."
THREAT = "I know where you live and I will smash you, number {}"
MANY = 12


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    screened(posting.story, minutes=15)
    return Mailroom(posting)


def told(posting: Posting) -> Counter[str]:
    """How many mails went to each of those who are named."""
    tell_named_people(posting.story.runtime)
    names = {staff.id: key for key, staff in posting.story.staff.items()}
    with posting.story.work() as work:
        rows = work.session.scalars(select(Delivery.staff_id).where(Delivery.staff_id.is_not(None)))
        return Counter(names[each] for each in rows if each)


def flood(mailroom: Mailroom, posting: Posting, number: int) -> list[Reply]:
    """One text that threatens after the other, and a worker that looks after each."""
    came = []
    for each in range(number):
        came.append(mailroom.text(THREAT.format(each), HINE))
        tell_named_people(posting.story.runtime)
    return came


def test_a_flood_of_threats_is_kept_whole_and_calls_the_first_person_only_so_often(
    mailroom: Mailroom, posting: Posting
) -> None:
    came = flood(mailroom, posting, MANY)
    assert {reply.state for reply in came} == {ReplyState.SAFETY}
    with posting.story.work() as work:
        assert work.session.scalar(select(func.count()).select_from(SafetyAlert)) == MANY
    assert told(posting) == {"kiri": MOST_CALLS}


def test_nobody_opens_it_and_it_goes_further_up_once_for_all_of_it(mailroom: Mailroom, posting: Posting) -> None:
    flood(mailroom, posting, MANY)
    posting.clock.forward(minutes=15)
    assert told(posting) == {"kiri": MOST_CALLS, "burns": 1}
    posting.clock.forward(minutes=15)
    assert told(posting) == {"kiri": MOST_CALLS, "burns": 2}
    with posting.story.work() as work:
        assert {alert.told for alert in safety.unopened(work)} == {3}


def test_what_comes_on_top_waits_no_longer_than_the_minutes_the_school_set(
    mailroom: Mailroom, posting: Posting
) -> None:
    flood(mailroom, posting, MANY)
    for _ in range(3):
        posting.clock.forward(minutes=15)
        told(posting)
    before = told(posting)
    mailroom.text(WORRIES, HINE)
    mailroom.text(THREAT.format("again"), HINE)
    assert told(posting) == before
    posting.clock.forward(minutes=15)
    after = told(posting)
    assert (after["kiri"] - before["kiri"], after["burns"] - before["burns"]) == (1, 1)


def test_another_phone_is_told_of_at_once_whatever_comes_from_the_first(mailroom: Mailroom, posting: Posting) -> None:
    flood(mailroom, posting, MANY)
    before = told(posting)["kiri"]
    mailroom.text("my stepdad hit me", NGAIRE)
    assert told(posting)["kiri"] == before + 1


def test_once_it_was_opened_the_next_is_told_of_at_once(mailroom: Mailroom, posting: Posting) -> None:
    flood(mailroom, posting, MANY)
    with posting.story.work("kiri") as work:
        for alert in safety.unopened(work):
            safety.open_alert(work, alert.id)
    before = told(posting)["kiri"]
    mailroom.text(WORRIES, HINE)
    assert told(posting)["kiri"] == before + 1


def test_what_is_due_at_once_from_two_homes_is_one_mail(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    mailroom.text("my stepdad hit me", NGAIRE)
    assert told(posting) == {"kiri": 1}


def test_what_else_came_from_there_is_told_apart_from_other_phones(mailroom: Mailroom, posting: Posting) -> None:
    first, second = flood(mailroom, posting, 2)
    other = mailroom.text("my stepdad hit me", NGAIRE)
    with posting.story.work() as work:
        by_reply: dict[uuid.UUID | None, SafetyAlert] = {each.reply_id: each for each in safety.unopened(work)}
        assert [each.id for each in safety.undecided_from(work, by_reply[first.id])] == [by_reply[second.id].id]
        assert safety.undecided_from(work, by_reply[other.id]) == []
        assert set(safety.came_from(work, list(by_reply.values())).values()) == {HINE, NGAIRE}
