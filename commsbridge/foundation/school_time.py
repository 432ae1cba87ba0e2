"""School time in New Zealand: terms, closed days, local clocks with daylight saving, and hours to keep quiet in."""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import DayNames

TIME_ZONES = ("Pacific/Auckland", "Pacific/Chatham")
# The regions a school can be in, as ISO 3166-2:NZ names them; South Canterbury is none but keeps a day of its own.
REGIONS = {
    "NTL": "Northland",
    "AUK": "Auckland",
    "WKO": "Waikato",
    "BOP": "Bay of Plenty",
    "GIS": "Gisborne",
    "HKB": "Hawke's Bay",
    "TKI": "Taranaki",
    "MWT": "Manawatū-Whanganui",
    "WGN": "Wellington",
    "TAS": "Tasman",
    "NSN": "Nelson",
    "MBH": "Marlborough",
    "WTC": "West Coast",
    "CAN": "Canterbury",
    "SCA": "South Canterbury",
    "OTA": "Otago",
    "STL": "Southland",
    "CIT": "Chatham Islands",
}
_SUBDIVISIONS = {"SCA": "South Canterbury"}
QuietHours = tuple[time, time]
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One school term, first and last day included.

    Where the Ministry gives a range for the first day, ``first_on`` is its earliest and ``first_by`` its latest day;
    for the days a school has set itself the two are the same.
    """

    year: int
    number: int
    first_on: date
    last_on: date
    first_by: date


@dataclass(frozen=True, slots=True)
class ShippedTerm:
    """A term as the service ships it, with where its days came from and when that was last looked at."""

    term: Term
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class MissingTerms:
    """A note that no term days are known for these years: nothing in them counts as a school day."""

    years: tuple[int, ...]


@dataclass(frozen=True)
class SchoolCalendar:
    """When one school is open.

    ``closed`` holds every closed weekday inside the terms' years: public holidays, the anniversary day observed,
    Easter Tuesday and the school's own days. A year without terms has no school days; ask ``missing_terms``.
    ``day_names`` are those the school gives its days and months in te reo Māori.
    """

    time_zone: str
    terms: tuple[Term, ...]
    closed: frozenset[date]
    day_names: DayNames = DayNames.TRADITIONAL

    @property
    def years_known(self) -> frozenset[int]:
        """The years that have a term table."""
        return frozenset(term.year for term in self.terms)

    def missing_terms(self, first: date, last: date) -> MissingTerms | None:
        """A note of the years from ``first`` to ``last`` that have no term table, or None when all have one."""
        years = tuple(year for year in range(first.year, last.year + 1) if year not in self.years_known)
        return MissingTerms(years) if years else None

    def term_of(self, day: date) -> Term | None:
        """The term that ``day`` is in, weekends and closed days included; None in the holidays."""
        return next((term for term in self.terms if term.first_on <= day <= term.last_on), None)

    @cached_property
    def every_school_day(self) -> tuple[date, ...]:
        """Every school day of the terms known, in order."""
        days = {day for term in self.terms for day in _days(term.first_on, term.last_on) if day.weekday() < 5}
        return tuple(sorted(days - self.closed))

    def is_school_day(self, day: date) -> bool:
        """Whether the school teaches on ``day``."""
        return bool(self.school_days(day, day))

    def school_days(self, first: date, last: date) -> list[date]:
        """The school days from ``first`` to ``last``, both included, in order."""
        days = self.every_school_day
        return list(days[bisect_left(days, first) : bisect_right(days, last)])

    def last_school_days(self, n: int, up_to: date) -> list[date]:
        """The ``n`` latest school days up to and including ``up_to``, in order; fewer when the terms begin later."""
        days = self.every_school_day
        until = bisect_right(days, up_to)
        return list(days[max(0, until - n) : until])

    def school_days_since(self, day: date, today: date) -> int:
        """How many school days have begun after ``day``, ``today`` included: 0 on the day itself."""
        return len(self.school_days(day + _DAY, today))

    def local(self, now: datetime) -> datetime:
        """``now`` on the school's own clock; raises ValueError when ``now`` carries no time zone."""
        if now.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return now.astimezone(ZoneInfo(self.time_zone))

    def moment(self, day: date, at: time) -> datetime:
        """The moment (aware UTC) at which the school's clock shows ``at`` on ``day``.

        A time that the clocks skip is as much later as they were put on; of a time they show twice it is the first.
        """
        return datetime.combine(day, at.replace(fold=0), ZoneInfo(self.time_zone)).astimezone(UTC)

    def next_school_day(self, after: date) -> date | None:
        """The first school day after a day; None when no term is known that has one."""
        days = self.every_school_day
        place = bisect_right(days, after)
        return days[place] if place < len(days) else None

    def within_hours(self, now: datetime, start: time, end: time) -> bool:
        """Whether the school's clock is at or after ``start`` and before ``end``, over midnight when start > end.

        The same start and end hold no moment at all.
        """
        return _within(self.local(now).time(), start, end)

    def next_opening(self, now: datetime, quiet: QuietHours | None) -> datetime:
        """The earliest moment from ``now`` on (aware UTC) at which the school's clock is outside ``quiet``.

        That is ``now`` itself when it is not quiet. When the clocks skip the end of the quiet hours it is the moment
        after the skip; when they show it twice it is the first of the two that is not past.
        """
        moment = now.astimezone(UTC)
        if quiet is None or not self.within_hours(now, *quiet):
            return moment
        moment = max(moment, self._first_end(now, quiet[1]))
        while self.within_hours(moment, *quiet):
            moment = moment.replace(second=0, microsecond=0) + _MINUTE
        return moment

    def _first_end(self, now: datetime, end: time) -> datetime:
        """The next ``end`` of quiet hours, read in whichever way (before or after a clock change) comes first."""
        local = self.local(now)
        day = local.date() if local.time() < end else local.date() + _DAY
        zone = ZoneInfo(self.time_zone)
        return min(datetime.combine(day, end.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))


def calendar_for(
    region: str | None,
    time_zone: str,
    terms: Sequence[Term],
    closed: Collection[date] = (),
    observed_anniversary: str | None = None,
) -> SchoolCalendar:
    """The calendar of a school.

    ``region`` is one of REGIONS (None: no anniversary day). BOP, GIS, MWT, TAS and WKO have no anniversary day of
    their own: ``observed_anniversary`` names the region whose day the school keeps, there or anywhere. ``closed`` are
    the school's own closed days (teacher-only days and the like). Raises Invalid for an unknown region or time zone.
    """
    if time_zone not in TIME_ZONES:
        raise Invalid(
            N_("Schools keep the time of Auckland or of the Chatham Islands."),
            field="time_zone",
        )
    for field, name in (("region", region), ("observed_anniversary", observed_anniversary)):
        if name is not None and name not in REGIONS:
            raise Invalid(N_("This region is not known."), field=field)
    years = {term.year for term in terms}
    shut = frozenset(closed).union(*(public_closed_days(year, observed_anniversary or region) for year in years))
    return SchoolCalendar(time_zone, tuple(sorted(terms)), shut)


@cache
def public_closed_days(year: int, region: str | None) -> frozenset[date]:
    """The days of ``year`` on which every school of ``region`` is closed: public holidays and Easter Tuesday.

    Public holidays are those of the `holidays` package; Easter Tuesday is a holiday of schools alone, in the
    Ministry's calendar.
    """
    return frozenset(public_holidays(year, region))


@cache
def public_holidays(year: int, region: str | None) -> Mapping[date, str]:
    """The days of ``public_closed_days`` with their English names, as the `holidays` package gives them."""
    public = holidays.country_holidays(
        "NZ", subdiv=_SUBDIVISIONS.get(region or "", region), years=year, language="en_NZ"
    )
    easter_tuesday = {day + _DAY: "Easter Tuesday" for day in public.get_named("Easter Monday", lookup="exact")}
    return MappingProxyType(dict(sorted({**dict(public), **easter_tuesday}.items())))


@cache
def shipped_terms() -> tuple[ShippedTerm, ...]:
    """The term table that comes with the service (data/nz_terms.tsv), in order."""
    table = files("commsbridge.foundation").joinpath("data/nz_terms.tsv").read_text("utf-8")
    return tuple(_shipped(row) for row in csv.DictReader(table.splitlines(), delimiter="\t"))


def national_terms() -> tuple[Term, ...]:
    """The Ministry's terms of all years that are shipped, before a school sets its own days."""
    return tuple(shipped.term for shipped in shipped_terms())


def _shipped(row: dict[str, str]) -> ShippedTerm:
    first_on, last_on, first_by, checked_on = (
        date.fromisoformat(row[name]) for name in ("first_on", "last_on", "first_by", "checked_on")
    )
    term = Term(int(row["year"]), int(row["term"]), first_on, last_on, first_by)
    return ShippedTerm(term, row["source"], checked_on)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end
