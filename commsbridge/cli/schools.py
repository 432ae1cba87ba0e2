"""`commsbridge school …`: make a school, list them, import a roll."""

from __future__ import annotations

import click

from commsbridge import messages, schools
from commsbridge.cli.acting import opened_runtime
from commsbridge.cli.commands import Verb, Verbs
from commsbridge.cli.roll_import import import_roll
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.school_time import REGIONS, TIME_ZONES


@click.group(cls=Verbs)
def school() -> None:
    """Schools and their rolls."""


@school.command(cls=Verb)
@click.option("--name-en", required=True, help="Its name in English, as families know it.")
@click.option("--name-mi", required=True, help="Its name in te reo Māori, with macrons.")
@click.option("--text-name", required=True, help="What stands first in every text, at most 20 letters.")
@click.option("--region", type=click.Choice(list(REGIONS), case_sensitive=False), help="For its anniversary day.")
@click.option(
    "--anniversary-of",
    "observed_anniversary",
    type=click.Choice(list(REGIONS), case_sensitive=False),
    help="Whose anniversary day it keeps, where that is not its region's.",
)
@click.option("--time-zone", type=click.Choice(TIME_ZONES), default=TIME_ZONES[0], show_default=True)
@click.option("--office-phone", help="Told to families who ask for help by text.")
def create(  # noqa: PLR0917 - click gives them by name
    name_en: str,
    name_mi: str,
    text_name: str,
    region: str | None,
    observed_anniversary: str | None,
    time_zone: str,
    office_phone: str | None,
) -> None:
    """Make a school, with the starting bank of praises."""
    with opened_runtime() as runtime:
        with runtime.lobby() as lobby:
            made = schools.create_school(
                lobby,
                name_en=name_en,
                name_mi=name_mi,
                text_name=text_name,
                region=region,
                time_zone=time_zone,
                observed_anniversary=observed_anniversary,
                office_phone=office_phone,
            )
        with runtime.work(made.id, OPERATOR) as work:
            phrases = messages.seed_phrases(work)
    click.echo(f"Made {made.name_en} (school {made.number}), with {phrases} praises in both languages.")
    click.echo("Next: `commsbridge sender add`, `commsbridge staff add`, `commsbridge school import`.")


@school.command("list", cls=Verb)
def list_all() -> None:
    """List the schools."""
    with opened_runtime() as runtime, runtime.lobby() as lobby:
        found = schools.schools_all(lobby)
    for each in found:
        where = f"{REGIONS[each.region]}, {each.time_zone}" if each.region else each.time_zone
        click.echo(f"{each.number:>4}  {each.name_en} · {each.name_mi} · texts begin “{each.text_name}” · {where}")
    if not found:
        click.echo("There is no school yet. Make one with: commsbridge school create")


school.add_command(import_roll)
