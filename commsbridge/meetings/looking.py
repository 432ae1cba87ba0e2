"""When a hui next needs a look: the day before it is held, and the mornings of and after a next step's day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiState
from commsbridge.meetings.reading import steps_of

REMINDS_AT = time(16)
LOOKS_AT = time(8)
_DAY = timedelta(days=1)
# So long before the day, times are offered again.
OFFERED_AHEAD = timedelta(days=14)


def reminder_at(work: Work, hui: Hui) -> datetime | None:
    """The afternoon before, on the school's clock; None where there is nothing to remind of."""
    if hui.state is not HuiState.SET or hui.begins_at is None or hui.reminded_at is not None:
        return None
    calendar = schools.calendar_of(work)
    return calendar.moment(calendar.local(hui.begins_at).date() - _DAY, REMINDS_AT)


def due_at(work: Work, due_on: date) -> datetime:
    """From when on a next step is for today."""
    return schools.calendar_of(work).moment(due_on, LOOKS_AT)


def meet_again_at(work: Work, next_on: date) -> datetime:
    """From when on times are offered for a hui that was agreed for a day."""
    return schools.calendar_of(work).moment(next_on - OFFERED_AHEAD, LOOKS_AT)


def late_at(work: Work, due_on: date) -> datetime:
    """From when on a next step is late: the morning after its day."""
    return schools.calendar_of(work).moment(due_on + _DAY, LOOKS_AT)


def unwritten_at(work: Work, hui: Hui) -> datetime | None:
    """From when on minutes are missed: the next school morning after the hui; None where none are to come."""
    if hui.begins_at is None or hui.chased_at is not None or hui.minutes_sent_at is not None:
        return None
    if hui.state not in {HuiState.SET, HuiState.HELD}:
        return None
    calendar = schools.calendar_of(work)
    on = calendar.local(hui.begins_at).date()
    return calendar.moment(calendar.next_school_day(on) or on + _DAY, LOOKS_AT)


def next_look(work: Work, hui: Hui) -> datetime | None:
    """The next moment at which something is due of this hui; None where nothing is."""
    still = [each for each in steps_of(work, [hui.id], still_open=True) if each.raised_at is None]
    reminder = reminder_at(work, hui)
    # Chosen after the afternoon before: they have just been told when it is.
    remind = [reminder] if reminder is not None and reminder > work.now else []
    again = [meet_again_at(work, hui.next_on)] if hui.next_on is not None and hui.next_asked_at is None else []
    ask = [due_at(work, each.due_on) for each in still if each.by_family and each.reminded_at is None]
    unwritten = unwritten_at(work, hui)
    missed = [unwritten] if unwritten is not None else []
    return min([*remind, *again, *ask, *missed, *(late_at(work, each.due_on) for each in still)], default=None)
