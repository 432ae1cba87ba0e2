"""Reports by mail: when they come, about which days, to whom, once, and without any child's name."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from commsbridge import reports, schools, students
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.reports import Period, ReportMail, Rhythm, Span
from tests.rooms.posting import Posting

CALENDAR = calendar_for("AUK", "Pacific/Auckland", [term for term in national_terms() if term.year in {2025, 2026}])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=690)).map(lambda since: datetime(2025, 1, 1, tzinfo=UTC) + since)


@given(MOMENTS, st.sampled_from(Rhythm))
def test_what_comes_next_is_about_days_that_are_over_and_held_school(after: datetime, rhythm: Rhythm) -> None:
    due = reports.next_due(CALENDAR, rhythm, after)
    assert due is not None
    assert due.at > after
    assert CALENDAR.local(due.at).date() == due.period.last_on + timedelta(days=1)
    assert (CALENDAR.local(due.at).hour, CALENDAR.local(due.at).minute) == (7, 30)
    assert CALENDAR.school_days(due.period.first_on, due.period.last_on)


@given(MOMENTS, st.sampled_from(Rhythm))
def test_of_several_that_were_missed_only_the_latest_is_due(now: datetime, rhythm: Rhythm) -> None:
    latest = reports.latest_due(CALENDAR, rhythm, now)
    assert latest is None or latest.at <= now
    after = latest.at if latest else datetime(2020, 1, 1, tzinfo=UTC)
    assert reports.next_due(CALENDAR, rhythm, after) == reports.next_due(CALENDAR, rhythm, now)


def test_a_week_a_month_and_a_term_end_when_people_say_they_do() -> None:
    after = datetime(2026, 9, 23, tzinfo=UTC)
    spans = {
        each: (due.period.first_on, due.period.last_on)
        for each in Rhythm
        if (due := reports.next_due(CALENDAR, each, after))
    }
    assert spans == {
        Rhythm.WEEK: (date(2026, 9, 21), date(2026, 9, 27)),
        Rhythm.MONTH: (date(2026, 9, 1), date(2026, 9, 30)),
        Rhythm.TERM: (date(2026, 7, 20), date(2026, 9, 25)),
    }


def test_over_the_holidays_no_week_comes_and_after_the_known_terms_nothing_does() -> None:
    due = reports.next_due(CALENDAR, Rhythm.WEEK, datetime(2026, 9, 28, 12, tzinfo=UTC))
    assert due is not None
    assert due.period.first_on == date(2026, 10, 12)
    assert reports.next_due(CALENDAR, Rhythm.TERM, datetime(2027, 1, 5, tzinfo=UTC)) is None
    assert reports.next_due(SchoolCalendar("Pacific/Auckland", (), frozenset()), Rhythm.WEEK, due.at) is None


def name(posting: Posting, who: str, *rhythms: Rhythm) -> None:
    with posting.story.work("burns") as work:
        reports.set_mails(work, posting.story.staff[who].id, rhythms)


def mail(posting: Posting) -> int:
    """What a worker does now."""
    story = posting.story
    with story.runtime.carrier() as session:
        there = reports.schools_with_reports_to_mail(session, story.runtime.now())
    if story.school_id not in there:
        return 0
    with story.runtime.work(story.school_id) as work:
        return reports.mail_reports(work, links=posting.links)


def mails_to(posting: Posting, who: str) -> list[Delivery]:
    rows = (
        select(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.kind == MessageKind.STAFF, Delivery.staff_id == posting.story.staff[who].id)
    )
    with posting.story.work() as work:
        return list(work.session.scalars(rows.order_by(Delivery.made_at)))


def eight_o_clock(posting: Posting, day: date) -> None:
    with posting.story.work() as work:
        posting.clock.now = schools.day_begins(work, day) + timedelta(hours=8)


@pytest.mark.parametrize(
    ("rhythm", "over_on", "first_on", "last_on"),
    [
        (Rhythm.WEEK, date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 22)),
        (Rhythm.MONTH, date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30)),
        (Rhythm.TERM, date(2026, 12, 19), date(2026, 10, 12), date(2026, 12, 18)),
    ],
)
def test_a_leader_hears_once_after_each_week_month_or_term_and_the_mail_names_nobody(
    posting: Posting, rhythm: Rhythm, over_on: date, first_on: date, last_on: date
) -> None:
    name(posting, "burns", rhythm)
    assert mail(posting) == 0
    eight_o_clock(posting, over_on)
    assert [mail(posting), mail(posting)] == [1, 0]
    [told] = mails_to(posting, "burns")
    assert f"/reports?span=dates&first_on={first_on}&last_on={last_on}" in told.body
    assert "students have not heard good news" in told.body
    assert "What a carrier tells us later about an earlier moment still changes it." in told.body
    for child in posting.story.students.values():
        assert child.preferred_name not in told.body.partition("/reports?")[0]
        assert child.name not in told.body


def test_a_mail_to_whoever_does_not_see_a_child_is_counted_without_that_child(posting: Posting) -> None:
    story = posting.story
    with story.work() as work:
        students.bar_staff(
            work, story.staff["burns"].id, student_id=story.students["aroha"].id, kind=students.BarKind.WHANAU
        )
    for who in ("burns", "leota"):
        name(posting, who, Rhythm.WEEK)
        with story.work("burns") as work:
            reports.set_mails(work, story.staff[who].id, [Rhythm.WEEK], for_board=True)
    eight_o_clock(posting, date(2026, 11, 23))
    assert mail(posting) == 4
    for who, of, left_out in (("burns", "0 of 5", 2), ("leota", "0 of 6", 0)):
        bodies = [each.body for each in mails_to(posting, who)]
        assert all(f"for {of} students" in body or f": {of}" in body for body in bodies)
        assert sum("does not see as staff" in body or "do not see as staff" in body for body in bodies) == left_out


def test_what_was_missed_for_weeks_comes_as_one_mail_and_too_late_not_at_all(posting: Posting) -> None:
    name(posting, "burns", Rhythm.WEEK)
    eight_o_clock(posting, date(2026, 12, 16))
    assert mail(posting) == 1
    eight_o_clock(posting, date(2027, 1, 20))
    assert mail(posting) == 0


def test_it_stops_when_nothing_is_ticked_and_for_whoever_may_no_longer_see_reports(posting: Posting) -> None:
    name(posting, "burns", Rhythm.WEEK)
    name(posting, "leota", Rhythm.WEEK)
    name(posting, "burns")
    with posting.story.work("burns") as work:
        assert reports.mails_of(work) == {posting.story.staff["leota"].id: {Rhythm.WEEK}}
        leota = schools.staff_by_id(work, [posting.story.staff["leota"].id])
        schools.leave_staff(work, *leota.values(), on=date(2026, 11, 20))
    eight_o_clock(posting, date(2026, 11, 23))
    assert mail(posting) == 0
    with posting.story.work() as work:
        assert all(work.session.scalars(select(ReportMail.ended_at)))


def test_the_boards_version_is_a_mail_of_its_own_with_numbers_and_nothing_personal(posting: Posting) -> None:
    burns = posting.story.staff["burns"].id
    with posting.story.work("burns") as work:
        reports.set_mails(work, burns, [Rhythm.WEEK], for_board=True)
        assert reports.mails_of(work) == {}
        assert reports.mails_of(work, for_board=True) == {burns: {Rhythm.WEEK}}
    name(posting, "burns", Rhythm.WEEK)
    eight_o_clock(posting, date(2026, 11, 23))
    assert [mail(posting), mail(posting)] == [2, 0]
    told = [each for each in mails_to(posting, "burns") if "For the board" in (each.subject or "")]
    assert len(told) == 1
    assert "Heard good news in the last ten school days: 0 of 6 · 0 %" in told[0].body
    assert "too few to show" in told[0].body
    assert "/reports/take/board.pdf?span=dates&first_on=2026-11-16&last_on=2026-11-22" in told[0].body
    for child in posting.story.students.values():
        assert child.preferred_name not in told[0].body
    for key in set(posting.story.staff) - {"burns"}:
        assert posting.story.staff[key].name not in told[0].body


def test_nobody_is_named_who_may_not_see_reports(posting: Posting) -> None:
    with pytest.raises(NotFound):
        name(posting, "walsh", Rhythm.WEEK)
    with posting.story.work("burns") as work, pytest.raises(NotFound):
        reports.set_mails(work, uuid.uuid4(), [Rhythm.WEEK])


def test_a_schools_own_guide_is_what_balance_is_set_beside(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        for wrong in (0, 21):
            with pytest.raises(Invalid):
                reports.set_guide(work, wrong)
        assert reports.guide_of(work) == 5
        reports.set_guide(work, 3)
        period = Period(Span.DATES, date(2026, 10, 12), date(2026, 11, 17))
        assert reports.report(work, schools.calendar_of(work), period).aims.guide == 3


def test_the_carriers_door_sees_which_school_and_nothing_more(posting: Posting) -> None:
    with posting.story.runtime.carrier() as session:
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(select(ReportMail.staff_id))
        assert reports.schools_with_reports_to_mail(session, posting.clock.now) == []
