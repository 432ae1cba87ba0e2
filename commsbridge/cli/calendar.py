"""`commsbridge calendar …`: a school's terms and closed days, where they differ from the shipped ones."""

from __future__ import annotations

from datetime import date, datetime

import click

from commsbridge import schools
from commsbridge.cli.acting import opened_runtime, work_at
from commsbridge.cli.commands import Verb, Verbs

DAY = click.DateTime(["%Y-%m-%d"])
SCHOOL = click.option("--school", "written", help="Which school; may be left out when there is one.")


@click.group(cls=Verbs)
def calendar() -> None:
    """Terms and closed days of a school."""


@calendar.command(cls=Verb)
@SCHOOL
def show(written: str | None) -> None:
    """Show the terms, the school's own closed days, and warn of a year whose terms are not known."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        known = schools.calendar_of(work)
        today = schools.today(work)
        closed = schools.closed_days(work)
    for term in known.terms:
        click.echo(f"{term.year} term {term.number}: {term.first_on} to {term.last_on}")
    for row in closed:
        click.echo(f"closed {row.closed_on}: {row.why}")
    missing = known.missing_terms(today, today.replace(year=today.year + 1, day=1))
    for year in missing.years if missing else ():
        click.echo(f"The terms of {year} are not known: until they are, no day of that year counts as a school day.")


@calendar.command("set-term", cls=Verb)
@SCHOOL
@click.argument("year", type=int)
@click.argument("number", type=click.IntRange(1, 4))
@click.argument("first_on", type=DAY)
@click.argument("last_on", type=DAY)
def set_term(written: str | None, year: int, number: int, first_on: datetime, last_on: datetime) -> None:
    """Set the first and last day of a term, both school days of it, in place of the shipped ones."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        schools.set_term(work, year=year, number=number, first_on=first_on.date(), last_on=last_on.date())
    click.echo(f"{year} term {number} is {_day(first_on)} to {_day(last_on)}.")


@calendar.command("forget-term", cls=Verb)
@SCHOOL
@click.argument("year", type=int)
@click.argument("number", type=click.IntRange(1, 4))
def forget_term(written: str | None, year: int, number: int) -> None:
    """Go back to the shipped days of a term."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        schools.forget_term(work, year=year, number=number)
    click.echo(f"{year} term {number} has the shipped days again.")


@calendar.command("close-day", cls=Verb)
@SCHOOL
@click.argument("day", type=DAY)
@click.option("--why", required=True, help="What is on: a teacher-only day, a flood.")
def close_day(written: str | None, day: datetime, why: str) -> None:
    """Note a day on which the school is closed."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        schools.close_day(work, day.date(), why=why)
    click.echo(f"Closed on {_day(day)}.")


@calendar.command("open-day", cls=Verb)
@SCHOOL
@click.argument("day", type=DAY)
def open_day(written: str | None, day: datetime) -> None:
    """Take a closed day back."""
    with opened_runtime() as runtime, work_at(runtime, written) as work:
        schools.open_day(work, day.date())
    click.echo(f"Not closed on {_day(day)} any more.")


def _day(given: datetime) -> date:
    return given.date()
