"""What a report is compared with, what is said of the change, and where the marks of its pictures stand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge import messages, reports, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import Language
from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.messages.gateways import Arrival
from commsbridge.reports import Period, Span, Summary
from commsbridge.reports.regularity import Days, regularity
from commsbridge.reports.summary import summary
from commsbridge.web import figures
from commsbridge.whanau import Channel, MayMessage
from tests.rooms.acts import START, Acts
from tests.rooms.posting import Posting

CALENDAR = calendar_for("AUK", "Pacific/Auckland", [term for term in national_terms() if term.year == 2026])
TODAY = date(2026, 11, 17)
DAYS = st.dates(date(2026, 2, 2), date(2026, 12, 18))


def test_a_term_is_compared_with_as_many_school_days_of_the_one_before() -> None:
    this = reports.read_period(CALENDAR, TODAY, "term")
    before = reports.one_before(CALENDAR, this)
    assert before is not None
    assert before.first_on == date(2026, 7, 20)
    assert len(CALENDAR.school_days(before.first_on, before.last_on)) == len(
        CALENDAR.school_days(this.first_on, this.last_on)
    )
    last = reports.read_period(CALENDAR, TODAY, "last_term")
    assert (last.first_on, last.last_on) == (date(2026, 7, 20), date(2026, 9, 25))
    first = reports.read_period(CALENDAR, date(2026, 2, 10), "term")
    assert reports.one_before(CALENDAR, first) is None


@given(DAYS, st.integers(0, 60))
def test_two_dates_are_compared_with_as_many_days_just_before(last_on: date, length: int) -> None:
    asked = Period(Span.DATES, last_on - timedelta(days=length), last_on)
    before = reports.one_before(CALENDAR, asked)
    assert before is not None
    assert before.last_on == asked.first_on - timedelta(days=1)
    assert before.last_on - before.first_on == asked.last_on - asked.first_on


def summed(heard: int, of: int) -> Summary:
    """A summary of so many students of whom so many heard today."""
    bare = Days(SchoolCalendar("Pacific/Auckland", CALENDAR.terms, frozenset()))
    period = Period(Span.DATES, TODAY, TODAY)

    def one(*, heard: bool) -> reports.Regularity:
        days: dict[str, Any] = {"days": (TODAY,), "last_on": TODAY} if heard else {}
        return regularity(
            reports.Facts(uuid.uuid4(), "Mere", "Mere Moana", 5, (), date(2026, 2, 2), False, False, "en", **days),
            bare,
            period,
        )

    return summary([one(heard=place < heard) for place in range(of)])


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (summed(10, 40), "That is 25 in a hundred more than before."),
        (summed(20, 40), "That is the same share as before."),
        (summed(40, 40), "That is 50 in a hundred fewer than before."),
    ],
)
def test_what_changed_is_said_first_in_shares_and_blames_nobody(then: Summary, said: str) -> None:
    now = summed(20, 40)
    assert reports.three_sentences(Language.EN, now, then)[0].endswith(said)
    alone = reports.three_sentences(Language.EN, now, None)
    assert len(alone) == 3
    assert "before" not in alone[0]
    in_reo = reports.three_sentences(Language.MI, now, then)
    assert all(len(sentence) > 10 for sentence in in_reo)
    assert said not in in_reo[0]


@given(st.sets(DAYS, max_size=30), DAYS, st.integers(0, 80))
def test_each_day_of_the_strip_stands_once_and_good_news_of_a_weekend_on_its_friday(
    heard: set[date], last_on: date, length: int
) -> None:
    first_on = last_on - timedelta(days=length)
    strip = figures.strip(CALENDAR, first_on, last_on, heard)
    days = [cell.on for cell in strip.cells]
    assert days == sorted({*days})
    assert all(first_on <= day <= last_on and day.weekday() < 5 for day in days)
    assert all(cell.x < strip.width and cell.y < strip.height for cell in strip.cells)
    marked = {cell.on for cell in strip.cells if cell.mark == "yes"}
    fridays = {day if day.weekday() < 5 else day - timedelta(days=day.weekday() - 4) for day in heard}
    assert marked == fridays & set(days)


def test_a_school_of_one_student_has_a_report_and_no_group_is_told(acts: Acts) -> None:
    school_id = acts.school()
    with acts.work(school_id) as work:
        only = students.add_student(work, roll_id="1", name="Mere Moana", year_level=3)
        students.enrol(work, only, students.class_named(work, "Room 1"), from_on=START)
        made = reports.report(work, schools.calendar_of(work), Period(Span.DATES, TODAY, TODAY))
    assert made.summary.students == 1
    assert made.year_levels == []
    with pytest.raises(NotFound):
        made.of_level(3)
    for groups in (reports.by_language(made.found), reports.by_year_level(made.found), reports.by_support(made.found)):
        assert [share.told for share in groups.values()] == [False]
    assert reports.three_sentences(Language.EN, made.summary, None)[-1].startswith("These are few students")


def test_whoever_said_stop_is_left_out_from_that_day_on_whatever_they_say_later(posting: Posting) -> None:
    first = posting.clock()
    child = posting.story.students["hemi"].id

    def declined(last_on: date) -> bool:
        with posting.story.work() as work:
            found = reports.report(work, schools.calendar_of(work), Period(Span.DATES, date(2026, 11, 2), last_on))
        return next(each.facts.declined for each in found.found if each.facts.id == child)

    def all_say(verb: Callable[..., object]) -> None:
        with posting.story.work() as work:
            senders = {Channel.TEXT: posting.story.texts.id, Channel.EMAIL: posting.story.mails.id}
            on, ids = schools.today(work), list(senders.values())
            for person in whanau.recipients_of(work, child, on=on, sender_ids=ids):
                for way in person.ways:
                    if way.channel in senders and way.address:
                        verb(
                            work, channel=way.channel, address=way.address, sender_id=senders[way.channel],
                            evidence="reply", evidence_id=None,
                        )  # fmt: skip
                    else:
                        whanau.set_access(work, person.contact_id, child, may_message=MayMessage.NO, reason="A wish.")

    day = CALENDAR.local(first).date()
    assert not declined(day)
    posting.clock.now = first + timedelta(days=1)
    all_say(messages.stop_messages)
    posting.clock.now = first + timedelta(days=2)
    assert [declined(day + timedelta(days=n)) for n in (0, 1, 2)] == [False, True, True]
    all_say(messages.start_messages)
    posting.clock.now = first + timedelta(days=3)
    assert [declined(day + timedelta(days=n)) for n in (0, 1, 2, 3)] == [False, True, False, False]


def test_a_receipt_that_comes_late_changes_the_day_it_speaks_of_and_no_other(posting: Posting) -> None:
    told = posting.praise("hemi")
    sent = posting.of(told)["hine"]
    for each in posting.of(told).values():
        if each.state == "queued":
            posting.gone(each)
    posting.settle()
    day, later = posting.clock().date(), datetime(2026, 11, 20, 2, tzinfo=UTC)

    def arrived(last_on: date) -> int:
        with posting.story.work() as work:
            found = reports.report(work, schools.calendar_of(work), Period(Span.DATES, date(2026, 11, 16), last_on))
        return sum(each.facts.arrived for each in found.found)

    assert arrived(day) == 0
    posting.clock.now = later
    posting.receipt(sent.id, Arrival.DELIVERED)
    assert (arrived(day), arrived(date(2026, 11, 20))) == (0, 1)
