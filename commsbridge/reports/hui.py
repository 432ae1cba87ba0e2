"""Hui in a report: held, chosen by the family, with voices heard before, and next steps done by their day."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from commsbridge import meetings
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.meetings import HeldHui, StepDue
from commsbridge.reports.periods import Period

HUI = ("kind", "id", "student_id", "at", "times", "unanswered", "voiced", "due_on", "done_on", "explained_on")


def hui_counts(
    work: Work, calendar: SchoolCalendar, period: Period, only: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, dict[str, int]]:
    """What Facts say of hui, of each student who had any or whose next steps came due."""
    found: dict[uuid.UUID, Counter[str]] = {}
    held, steps = _asked(work, calendar, period, only)
    for each in held:
        found.setdefault(each.student_id, Counter()).update(
            hui_held=1, hui_chosen=each.family_chose, hui_voiced=each.voiced
        )
    for step in steps:
        done_on, explained_on = _day(calendar, step.done_at), _day(calendar, step.explained_at)
        found.setdefault(step.student_id, Counter()).update(
            steps_due=1,
            steps_in_time=done_on is not None and done_on <= step.due_on,
            steps_explained=explained_on is not None and explained_on <= step.due_on,
        )
    return {student_id: dict(counted) for student_id, counted in found.items()}


def hui_rows(work: Work, calendar: SchoolCalendar, period: Period) -> Iterator[tuple[Any, ...]]:
    """The hui and next steps behind a report, of HUI columns; nobody's words are among them."""
    held, steps = _asked(work, calendar, period, None)
    for each in held:
        at = each.begins_at.isoformat()
        yield "hui", each.id, each.student_id, at, each.times, each.unanswered, each.voiced, None, None, None
    for step in steps:
        done_on, explained_on = _day(calendar, step.done_at), _day(calendar, step.explained_at)
        yield "step", step.id, step.student_id, None, None, None, None, step.due_on, done_on, explained_on


def _asked(
    work: Work, calendar: SchoolCalendar, period: Period, only: Collection[uuid.UUID] | None
) -> tuple[list[HeldHui], list[StepDue]]:
    start, until = (calendar.moment(day, time()) for day in (period.first_on, period.last_on + timedelta(days=1)))
    held = meetings.held_hui(work, start=start, until=until, only=only)
    steps = meetings.steps_due(work, first_on=period.first_on, last_on=period.last_on, until=until, only=only)
    return held, steps


def _day(calendar: SchoolCalendar, at: datetime | None) -> date | None:
    return calendar.local(at).date() if at else None
