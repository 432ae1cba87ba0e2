"""Calendar files (iCalendar, RFC 5545): closed days read from one, and the school's year written as one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.segments import tidy

_DAY = timedelta(days=1)
# A closure longer than the longest break of the year, six weeks of summer, is a slip of somebody's calendar.
LONGEST_CLOSURE = timedelta(days=45)
MOST_EVENTS = 2000
LONGEST_WHY = 120
# What the summaries of closed days say, folded: only these are ticked beforehand.
CLOSING_WORDS = ("closed", "teacher only", "teacher-only", "staff only", "no school", "kura kati", "kati te kura")

NOT_A_CALENDAR = N_("This is not a calendar file. Export your calendar as .ics and choose that file.")
TOO_MANY = N_("This calendar has more than %(most)s events. Export this year alone.")
CANCELLED = N_("It was cancelled.")
REPEATS = N_("It repeats. Close its days one by one.")
PART_OF_A_DAY = N_("It is part of a day, and the school stays open.")
TOO_LONG = N_("It is longer than six weeks.")
NO_SCHOOL_DAY = N_("It has no school day still to come.")
UNREADABLE = N_("Its days cannot be read.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A school day to come that an event lies on; ``closes`` when its words say that the school is closed."""

    day: date
    why: str
    closes: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event that offers no day, with why not (a sentence to translate)."""

    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a calendar file holds for a school: days in order, each once, and the events that were left out."""

    days: tuple[Offered, ...]
    left_out: tuple[LeftOut, ...]


def read_calendar_file(raw: bytes, calendar: SchoolCalendar, today: date) -> CalendarFile:
    """The school days from ``today`` on that whole-day events of the file lie on.

    Whole days are dates (RFC 5545, 3.3.4; DTEND is the day after the last) or, as Outlook writes them, midnight to
    midnight on the school's clock. Raises Invalid when the bytes are no calendar or hold too many events.
    """
    days: dict[date, Offered] = {}
    left_out: list[LeftOut] = []
    for event in _events(raw):
        why = tidy(" ".join(str(event.get("SUMMARY", "")).split()))[:LONGEST_WHY]
        found = _days_or_reason(event, calendar, today)
        if isinstance(found, str):
            left_out.append(LeftOut(why, found))
            continue
        closes = any(word in fold(why) for word in CLOSING_WORDS)
        for day in found:
            if day not in days or (closes and not days[day].closes):
                days[day] = Offered(day, why, closes)
    return CalendarFile(tuple(days[day] for day in sorted(days)), tuple(left_out))


def _events(raw: bytes) -> list[Any]:
    try:
        calendars = icalendar.Calendar.from_ical(raw.decode("utf-8-sig"), multiple=True)
        events = [event for each in calendars for event in each.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Invalid(NOT_A_CALENDAR, field="file") from None
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise Invalid(NOT_A_CALENDAR, field="file")
    if len(events) > MOST_EVENTS:
        raise Invalid(TOO_MANY, field="file", most=MOST_EVENTS)
    return events


def _days_or_reason(event: Any, calendar: SchoolCalendar, today: date) -> Sequence[date] | str:
    """The school days an event offers, or why it offers none."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return CANCELLED
    if "RRULE" in event or "RDATE" in event:
        return REPEATS
    try:
        first, end = _span(event, calendar)
    except (ValueError, KeyError, TypeError, AttributeError):
        return UNREADABLE
    if not first < end:
        return PART_OF_A_DAY
    if end - first > LONGEST_CLOSURE:
        return TOO_LONG
    return calendar.school_days(max(first, today), end - _DAY) or NO_SCHOOL_DAY


def _span(event: Any, calendar: SchoolCalendar) -> tuple[date, date]:
    """The first day and the day after the last; the same day twice when the event is not of whole days."""
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else start + _length(event, start)
    if not isinstance(start, datetime):
        return start, max(end, start + _DAY)
    start, end = (_local(moment, calendar) for moment in (start, end))
    if start.time() != time() or end.time() != time():
        return start.date(), start.date()
    return start.date(), end.date()


def _length(event: Any, start: date) -> timedelta:
    if "DURATION" in event:
        return timedelta(seconds=event["DURATION"].dt.total_seconds())
    return timedelta() if isinstance(start, datetime) else _DAY


def _local(moment: datetime, calendar: SchoolCalendar) -> datetime:
    """A moment on the school's clock; one without a zone is meant so already (RFC 5545, 3.3.5, form 1)."""
    return moment if moment.tzinfo is None else calendar.local(moment)


def write_calendar_file(
    school_id: uuid.UUID, name: str, marked: Iterable[tuple[str, date, date, str]], *, now: datetime
) -> bytes:
    """A calendar file of whole days: ``marked`` holds (kind, first day, last day, what it is).

    An event keeps its UID as long as its kind and first day stay, so that a calendar that reads the file again
    changes what it has and doubles nothing.
    """
    calendar = icalendar.Calendar()
    calendar.add("PRODID", "-//commsbridge//school year//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", name)
    for event in _written(school_id, marked, now):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _written(
    school_id: uuid.UUID, marked: Iterable[tuple[str, date, date, str]], now: datetime
) -> Iterator[icalendar.Event]:
    for kind, first_on, last_on, what in marked:
        event = icalendar.Event()
        event.add("UID", f"{kind}-{first_on.isoformat()}@{school_id}")
        event.add("DTSTAMP", now)
        event.add("DTSTART", first_on)
        event.add("DTEND", last_on + _DAY)
        event.add("SUMMARY", what)
        event.add("TRANSP", "TRANSPARENT")
        yield event
