"""What tests of reports share: a child of whom little is known, a report with its rows, and the days they speak of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text

from commsbridge import prompts, reports, schools, students
from commsbridge.demo import people
from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.foundation.work import Work
from commsbridge.reports import Period, Regularity, Report, Share, Span, Summary, taking
from commsbridge.reports.regularity import Days, regularity
from commsbridge.reports.summary import summary
from tests.rooms.large import LittleSister
from tests.rooms.report_by_hand import Rows, read

TODAY = date(2026, 11, 17)
LEADER = people.WIKAIRA.name
CALENDAR = calendar_for("AUK", "Pacific/Auckland", [term for term in national_terms() if term.year in {2025, 2026}])
BARE = SchoolCalendar("Pacific/Auckland", (), frozenset())
DAYS = Days(CALENDAR)
TERM = Period(Span.TERM, date(2026, 10, 12), TODAY)


def facts(**over: Any) -> reports.Facts:
    """A child who came long ago and of whom nothing is known but what is said."""
    usual: dict[str, Any] = {
        "id": uuid.uuid4(), "preferred_name": "Mere", "name": "Mere Moana", "year_level": 5, "class_ids": (),
        "began_on": date(2025, 3, 3), "paused": False, "declined": False, "asked": "en",
    }  # fmt: skip
    return reports.Facts(**{**usual, **over})


def one(**over: Any) -> Regularity:
    """How regularly that child's home heard this term."""
    return regularity(facts(**over), DAYS, TERM)


def heard_on(*days: date, **over: Any) -> Regularity:
    """The same of a child whose home heard on these days."""
    return one(days=tuple(sorted(days)), last_on=max(days, default=None), **over)


def summed(*found: Regularity) -> Summary:
    """Their measures together."""
    return summary(found)


def shares_of(**over: Any) -> dict[str, Share]:
    """Every share of that child alone."""
    return summed(one(**over)).shares


@contextmanager
def earlier(sister: LittleSister, at: datetime | None = None) -> Iterator[Work]:
    """An act of a leader of the little sister, at another moment than today; nothing of it stays."""
    with sister.act(LEADER) as work:
        yield replace(work, now=at) if at else work


def aim_high(work: Work) -> None:
    """The school asks for more than most do, some children have a target of their own, and some a book."""
    last_year = replace(work, now=datetime(2025, 2, 1, tzinfo=UTC))
    prompts.set_rules(last_year, prompts.Rules(usual_times=2, book_times=5))
    ids = work.session.scalars(text("SELECT id FROM students WHERE left_on IS NULL ORDER BY id")).all()
    for place, each in enumerate(ids):
        if place % 5 == 0:
            students.set_target(last_year, each, 1 + place % 4)
        if place % 7 == 0:
            work.session.execute(
                text(
                    "INSERT INTO books (student_id, title_en, title_mi, rhythm, begun_by, begun_at) "
                    "SELECT :child, 'A', 'B', 'daily', id, '2025-02-01T00:00Z' FROM staff LIMIT 1"
                ),
                {"child": each},
            )


def made(
    sister: LittleSister, first_on: date, last_on: date, *, before: Callable[[Work], None] | None = None
) -> tuple[Report, Rows, Rows]:
    """A report, and as the export has them: every line of the log up to its last day, and who was asked about."""
    with sister.act(LEADER) as work:
        if before:
            before(work)
        report = reports.report(work, schools.calendar_of(work), Period(Span.DATES, first_on, last_on))
        lines = read(taking.as_csv(taking.LINE, taking.line_rows(work, report, first_on=date(2020, 1, 1))))
        asked = read(taking.as_csv(taking.PROMPT, taking.prompt_rows(work, report)))
    return report, lines, asked
