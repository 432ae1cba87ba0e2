"""A day's report is the same whoever asks and whenever; and whatever days or school are asked about, it answers."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text

from commsbridge import messages, prompts, reports, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import Language
from commsbridge.reports import Period, Report, Share, Span, measures, taking
from commsbridge.reports.facts import bounds
from commsbridge.reports.regularity import Days, regularity
from tests.rooms.acts import START, Acts
from tests.rooms.large import LittleSister
from tests.rooms.posting import Posting
from tests.rooms.report_by_hand import day_of, read
from tests.rooms.reporting import BARE, CALENDAR, LEADER, TERM, TODAY, facts, made, summed


def of_today(sister: LittleSister) -> Report:
    """The report of the term up to today."""
    return made(sister, TERM.first_on, TODAY)[0]


def test_a_day_that_is_over_is_reported_the_same_whatever_happens_afterwards(sister: LittleSister) -> None:
    over = date(2026, 10, 30)
    before, lines, _prompts = made(sister, date(2026, 10, 12), over)
    assert max(day_of(row) for row in lines) <= over
    with sister.act(LEADER) as work:
        later = reports.report(
            replace(work, now=work.now + timedelta(days=9)), before.calendar, Period(Span.DATES, TERM.first_on, over)
        )
    assert later.found == before.found


def test_whoever_asks_the_same_day_is_told_the_same(sister: LittleSister) -> None:
    told = []
    for name in list(sister.made.staff)[:3]:
        with sister.act(name) as work:
            told.append(reports.report(work, schools.calendar_of(work), TERM).found)
    assert told[0] == told[1] == told[2]


def test_targets_and_the_guide_count_from_the_day_they_are_set_and_change_no_day_that_is_over(posting: Posting) -> None:
    story, child = posting.story, posting.story.students["aroha"].id
    yesterday = CALENDAR.local(posting.clock()).date() - timedelta(days=1)

    def told(last_on: date) -> tuple[int, reports.Aims]:
        with story.work("burns") as work:
            found = reports.report(work, schools.calendar_of(work), Period(Span.DATES, START, last_on))
        return next(each.facts.target for each in found.found if each.facts.id == child), found.aims

    before = told(yesterday)
    with story.work("burns") as work:
        prompts.set_rules(work, prompts.Rules(usual_times=3, book_times=6))
        reports.set_guide(work, 7)
    target, aims = told(yesterday + timedelta(days=1))
    assert (target, aims.usual, aims.book, aims.guide) == (3, 3, 6, 7)
    with story.work("burns") as work:
        students.set_target(work, child, 2)
    assert told(yesterday + timedelta(days=1))[0] == 2
    with story.work("burns") as work:
        students.set_target(work, child, None)  # as the school says, again
    assert told(yesterday + timedelta(days=1))[0] == 3
    assert told(yesterday) == before
    assert before[0] == 1
    assert (before[1].usual, before[1].book, before[1].guide) == (1, 4, 5)


def test_a_child_with_a_book_has_the_schools_target_for_books_from_the_day_it_was_begun(sister: LittleSister) -> None:
    with sister.act(LEADER) as work:
        child = work.session.scalars(text("SELECT id FROM students WHERE left_on IS NULL ORDER BY id LIMIT 1")).one()
        work.session.execute(
            text(
                "INSERT INTO books (student_id, title_en, title_mi, rhythm, begun_by, begun_at) "
                "SELECT :child, 'A', 'B', 'daily', id, '2026-11-02T00:00Z' FROM staff LIMIT 1"
            ),
            {"child": child},
        )
        calendar = schools.calendar_of(work)
        targets = [
            reports.report(work, calendar, Period(Span.DATES, TERM.first_on, last_on), only=[child])
            .found[0]
            .facts.target
            for last_on in (date(2026, 10, 30), TODAY)
        ]
    assert targets == [1, 4]


def test_te_reo_is_checked_only_from_the_moment_somebody_approved_it_and_a_retired_phrase_still_counts(
    sister: LittleSister,
) -> None:
    report, lines, _prompts = made(sister, date(2026, 7, 20), TODAY)
    with sister.act(LEADER) as work:
        for phrase in messages.bank_of(work):
            messages.retire_phrase(work, phrase.id)
        again = reports.report(work, report.calendar, report.period)
    assert again.found == report.found
    assert {row["checked"] for row in lines if row["moment"] == "praise"} == {"0", "1"}


def test_a_student_who_changed_class_keeps_their_days(sister: LittleSister) -> None:
    report = of_today(sister)
    moved = next(each.facts for each in report.found if each.facts.days)
    with sister.act(LEADER) as work:
        child = work.session.get_one(students.Student, moved.id)
        students.enrol(work, child, students.class_named(work, "Room 99"), from_on=TODAY)
        again = reports.report(work, report.calendar, report.period, only=[moved.id]).found[0].facts
    assert replace(again, class_ids=moved.class_ids) == moved
    assert again.class_ids != moved.class_ids


def test_whoever_left_is_in_reports_of_the_days_before_and_in_none_after(sister: LittleSister) -> None:
    report = of_today(sister)
    child = report.found[0].facts.id
    with sister.act(LEADER) as work:
        work.session.get_one(students.Student, child).left_on = date(2026, 11, 2)
        work.session.flush()
        there = [
            child in {each.facts.id for each in reports.report(work, report.calendar, period).found}
            for period in (Period(Span.DATES, TERM.first_on, date(2026, 10, 30)), TERM)
        ]
    assert there == [True, False]


def test_pages_that_went_home_and_hui_that_were_held_are_counted(sister: LittleSister) -> None:
    report = of_today(sister)
    child = report.found[0].facts
    assert not child.has_book
    with sister.act(LEADER) as work:
        work.session.execute(
            text(
                "INSERT INTO books (student_id, title_en, title_mi, rhythm, begun_by, begun_at) "
                "SELECT :child, 'A', 'B', 'daily', id, '2026-10-12T00:00Z' FROM staff LIMIT 1"
            ),
            {"child": child.id},
        )
        # An invitation to a hui is a line of its kind, too; only the hui that was held is one of subject "hui".
        for subject in ("message", "hui"):
            work.session.execute(
                text(
                    "INSERT INTO lines (student_id, moment, at, subject, subject_id) "
                    "VALUES (:child, 'hui', '2026-10-14T02:00Z', :subject, gen_random_uuid())"
                ),
                {"child": child.id, "subject": subject},
            )
        for at in ("2026-10-11T10:59Z", "2026-10-14T02:00Z", "2026-11-17T02:00Z"):
            work.session.execute(
                text("INSERT INTO lines (student_id, moment, at) VALUES (:child, 'book', :at)"),
                {"child": child.id, "at": at},
            )
        again = reports.report(work, report.calendar, report.period)
        lines = read(taking.as_csv(taking.LINE, taking.line_rows(work, again)))
    theirs = next(each for each in again.found if each.facts.id == child.id).facts
    assert (theirs.has_book, theirs.pages, theirs.hui) == (True, 2, 1)
    assert sum(row["moment"] == "hui" for row in lines) == 1
    assert sum(row["moment"] == "book" and row["student_id"] == str(child.id) for row in lines) == 2
    assert again.summary.shares["page"] == Share(1, 1)
    assert [name for name, share in reports.by_support(again.found).items() if share.told] == []


def test_on_the_schools_first_day_nobody_has_waited_and_nothing_is_compared(sister: LittleSister) -> None:
    report = made(sister, TODAY, TODAY)[0]
    first = [replace(each.facts, began_on=TODAY, days=(), last_on=None) for each in report.found]
    day = Period(Span.DATES, TODAY, TODAY)
    found = [regularity(each, Days(report.calendar), day) for each in first]
    assert {each.waited for each in found} == {1}
    assert {each.weeks for each in found} == {0}
    assert summed(*found).waits == 0


def test_an_empty_school_has_a_report_and_every_file_that_say_so(acts: Acts) -> None:
    school_id = acts.school()
    with acts.work(school_id) as work:
        empty = reports.report(work, schools.calendar_of(work), TERM)
        rows = {
            name: read(taking.as_csv(columns, rows))
            for name, columns, rows in (
                ("students", taking.STUDENT, taking.student_rows(empty)),
                ("lines", taking.LINE, taking.line_rows(work, empty)),
                ("prompts", taking.PROMPT, taking.prompt_rows(work, empty)),
                ("hui", reports.HUI, reports.hui_rows(work, empty.calendar, empty.period)),
            )
        }
    assert empty.found == []
    assert not any(rows.values())
    for for_board in (False, True):
        said = reports.three_sentences(Language.EN, empty.summary, None, for_board=for_board)
        assert said == ["There are no students on the roll in this time, so there is nothing to count."]
    book = load_workbook(io.BytesIO(taking.as_xlsx(empty, Language.MI)), read_only=True)
    assert book["Ngā ine"].max_row == 1 + len(measures.MEASURES)
    assert json.loads(taking.as_json(empty))["rows"] == []
    assert empty.summary.answers.asked == 0
    paper = reports.on_paper(
        empty, Language.MI, school="Te Kura", period="T4", made_at=datetime(2026, 11, 17, tzinfo=UTC)
    )
    assert paper.startswith(b"%PDF")


def test_a_calendar_without_terms_refuses_a_term_and_takes_two_dates() -> None:
    for span in ("term", "last_term"):
        with pytest.raises(Invalid):
            reports.read_period(BARE, TODAY, span)
    period = reports.read_period(BARE, TODAY, "dates", "2026-11-01", "2026-11-10")
    assert regularity(facts(), Days(BARE), period).weeks == 0
    assert reports.read_period(BARE, TODAY, "week").first_on == date(2026, 11, 16)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Chatham"])
@pytest.mark.parametrize(
    ("changes_on", "hours"),
    [(date(2026, 4, 5), 25), (date(2026, 9, 27), 23), (date(2026, 11, 17), 24)],
)
def test_a_day_on_which_the_clocks_change_is_that_day_from_midnight_to_midnight(
    zone: str, changes_on: date, hours: int
) -> None:
    calendar = replace(CALENDAR, time_zone=zone)
    day = bounds(calendar, Period(Span.DATES, changes_on, changes_on))
    assert day["until"] - day["start"] == timedelta(hours=hours)
    assert [calendar.local(each).time() for each in day.values()] == [time(), time()]


@given(st.dates(date(2025, 2, 1), date(2026, 12, 20)), st.integers(0, 300), st.integers(0, 300))
def test_days_are_counted_once_however_a_time_is_cut_in_two(first_on: date, one_part: int, other: int) -> None:
    """Every moment belongs to one period of two that follow each other, over changes of the clocks too."""
    middle = first_on + timedelta(days=one_part)
    before = bounds(CALENDAR, Period(Span.DATES, first_on, middle))
    after = bounds(CALENDAR, Period(Span.DATES, middle + timedelta(days=1), middle + timedelta(days=1 + other)))
    assert before["start"] < before["until"] == after["start"] < after["until"]


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_whatever_two_dates_are_asked_for_there_is_a_period_up_to_today_or_a_refusal(first: date, last: date) -> None:
    try:
        period = reports.read_period(CALENDAR, TODAY, "dates", first.isoformat(), last.isoformat())
    except Invalid:
        assert last < first or first > TODAY or (last - first).days > 2 * 366
    else:
        assert first == period.first_on <= period.last_on <= TODAY
