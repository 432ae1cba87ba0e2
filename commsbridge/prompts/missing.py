"""Which moments of a schedule are due now, and which were missed while no clock ran: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.prompts.models import Late, Schedule
from commsbridge.prompts.rules import EARLIEST, LATEST
from commsbridge.prompts.schedules import NO_MOVES, Moves, moments_between

# A prompt that is later than this is late: the lesson it was meant for is over.
TOO_LATE = timedelta(hours=2)
# What was missed longer ago than this is not spoken of any more.
LOOKS_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Due:
    """What to do now: ask for the moment ``ask`` (``late``: it was missed, and moves to now); ``dropped`` are gone."""

    ask: datetime | None = None
    late: bool = False
    dropped: tuple[datetime, ...] = ()


def due_now(
    schedule: Schedule, calendar: SchoolCalendar, now: datetime, late: Late, moves: Moves = NO_MOVES
) -> Due | None:
    """What a schedule's moments since it was last looked at come to; None when there were none, or none to judge yet.

    Of several that were missed the last alone is moved, to now, on a school day in the hours in which a teacher may be
    asked; outside them it waits to be judged again, until the next moment takes its place. Nobody is asked late and
    then once more on the same day.
    """
    since = max(schedule.asked_until or now - TOO_LATE, now - LOOKS_BACK)
    moments = [moment for _, moment in moments_between(schedule, calendar, since, now, moves)]
    if not moments:
        return None
    last, earlier = moments[-1], tuple(moments[:-1])
    if now < last + TOO_LATE:
        return Due(ask=last, dropped=earlier)
    local = calendar.local(now)
    evening = calendar.moment(local.date(), LATEST)
    if late is Late.DROP or moments_between(schedule, calendar, now, max(now, evening), moves):
        return Due(dropped=tuple(moments))
    if calendar.is_school_day(local.date()) and EARLIEST <= local.time() <= LATEST:
        return Due(ask=last, late=True, dropped=earlier)
    return None
