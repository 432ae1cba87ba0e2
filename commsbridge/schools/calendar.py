"""When this school is open: its terms, the days it is closed, and the hours in which nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from commsbridge.foundation import school_time
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.reo_dates import DayNames
from commsbridge.foundation.school_time import REGIONS, QuietHours, SchoolCalendar, calendar_for, national_terms
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools.models import ClosedDay, School, Term


def school_of(work: Work) -> School:
    """The school this work is in, read once a work."""
    return work.once("school", lambda: _school_of(work))


def _school_of(work: Work) -> School:
    school = work.session.get_one(School, work.school_id)
    work.session.info["school"] = school  # a session forgets a row that nobody holds, and everybody asks for this one
    return school


def calendar_of(work: Work) -> SchoolCalendar:
    """The school's calendar: the shipped terms, those it set for itself in their place, and its closed days."""
    return work.once("calendar", lambda: _calendar(work))


def _calendar(work: Work) -> SchoolCalendar:
    school = school_of(work)
    closed = work.session.scalars(select(ClosedDay.closed_on)).all()
    calendar = calendar_for(school.region, school.time_zone, _terms(work), closed, school.observed_anniversary)
    return replace(calendar, day_names=school.day_names)


def today(work: Work) -> date:
    """The day it is at this school."""
    return work.once("today", lambda: SchoolCalendar(school_of(work).time_zone, (), frozenset()).local(work.now).date())


def day_begins(work: Work, day: date) -> datetime:
    """The moment (aware) at which a day begins on the school's clock."""
    return datetime.combine(day, time(), ZoneInfo(school_of(work).time_zone))


def set_term(work: Work, *, year: int, number: int, first_on: date, last_on: date) -> Term:
    """Set the days of a term, both included, in place of the shipped ones.

    Raises Invalid when the days run backwards, lie in another year, or touch another term of this school.
    """
    if not 1 <= number <= 4:
        raise Invalid(N_("A school year has terms 1 to 4."), field="number")
    if first_on >= last_on:
        raise Invalid(N_("The last day of a term comes after its first day."), field="last_on")
    if first_on.year != year or last_on.year != year:
        raise Invalid(N_("The days of a term lie in its own year."), field="first_on")
    for other in _terms(work):
        if (other.year, other.number) != (year, number) and first_on <= other.last_on and other.first_on <= last_on:
            raise Invalid(N_("These days touch term %(number)s."), field="first_on", number=other.number)
    row = _own_term(work, year, number) or Term(year=year, number=number)
    row.first_on, row.last_on = first_on, last_on
    work.session.add(row)
    work.session.flush()
    return row


def forget_term(work: Work, *, year: int, number: int) -> None:
    """Go back to the shipped days of a term. Raises NotFound when the school had set none."""
    row = _own_term(work, year, number)
    if row is None:
        raise NotFound(N_("This school has not set days of its own for that term."))
    work.session.delete(row)
    work.session.flush()


def closed_days(work: Work) -> Sequence[ClosedDay]:
    """The days on which this school alone is closed, in order; public holidays are not among them."""
    return work.session.scalars(select(ClosedDay).order_by(ClosedDay.closed_on)).all()


def close_day(work: Work, day: date, *, why: str) -> ClosedDay:
    """Close the school for a day: a teacher-only day, a flood. Raises Conflict when it is closed already."""
    if work.session.scalar(select(ClosedDay).where(ClosedDay.closed_on == day)) is not None:
        raise Conflict(N_("The school is already closed on that day."), field="closed_on")
    row = ClosedDay(closed_on=day, why=one_line(why, field="why", longest=120))
    work.session.add(row)
    work.session.flush()
    return row


def open_day(work: Work, day: date) -> None:
    """Take a closed day back. Raises NotFound when the school had not closed it."""
    row = work.session.scalar(select(ClosedDay).where(ClosedDay.closed_on == day))
    if row is None:
        raise NotFound(N_("The school had not closed that day."))
    work.session.delete(row)
    work.session.flush()


def set_observed_anniversary(work: Work, region: str | None) -> None:
    """Keep the anniversary day of ``region`` (one of REGIONS); None keeps that of the school's own region.

    Raises Invalid when the region is not known.
    """
    if region is not None and region not in REGIONS:
        raise Invalid(N_("This region is not known."), field="observed_anniversary")
    school_of(work).observed_anniversary = region
    work.session.flush()


def set_time_zone(work: Work, time_zone: str) -> None:
    """Set whose clock this school keeps; whatever has a time of day here keeps that time, on the new clock.

    Raises Invalid for a zone that is none of school_time.TIME_ZONES.
    """
    school = school_of(work)
    calendar_for(school.region, time_zone, ())
    school.time_zone = time_zone
    work.session.flush()


def quiet_hours(work: Work) -> QuietHours:
    """From when until when, on the school's clock, nothing is sent; over midnight when the first is the later."""
    school = school_of(work)
    return school.quiet_from, school.quiet_until


def set_quiet_hours(work: Work, *, quiet_from: time, quiet_until: time) -> None:
    """Set the hours in which nothing is sent; the same beginning and end means that no hour is quiet."""
    school = school_of(work)
    school.quiet_from, school.quiet_until = quiet_from, quiet_until
    work.session.flush()


def own_terms(work: Work) -> set[tuple[int, int]]:
    """The terms, as (year, number), whose days this school has set for itself."""
    return {(own.year, own.number) for own in work.session.scalars(select(Term))}


def send_only_checked_te_reo(work: Work, *, only_checked: bool) -> None:
    """Set whether te reo Māori that no named person has checked may leave this school."""
    school_of(work).only_checked_te_reo = only_checked
    work.session.flush()


def set_reo_style(work: Work, *, day_names: DayNames, text_vowels: LongVowels) -> None:
    """Set which names days and months have in te reo Māori, and how its long vowels are written in texts."""
    school = school_of(work)
    school.day_names, school.text_vowels = day_names, text_vowels
    work.session.flush()


def read_concerns_first(work: Work, *, read_first: bool) -> None:
    """Set whether a second person reads each concern before it goes to whānau."""
    school_of(work).concerns_read_first = read_first
    work.session.flush()


def _terms(work: Work) -> list[school_time.Term]:
    terms = {(term.year, term.number): term for term in national_terms()}
    for own in work.session.scalars(select(Term)):
        term = school_time.Term(own.year, own.number, own.first_on, own.last_on, first_by=own.first_on)
        terms[own.year, own.number] = term
    return list(terms.values())


def _own_term(work: Work, year: int, number: int) -> Term | None:
    return work.session.scalar(select(Term).where(Term.year == year, Term.number == number))
