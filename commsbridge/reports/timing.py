"""When a report comes by mail, and about which days: pure, on the school's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports.models import Rhythm
from commsbridge.reports.periods import Period, Span

# Before the first bell, on the school's own clock.
COMES_AT = time(7, 30)


@dataclass(frozen=True, slots=True)
class Due:
    """A report that comes ``at`` (aware UTC) and is about the days of ``period``, which are over then."""

    at: datetime
    period: Period


def next_due(calendar: SchoolCalendar, rhythm: Rhythm, after: datetime) -> Due | None:
    """The first report that comes later than ``after`` (aware); None when the terms that are known hold none.

    A week's comes on the Monday after it, a month's on the first of the next, a term's on the day after its last. A
    week or month without a school day has nothing to tell and is left out.
    """
    for first_on, last_on in _spans(calendar, rhythm):
        at = calendar.moment(last_on + timedelta(days=1), COMES_AT)
        if at > after and calendar.school_days(first_on, last_on):
            return Due(at, Period(Span.DATES, first_on, last_on, calendar.term_of(first_on)))
    return None


def latest_due(calendar: SchoolCalendar, rhythm: Rhythm, now: datetime) -> Due | None:
    """The last report that should have come by ``now``: of several that were missed, only this one is still news."""
    found = None
    after = datetime.min.replace(tzinfo=now.tzinfo)
    while (due := next_due(calendar, rhythm, after)) is not None and due.at <= now:
        found, after = due, due.at
    return found


def _spans(calendar: SchoolCalendar, rhythm: Rhythm) -> Iterator[tuple[date, date]]:
    """The weeks, months or terms from the first term that is known to the last."""
    if rhythm is Rhythm.TERM:
        yield from ((term.first_on, term.last_on) for term in sorted(calendar.terms))
        return
    if not calendar.terms:
        return
    day, last = min(term.first_on for term in calendar.terms), max(term.last_on for term in calendar.terms)
    while day <= last:
        first_on = day - timedelta(days=day.weekday()) if rhythm is Rhythm.WEEK else day.replace(day=1)
        day = first_on + timedelta(days=7) if rhythm is Rhythm.WEEK else _next_month(first_on)
        yield first_on, day - timedelta(days=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
