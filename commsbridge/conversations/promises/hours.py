"""School hours: minutes that count towards a promise, on school days alone; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commsbridge.foundation.school_time import SchoolCalendar

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a school, from ``opens`` to ``closes`` on its own clock; ``weekdays`` (Monday 0) are a person's.

    Beyond the terms that are known there are no hours.
    """

    calendar: SchoolCalendar
    opens: time
    closes: time
    weekdays: frozenset[int] = frozenset(range(5))

    @property
    def day_minutes(self) -> int:
        """How many minutes a school day has."""
        return (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute

    def minutes_between(self, since: datetime, until: datetime) -> int:
        """The whole minutes of these hours between two moments (aware); 0 when they run backwards."""
        last = self.calendar.local(until).date()
        counted = timedelta()
        for opens, closes in self._days(self.calendar.local(since).date()):
            if self.calendar.local(opens).date() > last:
                break
            counted += max(timedelta(), min(closes, until) - max(opens, since))
        return counted // _MINUTE

    def after(self, since: datetime, minutes: int) -> datetime | None:
        """The moment (aware UTC) at which so many minutes of these hours have passed; None beyond the known terms."""
        left = timedelta(minutes=max(0, minutes))
        for opens, closes in self._days(self.calendar.local(since).date()):
            begins = max(opens, since)
            if begins < closes and left <= closes - begins:
                return begins + left
            left -= max(timedelta(), closes - begins)
        return None

    def open_at(self, now: datetime) -> bool:
        """Whether a moment lies in these hours."""
        return self.closing(now) is not None

    def closing(self, now: datetime) -> datetime | None:
        """When the hours in which ``now`` lies end; None outside them."""
        for opens, closes in self._days(self.calendar.local(now).date()):
            return closes if opens <= now < closes else None
        return None

    def next_opening(self, now: datetime) -> datetime | None:
        """The first moment after ``now`` at which these hours begin; None beyond the known terms."""
        return next((opens for opens, _ in self._days(self.calendar.local(now).date()) if opens > now), None)

    def day_of(self, now: datetime) -> date | None:
        """The day whose hours run at ``now`` or come next; None beyond the known terms."""
        closing = next((closes for _, closes in self._days(self.calendar.local(now).date()) if closes > now), None)
        return self.calendar.local(closing).date() if closing else None

    def _days(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        """The hours of each day from one on, in order, as (opens, closes)."""
        last = max((term.last_on for term in self.calendar.terms), default=first)
        for day in self.calendar.school_days(first, last):
            if day.weekday() in self.weekdays:
                yield self.calendar.moment(day, self.opens), self.calendar.moment(day, self.closes)
