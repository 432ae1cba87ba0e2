"""Which days a report is about: this week, this term, last term, or between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar, Term

LONGEST_DAYS = 2 * 366


class Span(StrEnum):
    """The spans a reader chooses from."""

    WEEK = "week"
    TERM = "term"
    LAST_TERM = "last_term"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; ``term`` is the term that it lies in as a whole or in part."""

    span: Span
    first_on: date
    last_on: date
    term: Term | None = None


def read_period(
    calendar: SchoolCalendar, today: date, span: str | None, first_on: str | None = None, last_on: str | None = None
) -> Period:
    """The period that somebody asked for, never reaching beyond ``today``; nothing asked for is this term.

    In the holidays "this term" is the one that ended last. Raises Invalid for dates that are none, run backwards, begin
    in the future or span more than two years; and for a term where no term days are known.
    """
    wanted = Span(span) if span in set(Span) else Span.TERM
    if wanted is Span.DATES:
        return _between(calendar, today, first_on, last_on)
    if wanted is Span.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(wanted, monday, today, calendar.term_of(today))
    begun = [term for term in calendar.terms if term.first_on <= today]
    place = -1 if wanted is Span.TERM else -2
    if len(begun) < -place:
        raise Invalid(N_("No term days are known for that time. Choose two dates instead."), field="span")
    term = begun[place]
    return Period(wanted, term.first_on, min(term.last_on, today), term)


def one_before(calendar: SchoolCalendar, period: Period) -> Period | None:
    """What a period is compared with: the same school days of the term before; None when there is none.

    A term that has come to its fifth week is compared with the first five weeks of the last one. Dates and weeks are
    compared with as many days just before.
    """
    if period.span in {Span.TERM, Span.LAST_TERM} and period.term is not None:
        earlier = [term for term in calendar.terms if term.last_on < period.term.first_on]
        if not earlier:
            return None
        how_many = len(calendar.school_days(period.first_on, period.last_on))
        days = calendar.school_days(earlier[-1].first_on, earlier[-1].last_on)[:how_many]
        return Period(Span.DATES, earlier[-1].first_on, days[-1], earlier[-1]) if days else None
    length = period.last_on - period.first_on
    last_on = period.first_on - timedelta(days=1)
    return Period(Span.DATES, last_on - length, last_on, None)


def _between(calendar: SchoolCalendar, today: date, first: str | None, last: str | None) -> Period:
    try:
        first_on, last_on = date.fromisoformat(first or ""), date.fromisoformat(last or "")
    except ValueError:
        raise Invalid(N_("Choose two dates: from when, and until when."), field="first_on") from None
    if last_on < first_on:
        raise Invalid(N_("The last day comes before the first. Swap the two dates."), field="last_on")
    if first_on > today:
        raise Invalid(N_("These days are still to come. Choose days that have begun."), field="first_on")
    if (last_on - first_on).days > LONGEST_DAYS:
        raise Invalid(N_("A report spans two years at most. Choose fewer days."), field="first_on")
    return Period(Span.DATES, first_on, min(last_on, today), calendar.term_of(first_on))
