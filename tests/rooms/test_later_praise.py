"""Praise that goes later: its moment, what is refused, what may change meanwhile, and that it goes once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.school_time import calendar_for, national_terms
from commsbridge.messages import Draft, LaterPraise, LaterState, MessageKind, State, Why
from commsbridge.students import BarKind
from commsbridge.whanau import Channel, MayMessage
from tests.rooms.posting import Posting

# The clock says Tuesday 17 November 2026, 3 pm; this is Thursday, 3:30 pm in Auckland.
THURSDAY = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


def keep(
    posting: Posting,
    child: str = "aroha",
    *,
    by: str = "walsh",
    words: str = "Ka pai!",
    at: datetime = THURSDAY,
    once_key: str | None = None,
) -> LaterPraise:
    with posting.story.work(by) as work:
        student = posting.story.students[child]
        return messages.keep_for_later(work, student, Draft(words=words), goes_at=at, once_key=once_key)


def send_due(posting: Posting) -> int:
    """What a worker does when the moment has come."""
    with posting.story.runtime.work(posting.story.school_id, SERVICE) as work:
        return messages.send_due(work, links=posting.links)


def now(posting: Posting, later: LaterPraise) -> LaterPraise:
    with posting.story.work() as work:
        return work.session.get_one(LaterPraise, later.id)


def local(posting: Posting, day: date, at: time) -> datetime:
    with posting.story.work() as work:
        return schools.calendar_of(work).moment(day, at)


def test_it_waits_until_its_moment_and_then_goes_once_as_its_writer_wrote_it(posting: Posting) -> None:
    later = keep(posting)
    assert send_due(posting) == 0
    assert posting.all_to("ngaire") == []
    assert posting.moments("aroha") == []
    posting.clock.now = THURSDAY
    assert send_due(posting) == 1
    gone = now(posting, later)
    assert gone.state is LaterState.GONE
    assert gone.message_id is not None
    sent = posting.of(gone.message_id)
    assert set(sent) == {"ngaire", "dave"}
    assert {each.due_at for each in sent.values()} == {THURSDAY}
    assert all("Ka pai!" in each.body and "Ms Walsh" in each.body for each in sent.values())
    assert send_due(posting) == 0
    assert len(posting.all_to("dave", MessageKind.PRAISE)) == 1


def test_two_workers_who_come_at_once_send_it_once(committed: Posting) -> None:
    keep(committed)
    committed.clock.now = THURSDAY
    story = committed.story
    with story.runtime.work(story.school_id, SERVICE) as first, story.runtime.work(story.school_id, SERVICE) as second:
        assert messages.send_due(first, links=committed.links) == 1
        assert messages.send_due(second, links=committed.links) == 0
    assert len(committed.all_to("dave", MessageKind.PRAISE)) == 1


def test_the_same_form_twice_is_kept_once(posting: Posting) -> None:
    assert keep(posting, once_key="form").id == keep(posting, once_key="form").id


def test_in_quiet_hours_texts_wait_for_the_morning_and_mail_goes(posting: Posting) -> None:
    later = keep(posting, at=local(posting, date(2026, 11, 19), time(6)))
    posting.clock.now = later.goes_at
    send_due(posting)
    message_id = now(posting, later).message_id
    assert message_id is not None
    sent = posting.of(message_id)
    assert sent["ngaire"].why == Why.QUIET_HOURS
    assert sent["ngaire"].due_at == local(posting, date(2026, 11, 19), time(7, 30))
    assert sent["dave"].due_at == later.goes_at


def test_what_a_family_wished_meanwhile_counts(posting: Posting) -> None:
    later = keep(posting)
    with posting.story.work() as work:
        story = posting.story
        messages.stop_messages(
            work,
            channel=Channel.EMAIL,
            address="dave.kereama@homes.test",
            sender_id=story.mails.id,
            evidence="link",
        )
        whanau.ask_language(work, story.contacts["ngaire"], "en", by_family=True)
    posting.clock.now = THURSDAY
    send_due(posting)
    message_id = now(posting, later).message_id
    assert message_id is not None
    sent = posting.of(message_id)
    assert set(sent) == {"ngaire"}
    assert sent["ngaire"].language == "en"


def test_a_pause_holds_it_and_it_goes_when_the_pause_has_ended(posting: Posting) -> None:
    later = keep(posting)
    with posting.story.work("walsh") as work:
        messages.pause(work, student_id=posting.story.students["aroha"].id, until_on=date(2026, 11, 19))
    posting.clock.now = THURSDAY
    send_due(posting)
    message_id = now(posting, later).message_id
    assert message_id is not None
    assert {each.state for each in posting.of(message_id).values()} == {State.HELD}


def test_a_day_that_has_become_a_holiday_puts_it_off_to_the_next_school_day_at_the_same_time(posting: Posting) -> None:
    later = keep(posting)
    with posting.story.work() as work:
        schools.close_day(work, date(2026, 11, 19), why="Teacher-only day")
    posting.clock.now = THURSDAY
    send_due(posting)
    put_off = now(posting, later)
    assert put_off.state is LaterState.WAITING
    assert put_off.goes_at == local(posting, date(2026, 11, 20), time(15, 30))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 17, 2, 0, tzinfo=UTC), "has passed"),
        (datetime(2026, 11, 21, 2, 0, tzinfo=UTC), "no school"),  # a Saturday
        (datetime(2027, 2, 10, 2, 0, tzinfo=UTC), "while it is still news"),
        (datetime(2027, 1, 11, 2, 0, tzinfo=UTC), "no school|No school"),  # the summer holidays
    ],
)
def test_a_moment_that_cannot_be_is_refused(posting: Posting, at: datetime, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        keep(posting, at=at)
    assert refusal.value.field == "goes_at"


@pytest.mark.parametrize("words", ["", "ā" * (messages.LONGEST_WORDS + 1)])
def test_words_are_refused_when_they_are_written_and_not_when_they_go(posting: Posting, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(posting, words=words)
    assert refusal.value.field == "words"


def test_it_is_changed_called_off_or_sent_now_by_its_writer_alone(posting: Posting) -> None:
    later = keep(posting)
    friday = THURSDAY + timedelta(days=1)
    for verb in (messages.cancel_later, messages.own_waiting):
        with pytest.raises(NotFound), posting.story.work("matiu") as work:
            verb(work, later.id)
    with posting.story.work("walsh") as work:
        messages.change_later(work, later.id, Draft(words="Ka rawe!"), goes_at=friday)
    posting.clock.now = THURSDAY
    assert send_due(posting) == 0
    with posting.story.work("walsh") as work:
        message_id = messages.send_now(work, later.id, Draft(words="Ka rawe!"), links=posting.links).id
    assert "Ka rawe!" in posting.of(message_id)["dave"].body
    with pytest.raises(Conflict), posting.story.work("walsh") as work:
        messages.cancel_later(work, later.id)
    posting.clock.now = friday
    assert send_due(posting) == 0


def test_what_was_called_off_never_goes(posting: Posting) -> None:
    later = keep(posting)
    with posting.story.work("walsh") as work:
        messages.cancel_later(work, later.id)
        assert messages.waiting_praise(work, [posting.story.students["aroha"].id]) == []
    posting.clock.now = THURSDAY
    assert send_due(posting) == 0
    assert posting.all_to("dave") == []


def test_where_nobody_can_be_reached_any_more_it_stops_and_the_list_says_so(posting: Posting) -> None:
    later = keep(posting)
    story = posting.story
    with story.work("leota") as work:
        for who in ("ngaire", "dave"):
            messages.set_access(
                work, story.contacts[who].id, story.students["aroha"].id, may_message=MayMessage.NO, reason="An order."
            )
    posting.clock.now = THURSDAY
    send_due(posting)
    assert (now(posting, later).state, now(posting, later).why) == (LaterState.STOPPED, "nobody")
    with story.work("walsh") as work:
        assert [each.id for each in messages.waiting_praise(work, [story.students["aroha"].id])] == [later.id]


def test_a_writer_who_no_longer_sees_the_child_sends_nothing(posting: Posting) -> None:
    later, left = keep(posting), keep(posting, "hemi", by="matiu")
    story = posting.story
    with story.work("leota") as work:
        students.bar_staff(
            work, story.staff["walsh"].id, student_id=story.students["aroha"].id, kind=BarKind.RESTRICTED
        )
    with story.work("burns") as work:
        schools.leave_staff(work, story.staff["matiu"], on=date(2026, 11, 18))
    posting.clock.now = THURSDAY
    send_due(posting)
    assert [now(posting, each).why for each in (later, left)] == ["not_seen", "not_seen"]
    assert posting.all_to("dave") == []


def test_a_phrase_that_waits_is_not_offered_again(posting: Posting) -> None:
    phrase, student = posting.phrase(), posting.story.students["aroha"]
    with posting.story.work("walsh") as work:
        messages.keep_for_later(work, student, Draft(phrase.id), goes_at=THURSDAY)
        assert phrase.id not in {each.id for each in messages.offered_phrases(work, student)}


def test_the_carriers_door_sees_which_school_has_something_due_and_nothing_else(committed: Posting) -> None:
    keep(committed)
    with committed.story.runtime.carrier() as session:
        assert messages.schools_with_due_praise(session, THURSDAY - timedelta(seconds=1)) == []
        assert messages.schools_with_due_praise(session, THURSDAY) == [committed.story.school_id]
    with pytest.raises(Exception, match="permission denied"), committed.story.runtime.carrier() as session:
        session.scalars(select(LaterPraise.words)).all()


def test_an_unknown_praise_is_not_here(posting: Posting) -> None:
    with pytest.raises(NotFound), posting.story.work("walsh") as work:
        messages.own_waiting(work, uuid.uuid4())


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 9, 27), time(2, 30), datetime(2026, 9, 26, 14, 30, tzinfo=UTC)),  # skipped: 3:30 then
        (date(2026, 4, 5), time(2, 30), datetime(2026, 4, 4, 13, 30, tzinfo=UTC)),  # shown twice: the first
        (date(2026, 9, 28), time(8, 0), datetime(2026, 9, 27, 19, 0, tzinfo=UTC)),  # the Monday after, in summer time
        (date(2026, 4, 7), time(8, 0), datetime(2026, 4, 6, 20, 0, tzinfo=UTC)),
    ],
)
def test_the_clock_keeps_its_word_over_the_nights_the_clocks_change(day: date, at: time, moment: datetime) -> None:
    assert calendar_for("AUK", "Pacific/Auckland", national_terms()).moment(day, at) == moment
