"""`commsbridge staff …`: take somebody on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from commsbridge import schools
from commsbridge.cli.acting import opened_runtime, school_option, work_at
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.foundation.language import Language
from commsbridge.foundation.reo_dates import long_date
from commsbridge.runtime import Runtime
from commsbridge.schools import Role, Staff


@click.group(cls=Verbs)
def staff() -> None:
    """Staff of a school."""


@staff.command(cls=Verb)
@school_option
@click.option("--email", required=True, help="They sign in with it; the same at every school they work at.")
@click.option("--name", required=True, help="Their full name.")
@click.option("--shown-name", required=True, help="How families read it: “Ms Walsh”.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="One or several.",
)
def add(written: str | None, email: str, name: str, shown_name: str, roles: tuple[str, ...]) -> None:
    """Take somebody on, or back, from today; prints the link with which they set their password."""
    with opened_runtime() as runtime:
        with work_at(runtime, written) as work:
            person = schools.add_staff(
                work,
                email=email,
                name=name,
                shown_name=shown_name,
                roles=[Role(role) for role in roles],
                from_on=schools.today(work),
            )
            school, calendar = schools.school_of(work), schools.calendar_of(work)
        click.echo(f"{person.name} is on the staff of {school.name_en}: {', '.join(roles)}.")
        _invite(runtime, person, lambda at: long_date(calendar.local(at).date(), Language.EN))


def _invite(runtime: Runtime, person: Staff, day: Callable[[datetime], str]) -> None:
    """Print the invitation; whoever has a password already needs none."""
    with runtime.lobby() as lobby:
        link = schools.invite(lobby, person.account_id)
    if link is None:
        click.echo("They have a password already, and sign in with it.")
        return
    click.echo(f"Give them this link, and nobody else. It works once, until {day(link.expires_at)}:")
    click.echo(f"{runtime.settings.public_url}/password/new/{link.secret}")
