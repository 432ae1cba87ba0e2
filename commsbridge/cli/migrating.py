"""Bringing the database up to this version."""

from __future__ import annotations

import click

from commsbridge.cli.commands import Verb
from commsbridge.foundation import migrating
from commsbridge.settings import read_one


@click.command(cls=Verb)
@click.option("--sql", is_flag=True, help="Print all migrations as SQL instead; needs no database.")
def migrate(*, sql: bool) -> None:
    """Bring the database up to this version.

    A second run finds nothing to do.
    """
    if sql:
        migrating.migration_sql()
        return
    url = read_one("migrate_database_url")
    before = migrating.stands_at(url)
    migrating.migrate(url)
    after = migrating.stands_at(url)
    click.echo(f"The database stood at {after} already." if before == after else f"The database stands at {after}.")
