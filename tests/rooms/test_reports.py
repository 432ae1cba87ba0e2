"""Reports: what SQL counts equals what anybody counts from the exported rows; and what each measure means."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text

from commsbridge import messages, reports, schools, students
from commsbridge.demo import people
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.local_postgres import LocalPostgres
from commsbridge.reports import Period, Report, Span, groups, measures, taking
from tests.rooms.acts import Acts
from tests.rooms.large import LittleSister, little_sister

TODAY = date(2026, 11, 17)
NZ = ZoneInfo("Pacific/Auckland")
LEADER = people.WIKAIRA.name
CALENDAR = SchoolCalendar("Pacific/Auckland", (), frozenset())


@pytest.fixture(scope="module")
def school(postgres: LocalPostgres, template: str) -> Iterator[LittleSister]:
    with little_sister(postgres, template) as sister:
        yield sister


Rows = list[dict[str, str]]


def made(school: LittleSister, first_on: date, last_on: date) -> tuple[Report, Rows, Rows]:
    """A report, and as the export has them: every line of the log up to its last day, and who was asked about."""
    with school.act(LEADER) as work:
        report = reports.report(work, schools.calendar_of(work), Period(Span.DATES, first_on, last_on))
        lines = read(taking.LINE, taking.line_rows(work, report, first_on=date(2020, 1, 1)))
        prompts = read(taking.PROMPT, taking.prompt_rows(work, report))
    return report, lines, prompts


def read(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Rows:
    written = "".join(taking.as_csv(columns, rows))
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(NZ)


def day_of(row: dict[str, str]) -> date:
    return datetime.fromisoformat(row["at"]).astimezone(NZ).date()


class ByHand:
    """The same numbers in plain Python from the rows of the export, written without a look at the SQL."""

    def __init__(self, rows: Rows, prompts: Rows, first_on: date, last_on: date, school_days: list[date]) -> None:
        self.first_on, self.last_on, self.school_days = first_on, last_on, school_days
        gone = {row["about"] for row in rows if row["moment"] in {"undone", "moved"}}
        rows = [row for row in rows if row["line"] not in gone]
        self.praises = {row["line"]: row for row in rows if row["moment"] == "praise"}
        self.of_child: dict[str, Rows] = {}
        for row in rows:
            self.of_child.setdefault(row["student_id"], []).append(row)
        self.prompts = prompts

    def of(self, student: uuid.UUID, began_on: date) -> dict[str, Any]:
        mine = self.of_child.get(str(student), [])
        inside = [row for row in mine if self.first_on <= day_of(row) <= self.last_on]
        alone = [row for row in inside if not row["about"]]
        days = sorted({day_of(row) for row in mine if row["moment"] == "arrived" and row["about"] in self.praises})
        return {
            "praise": sum(row["moment"] == "praise" for row in alone),
            "own_words": sum(row["moment"] == "praise" and row["own_words"] == "1" for row in alone),
            "concerns": sum(row["moment"] == "concern" for row in alone),
            "gate": sum(row["moment"] == "gate" for row in alone),
            "calls": sum(row["moment"] == "call" for row in alone),
            "pages": sum(row["moment"] == "book" for row in alone),
            "hui": sum(row["moment"] == "hui" for row in alone),
            "replies": sum(row["moment"] == "reply" for row in alone),
            "by_text": sum(row["moment"] == "reply" and row["channel"] == "text" for row in alone),
            "by_mail": sum(row["moment"] == "reply" and row["channel"] == "email" for row in alone),
            "by_page": sum(row["moment"] == "reply" and row["channel"] == "page" for row in alone),
            "begun": sum(row["moment"] == "reply" and not row["answers"] for row in alone),
            "last_on": max(days, default=None),
            **self.deliveries(mine),
            **self.questions([row for row in alone if row["promised_minutes"]]),
            **self.asked_about(str(student), [row for row in mine if row["moment"] == "praise"]),
            **self.regularity(days, began_on),
        }

    def deliveries(self, mine: Rows) -> dict[str, Any]:
        fate: dict[str, Rows] = {}
        for row in mine:
            praise = self.praises.get(row["about"])
            if row["delivery"] and praise and day_of(praise) >= self.first_on:
                fate.setdefault(row["delivery"], []).append(row)
        kinds = [({row["moment"] for row in rows}, rows[0]) for rows in fate.values()]
        came = [row for kind, row in kinds if "arrived" in kind]
        reo = [row for row in came if row["asked"] in {"mi", "both"}]
        other = [row for row in came if row["asked"] not in {"mi", "both", "en", ""}]
        return {
            "answerable": any(row["channel"] in {"text", "email"} for row in came),
            "sent": len(kinds),
            "arrived": len(came),
            "failed": sum("did_not_arrive" in kind and "arrived" not in kind for kind, _ in kinds),
            "uncertain": sum(not kind & {"did_not_arrive", "arrived"} and "uncertain" in kind for kind, _ in kinds),
            "reo_of": len(reo),
            "reo_got": sum(row["language"] == "both" or row["language"] == row["asked"] for row in reo),
            "other_of": len(other),
            "other_got": sum(row["channel"] not in {"text", "email"} for row in other),
            **self.as_they_came(fate.values()),
        }

    def as_they_came(self, fates: Iterable[Rows]) -> dict[str, Any]:
        timely, reo, checked = 0, 0, 0
        for rows in fates:
            praise, came = self.praises[rows[0]["about"]], [row["at"] for row in rows if row["moment"] == "arrived"]
            if came:
                timely += moment(min(came)) - moment(praise["written_at"]) <= timedelta(hours=24)
            if came and rows[0]["language"] in {"mi", "both"} and rows[0]["channel"] in {"text", "email"}:
                reo += 1
                checked += praise["checked"] == "1"
        return {"timely": timely, "reo_sent": reo, "reo_checked": checked}

    def questions(self, asked: Rows) -> dict[str, Any]:
        took = sorted(int(row["took_minutes"]) for row in asked if row["took_minutes"])
        due = [bool(row["due_at"]) and day_of({"at": row["due_at"]}) <= self.last_on for row in asked]
        in_time = sum(bool(r["took_minutes"]) and int(r["took_minutes"]) <= int(r["promised_minutes"]) for r in asked)
        overdue = sum(passed and not row["took_minutes"] for passed, row in zip(due, asked, strict=True))
        return {
            "in_time": in_time,
            "late": len(took) - in_time,
            "overdue": overdue,
            "open": len(asked) - len(took) - overdue,
            "took": tuple(took),
        }

    def asked_about(self, student: str, praises: Rows) -> dict[str, Any]:
        mine = [row for row in self.prompts if row["student_id"] == student]
        followed = []
        for row in mine:
            waits = (moment(praise["at"]) - moment(row["at"]) for praise in praises)
            followed.append(any(timedelta(0) <= each < timedelta(days=3) for each in waits))
        both = list(zip(mine, followed, strict=True))
        return {
            "prompts": len(mine),
            "prompts_answered": sum(bool(row["answer"]) or praised for row, praised in both),
            "prompts_helped": sum(row["answer"] == "gate" or praised for row, praised in both),
        }

    def regularity(self, days: list[date], began_on: date) -> dict[str, Any]:
        began = max(self.first_on, began_on)
        since = days[-1] if days else began_on - timedelta(days=1)
        weeks: dict[tuple[int, int], date] = {}
        for day in self.school_days:
            if began <= day <= self.last_on:
                weeks[day.isocalendar()[0], day.isocalendar()[1]] = day
        met = 0
        for end in weeks.values():
            ten = [day for day in self.school_days if day <= end][-10:]
            met += any(ten[0] <= day <= end for day in days)
        inside = [day for day in days if began <= day <= self.last_on]
        silent, longest = 0, 0
        taught = [day for day in self.school_days if began <= day <= self.last_on]
        for day in sorted({*taught, *inside}):
            silent = 0 if day in inside else silent + 1
            longest = max(longest, silent)
        return {
            "waited": self.between(since, self.last_on),
            "met": met,
            "weeks": len(weeks),
            "longest": longest,
            "middle": median(self.between(a, b) for a, b in pairwise(inside)) if len(inside) > 1 else None,
        }

    def between(self, after: date, until: date) -> int:
        return sum(after < day <= until for day in self.school_days)


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [
        (date(2026, 10, 12), date(2026, 11, 17)),  # this term
        (date(2026, 7, 20), date(2026, 9, 25)),  # the one before
        (date(2026, 9, 21), date(2026, 10, 16)),  # over the holidays and the change of the clocks on 27 September
        (date(2026, 11, 14), date(2026, 11, 15)),  # a weekend
        (date(2026, 11, 17), date(2026, 11, 17)),  # today alone
    ],
)
def test_plain_python_over_the_exported_rows_equals_the_sql(
    school: LittleSister, first_on: date, last_on: date
) -> None:
    report, rows, prompts = made(school, first_on, last_on)
    by_hand = ByHand(rows, prompts, first_on, last_on, list(report.calendar.every_school_day))
    exported = [dict(zip(taking.STUDENT, row, strict=True)) for row in taking.student_rows(report)]
    assert len(exported) >= 60
    if (last_on - first_on).days > 60:
        for name in ("in_time", "late", "overdue", "timely", "reo_checked", "prompts_answered", "prompts_helped"):
            assert sum(student[name] for student in exported), name
    for student in exported:
        expected = by_hand.of(student["student_id"], student["began_on"])
        assert {name: student[name] for name in expected} == expected, student["name"]
    rows = read(taking.STUDENT, taking.student_rows(report))
    assert shares_by_hand(rows, report.guide) == {
        name: (share.count, share.of) for name, share in report.summary.shares.items()
    }
    assert rest_by_hand(rows) == rest_of(report)


def shares_by_hand(rows: Rows, guide: int) -> dict[str, tuple[int, int]]:
    """Each measure counted again from the rows a student, by its definition in words."""
    of = [{name: int(value) if value.isdigit() else value for name, value in row.items()} for row in rows]
    asked: list[dict[str, Any]] = [{**row, "quiet": row["paused"] or row["declined"]} for row in of]

    def share(asks: Callable[[Any], Any], has: Callable[[Any], Any]) -> tuple[int, int]:
        those = [row for row in asked if asks(row)]
        return sum(bool(has(row)) for row in those), len(those)

    def everybody(_row: Any) -> bool:
        return True

    return {
        "heard": share(lambda r: not r["quiet"], lambda r: r["waited"] < 10),
        "steady": share(lambda r: not r["quiet"] and r["weeks"], lambda r: r["met"] == r["weeks"]),
        "reached": share(lambda r: not r["declined"] or r["arrived"], lambda r: r["arrived"]),
        "reo": share(lambda r: r["reo_of"], lambda r: r["reo_got"] == r["reo_of"]),
        "other": share(lambda r: r["other_of"], lambda r: r["other_got"] == r["other_of"]),
        "timely": share(lambda r: r["arrived"], lambda r: r["timely"] == r["arrived"]),
        "checked": share(lambda r: r["reo_sent"], lambda r: r["reo_checked"] == r["reo_sent"]),
        "answered": share(lambda r: r["in_time"] or r["late"] or r["overdue"], lambda r: not r["late"] + r["overdue"]),
        "wrote": share(lambda r: r["answerable"], lambda r: r["replies"]),
        "replied": share(lambda r: r["answerable"], lambda r: r["replies"] - r["begun"]),
        "begun": share(everybody, lambda r: r["begun"]),
        "balanced": share(lambda r: r["concerns"], lambda r: r["praise"] >= guide * r["concerns"]),
        "phrase": share(lambda r: r["praise"], lambda r: r["praise"] - r["own_words"]),
        "own_words": share(everybody, lambda r: r["own_words"]),
        "spoken": share(everybody, lambda r: r["gate"] or r["calls"]),
        "page": share(lambda r: r["has_book"], lambda r: r["pages"]),
        "hui": share(everybody, lambda r: r["hui"]),
        "hui_chosen": share(lambda r: r["hui_held"], lambda r: r["hui_chosen"] == r["hui_held"]),
        "hui_voiced": share(lambda r: r["hui_held"], lambda r: r["hui_voiced"] == r["hui_held"]),
        "hui_steps": share(lambda r: r["steps_due"], lambda r: r["steps_in_time"] == r["steps_due"]),
        "prompted": share(everybody, lambda r: r["prompts"]),
        "helped": share(lambda r: r["prompts"], lambda r: r["prompts_helped"]),
    }


def rest_by_hand(rows: Rows) -> dict[str, Any]:
    """Whatever else stands beside the measures, counted again from the same rows."""
    active = [row for row in rows if (row["paused"], row["declined"]) == ("0", "0")]
    took = sorted(int(minutes) for row in rows for minutes in row["took"].split())
    steps = [float(row["middle"]) for row in active if row["middle"]]
    total = {name: sum(int(row[name]) for row in rows) for name in ("sent", "arrived", "overdue", "by_mail", "begun")}
    return {
        **total,
        "weeks": (sum(int(row["met"]) for row in active), sum(int(row["weeks"]) for row in active)),
        "middle_wait": median(int(row["longest"]) for row in active),
        "middle_step": median(steps) if steps else None,
        "middle": median(took) if len(took) > 4 else None,
        "ninth": next((at for at in took if 10 * sum(each <= at for each in took) >= 9 * len(took)), None)
        if len(took) > 4
        else None,
        "waits": sum(int(row["waited"]) >= 10 for row in active),
    }


def rest_of(report: Report) -> dict[str, Any]:
    """The same as the report tells it."""
    told = report.summary
    return {
        "sent": told.deliveries.sent,
        "arrived": told.deliveries.arrived,
        "overdue": told.answers.overdue,
        "by_mail": told.replies.by_mail,
        "begun": told.replies.begun,
        "weeks": (told.weeks.count, told.weeks.of),
        "middle_wait": told.middle_wait,
        "middle_step": told.middle_step,
        "middle": told.answers.middle,
        "ninth": told.answers.ninth,
        "waits": told.waits,
    }


def facts(**over: Any) -> reports.Facts:
    """A child who came long ago and of whom nothing is known but what is said."""
    usual: dict[str, Any] = {
        "id": uuid.uuid4(), "preferred_name": "Mere", "name": "Mere Moana", "year_level": 5, "class_ids": (),
        "began_on": date(2025, 1, 1), "paused": False, "declined": False, "asked": "en",
    }  # fmt: skip
    return reports.Facts(**{**usual, **over})


@pytest.fixture(scope="module")
def days(school: LittleSister) -> measures.Days:
    with school.act(LEADER) as work:
        return measures.Days(schools.calendar_of(work))


TERM = Period(Span.TERM, date(2026, 10, 12), TODAY)


@given(st.sets(st.dates(date(2026, 9, 1), TODAY), max_size=20), st.dates(date(2026, 9, 1), TODAY))
def test_one_more_day_of_good_news_never_makes_a_child_look_worse(
    days: measures.Days, heard: set[date], more: date
) -> None:
    before, after = (
        measures.regularity(facts(days=tuple(sorted(each)), last_on=max(each, default=None)), days, TERM)
        for each in (heard, heard | {more})
    )
    assert after.waited <= before.waited
    assert after.longest <= before.longest
    assert after.met >= before.met
    assert after.weeks == before.weeks


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_a_small_group_can_neither_be_read_nor_worked_out_from_the_total(sizes: list[int]) -> None:
    told = groups.without_small({str(name): reports.Share(1, of) for name, of in enumerate(sizes)})
    assert all(share.of >= reports.SMALLEST_GROUP for share in told.values() if share.told)
    hidden = sum(sizes[int(name)] for name, share in told.items() if not share.told)
    assert hidden == 0 or hidden >= reports.SMALLEST_GROUP or hidden == sum(sizes)


def test_two_small_groups_that_are_small_together_hide_a_third_and_a_year_level_likewise(days: measures.Days) -> None:
    told = groups.without_small({"mi": reports.Share(1, 2), "both": reports.Share(0, 1), "en": reports.Share(5, 9)})
    assert [share.told for share in told.values()] == [False, False, False]
    of_levels = {3: 2, 4: 6, 5: 30}
    found = [
        measures.regularity(facts(year_level=level), days, TERM)
        for level, many in of_levels.items()
        for _ in range(many)
    ]
    made = Report(TERM, CALENDAR, found)
    assert made.year_levels == [5]  # the whole school less the years 4 and 5 would be year 3
    with pytest.raises(NotFound):
        made.of_level(4)
    assert len(reports.in_group(found, "level-05")) == 30
    for group in ("level-04", "level-09", "iwi-x", "level"):
        with pytest.raises(NotFound):
            reports.in_group(found, group)


def test_a_concern_lowers_nothing_but_is_set_beside_good_news(days: measures.Days) -> None:
    def shares(**over: Any) -> dict[str, reports.Share]:
        found = [measures.regularity(facts(**over), days, TERM)]
        return {name: share for name, share in measures.summary(found).shares.items() if name != "balanced"}

    assert shares(praise=3) == shares(praise=3, concerns=9)


def test_whoever_asked_for_quiet_is_never_counted_as_waiting(days: measures.Days) -> None:
    quiet = measures.regularity(facts(paused=True), days, TERM)
    assert not quiet.waiting
    assert measures.summary([quiet]).shares["heard"] == reports.Share(0, 0)


def test_whoever_asked_for_no_messages_is_no_failure_of_any_number(days: measures.Days) -> None:
    asked_for_none = measures.regularity(facts(declined=True), days, TERM)
    told = measures.summary([asked_for_none])
    assert not asked_for_none.waiting
    assert (told.declined, told.paused, told.waits, told.weeks.of) == (1, 0, 0, 0)
    assert [told.shares[name].of for name in ("heard", "steady", "reached")] == [0, 0, 0]
    assert sum(reports.gaps([asked_for_none]).values()) == 0


def test_a_board_is_told_no_number_of_fewer_than_five_students(days: measures.Days) -> None:
    four = measures.summary([measures.regularity(facts(), days, TERM)] * 4)
    for language in Language.EN, Language.MI:
        [only] = reports.three_sentences(language, four, four, for_board=True)
        assert not any(letter.isdigit() for letter in only)


def test_every_plain_number_leads_to_its_students_and_adds_up(school: LittleSister) -> None:
    report, _rows, _prompts = made(school, date(2026, 7, 20), date(2026, 9, 25))
    names = [each.name for those in reports.COUNTS.values() for each in those]
    total = {name: sum(count for _, count in reports.counted(report.found, name, Language.EN)[1]) for name in names}
    assert total["sent"] == sum(total[name] for name in ("arrived", "failed", "uncertain", "on_the_way"))
    assert total["by_text"] + total["by_mail"] + total["by_page"] == total["answers"] + total["begun"] > 0
    assert total["phrase_alone"] > total["own_words"] > 0
    for kind, counts in (("longest", reports.gaps(report.found)), ("hours", reports.took(report.found))):
        for (low, _high), count in counts.items():
            title, found = reports.counted(report.found, f"{kind}-{low}", Language.EN)
            assert str(low) in title
            assert sum(each for _, each in found) == count
    for wrong in ("best", "longest-1", "hours-", "rank-0"):
        with pytest.raises(NotFound):
            reports.counted(report.found, wrong, Language.EN)


def test_a_child_who_came_this_week_is_not_waiting_and_has_one_week(days: measures.Days) -> None:
    new = measures.regularity(facts(began_on=date(2026, 11, 16)), days, TERM)
    assert (new.waited, new.weeks, new.waiting) == (2, 1, False)


def test_silence_where_a_reply_costs_money_counts_for_nothing(days: measures.Days) -> None:
    costs = measures.regularity(facts(arrived=3, answerable=False), days, TERM)
    assert measures.summary([costs]).shares["wrote"].of == 0


def shares_of(days: measures.Days, **over: Any) -> dict[str, reports.Share]:
    return measures.summary([measures.regularity(facts(**over), days, TERM)]).shares


def test_a_question_that_may_still_wait_says_nothing_and_an_overdue_one_does(days: measures.Days) -> None:
    assert shares_of(days, open=2)["answered"] == reports.Share(0, 0)
    assert shares_of(days, open=2, in_time=1, took=(40,))["answered"] == reports.Share(1, 1)
    assert shares_of(days, overdue=1, in_time=1, took=(40,))["answered"] == reports.Share(0, 1)


def test_what_answers_took_is_not_told_of_fewer_than_five_and_nine_of_ten_is_a_time_somebody_waited() -> None:
    few = measures.answers([facts(in_time=4, took=(10, 20, 30, 40))])
    assert (few.asked, few.middle, few.ninth) == (4, None, None)
    many = measures.answers([facts(in_time=9, late=1, took=tuple(range(10, 110, 10)))])
    assert (many.middle, many.ninth) == (55, 90)


@given(st.lists(st.integers(0, 3000), min_size=5, max_size=60))
def test_nine_of_ten_answers_came_within_the_time_that_is_said(took: list[int]) -> None:
    told = measures.answers([facts(in_time=len(took), took=tuple(took))])
    assert told.ninth in took
    assert sum(each <= told.ninth for each in took) >= 0.9 * len(took)
    bare = measures.Days(SchoolCalendar("Pacific/Auckland", (), frozenset()))
    regular = measures.regularity(facts(took=tuple(took)), bare, TERM)
    assert sum(reports.took([regular]).values()) == len(took)


def test_good_news_on_a_saturday_takes_no_school_day_off_a_wait(days: measures.Days) -> None:
    saturday = date(2026, 10, 31)
    waited = measures.regularity(facts(days=(saturday,), last_on=saturday), days, TERM)
    assert waited.longest == days.since(date(2026, 10, 11), saturday)


def test_te_reo_is_checked_only_from_the_moment_somebody_approved_it_and_a_retired_phrase_still_counts(
    school: LittleSister,
) -> None:
    report, lines, _prompts = made(school, date(2026, 7, 20), TODAY)
    with school.act(LEADER) as work:
        for phrase in messages.bank_of(work):
            messages.retire_phrase(work, phrase.id)
        again = reports.report(work, report.calendar, report.period)
    assert again.found == report.found
    assert {row["checked"] for row in lines if row["moment"] == "praise"} == {"0", "1"}


def test_on_the_schools_first_day_nobody_has_waited_and_nothing_is_compared(school: LittleSister) -> None:
    report, _lines, _prompts = made(school, TODAY, TODAY)
    first = [replace(each.facts, began_on=TODAY, days=(), last_on=None) for each in report.found]
    day = Period(Span.DATES, TODAY, TODAY)
    found = [measures.regularity(each, measures.Days(report.calendar), day) for each in first]
    assert {each.waited for each in found} == {1}
    assert measures.summary(found).waits == 0


def test_an_empty_school_has_a_report_that_says_so(acts: Acts) -> None:
    school_id = acts.school()
    with acts.work(school_id) as work:
        empty = reports.report(work, schools.calendar_of(work), TERM)
    assert empty.found == []
    said = reports.three_sentences(Language.EN, empty.summary, None)
    assert said == ["There are no students on the roll in this time, so there is nothing to count."]
    book = load_workbook(io.BytesIO(taking.as_xlsx(empty, Language.MI)), read_only=True)
    assert book["Ngā ine"].max_row == 1 + len(measures.MEASURES)
    told = json.loads(taking.as_json(empty))
    assert told["rows"] == []
    assert empty.summary.answers.asked == 0


def test_what_falls_shortest_is_what_deserves_attention(days: measures.Days) -> None:
    def told(*found: reports.Facts) -> str:
        made = measures.summary([measures.regularity(each, days, TERM) for each in found])
        return reports.three_sentences(Language.EN, made, None)[2]

    well = facts(praise=3, arrived=3, sent=3)
    late, english = replace(well, overdue=1), replace(well, reo_of=2, reo_got=1)
    assert told(well, well) == "At least one message arrived at every home."
    assert "nothing has arrived yet: 1." in told(well, facts(praise=2, sent=2))
    assert "nobody has written praise in this time: 1." in told(well, facts())
    assert "Overdue questions: 5." in told(well, *[late] * 5)
    assert "Te reo Māori came each time to 0 of the 5" in told(well, *[english] * 5)
    # of so few it would be read back to a family
    assert told(well, late, english) == "At least one message arrived at every home."
    assert told(facts(declined=True)) == "Every family asked for no messages, which is their wish."


def test_few_students_are_said_to_be_few(days: measures.Days) -> None:
    one = measures.summary([measures.regularity(facts(), days, TERM)])
    assert reports.three_sentences(Language.EN, one, None)[-1].startswith("These are few students")


def test_a_calendar_without_terms_refuses_a_term_and_takes_two_dates() -> None:
    bare = SchoolCalendar("Pacific/Auckland", (), frozenset())
    with pytest.raises(Invalid):
        reports.read_period(bare, TODAY, "term")
    period = reports.read_period(bare, TODAY, "dates", "2026-11-01", "2026-11-10")
    assert measures.regularity(facts(), measures.Days(bare), period).weeks == 0


def test_a_day_that_is_over_is_reported_the_same_whatever_happens_afterwards(school: LittleSister) -> None:
    over = date(2026, 10, 30)
    before, rows, _prompts = made(school, date(2026, 10, 12), over)
    assert max(day_of(row) for row in rows) <= over
    with school.act(LEADER) as work:
        later = reports.report(
            replace(work, now=work.now + timedelta(days=9)), before.calendar, Period(Span.DATES, TERM.first_on, over)
        )
    assert later.found == before.found


def test_a_student_who_changed_class_keeps_their_days(school: LittleSister) -> None:
    report, _rows, _prompts = made(school, date(2026, 10, 12), TODAY)
    moved = next(each.facts for each in report.found if each.facts.days)
    with school.act(LEADER) as work:
        child = work.session.get_one(students.Student, moved.id)
        students.enrol(work, child, students.class_named(work, "Room 99"), from_on=TODAY)
        again = reports.report(work, report.calendar, report.period, only=[moved.id]).found[0].facts
    assert again.days == moved.days
    assert again.class_ids != moved.class_ids


def test_pages_that_went_home_and_hui_that_were_held_are_counted(school: LittleSister) -> None:
    report, _rows, _prompts = made(school, date(2026, 10, 12), TODAY)
    child = report.found[0].facts
    assert not child.has_book
    with school.act(LEADER) as work:
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
        lines = read(taking.LINE, taking.line_rows(work, again))
    theirs = next(each for each in again.found if each.facts.id == child.id).facts
    assert (theirs.has_book, theirs.pages, theirs.hui) == (True, 2, 1)
    assert sum(row["moment"] == "hui" for row in lines) == 1
    assert sum(row["moment"] == "book" and row["student_id"] == str(child.id) for row in lines) == 2
    assert again.summary.shares["page"] == reports.Share(1, 1)
    assert [name for name, share in reports.by_support(again.found).items() if share.told] == []


def test_a_hui_that_was_held_counts_for_its_student(days: measures.Days) -> None:
    assert shares_of(days, hui=2)["hui"] == reports.Share(1, 1)
    assert shares_of(days)["hui"] == reports.Share(0, 1)
    assert shares_of(days, pages=3)["page"] == reports.Share(0, 0)  # no book any more on the last day


def test_the_spreadsheet_holds_a_row_for_each_student_and_measure(school: LittleSister) -> None:
    report, _rows, _prompts = made(school, date(2026, 10, 12), TODAY)
    book = load_workbook(io.BytesIO(taking.as_xlsx(report, Language.EN)), read_only=True)
    shares = report.summary.shares.values()
    assert book["Students"].max_row == 1 + sum(share.of for share in shares)
    assert book["Measures"].max_row == 1 + len(shares)
