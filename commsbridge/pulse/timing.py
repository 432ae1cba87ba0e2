"""When the two questions go, and until when they are answered: pure, on the school's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commsbridge.foundation.school_time import SchoolCalendar, Term

# After school, on the school's own clock; each family's quiet hours are kept beside it.
GOES_AT = time(16)
# How long answers are taken, unless the term ends before; and how long the questions may go late, were nobody at work.
LASTS = timedelta(days=14)
MAY_GO_LATE = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Going:
    """The questions of one term: they go ``at`` (aware UTC), and the last day of answers is ``closes_on``."""

    term: Term
    at: datetime
    closes_on: date


def next_going(calendar: SchoolCalendar, after: datetime) -> Going | None:
    """The first pulse later than ``after`` (aware); None when no term is known that holds one.

    It goes on the middle school day of a term: there is something to say by then, and time to hear it.
    """
    for term in sorted(calendar.terms):
        going = _of(calendar, term)
        if going is not None and going.at > after:
            return going
    return None


def due_going(calendar: SchoolCalendar, now: datetime) -> Going | None:
    """The pulse that should have gone by ``now`` and may still go; None when there is none."""
    for term in sorted(calendar.terms):
        going = _of(calendar, term)
        if going is not None and going.at <= now < going.at + MAY_GO_LATE:
            return going
    return None


def _of(calendar: SchoolCalendar, term: Term) -> Going | None:
    days = calendar.school_days(term.first_on, term.last_on)
    if not days:
        return None
    day = days[len(days) // 2]
    return Going(term, calendar.moment(day, GOES_AT), min(day + LASTS, term.last_on))
