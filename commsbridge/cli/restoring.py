"""Restore: a backup into an empty database, all of it or nothing, the walls up again before anybody can look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import psycopg
from psycopg import sql

from commsbridge.cli.archive import ArchiveError, ArchiveReader, Manifest
from commsbridge.cli.commands import Verb
from commsbridge.cli.database_troubles import NOT_MIGRATED
from commsbridge.cli.owning import Table, all_tables, has_rows, owner_connection, revision, row_count, walled_tables

# What waited to go at the time may have gone since: the worker asks the carrier (texts), or a person decides (mail).
_DOUBT_WAITING = (
    "UPDATE deliveries SET state = 'uncertain', code = 'restored', settled_at = now() WHERE state = 'queued'"
)


@click.command(cls=Verb)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--nothing-went-since",
    is_flag=True,
    help="The service was stopped before the backup was made and has not run since: what waited may go as it is.",
)
def restore(file: Path, *, nothing_went_since: bool) -> None:
    """Put the backup FILE back.

    Into an empty, migrated database of the same version; stop the service first.
    """
    try:
        with ArchiveReader(file) as archive, owner_connection() as connection:
            doubted = restore_all(connection, archive, doubt_waiting=not nothing_went_since)
            manifest = archive.manifest
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables, as they stood on "
        f"{manifest.made:%-d %B %Y at %H:%M} UTC. Every count agrees, and the walls between schools are up."
    )
    if doubted:
        click.echo(
            f"{doubted:,} message{'s' * (doubted != 1)} waited to go at that time and may have gone since: nothing is "
            "sent again blindly. The worker asks the carrier about texts; about mail the teacher who wrote it is told."
        )


def restore_all(connection: psycopg.Connection, archive: ArchiveReader, *, doubt_waiting: bool) -> int:
    """Restore in one transaction; gives how many waiting messages are in doubt now.

    The walls are lifted inside the transaction alone (COPY FROM is refused through them), so nobody else ever sees
    them down. Raises click.ClickException or ArchiveError, and then nothing has changed.
    """
    manifest = archive.manifest
    with connection.transaction():
        tables = all_tables(connection)
        _check_fits(connection, tables, manifest)
        _refuse_rows(connection, tables)
        walled = walled_tables(connection)
        _set_walls(connection, tables, walled, "NO FORCE")
        _refuse_rows(connection, tables)
        for table in tables:
            _fill(connection, table, archive)
        for sequence, (last, called) in manifest.sequences.items():
            connection.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, last, called])
        _check_counts(connection, tables, manifest)
        doubted = connection.execute(_DOUBT_WAITING).rowcount if doubt_waiting else 0
        _set_walls(connection, tables, walled, "FORCE")
        _check_walls(connection, walled)
    for table in tables:
        connection.execute(sql.SQL("ANALYZE {}").format(table.identifier))
    return doubted


def _check_fits(connection: psycopg.Connection, tables: Sequence[Table], manifest: Manifest) -> None:
    """Refuse a database of another version."""
    stands_at = revision(connection)
    if stands_at is None:
        raise click.ClickException(NOT_MIGRATED)
    if stands_at != manifest.revision:
        msg = (
            f"The backup was made at migration {manifest.revision}, and this database stands at {stands_at}. "
            "Restore it with the version it was made by, then update that."
        )
        raise click.ClickException(msg)
    if {table.name: list(table.columns) for table in tables} != {
        name: kept.columns for name, kept in manifest.tables.items()
    }:
        msg = "The tables of this database are not those of the backup, though both name the same migration."
        raise click.ClickException(msg)


def _refuse_rows(connection: psycopg.Connection, tables: Sequence[Table]) -> None:
    """Refuse a database with anything in it: before lifting walls would lock its tables, and again once they are."""
    filled = [table.name for table in tables if has_rows(connection, table)]
    if filled:
        msg = (
            f"This database is not empty: there are rows in {', '.join(sorted(filled))}. Stop the service, make a new "
            "database, run `commsbridge migrate` on it, and restore into that."
        )
        raise click.ClickException(msg)


def _set_walls(connection: psycopg.Connection, tables: Sequence[Table], walled: set[str], force: str) -> None:
    for table in tables:
        if table.name in walled:
            connection.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(table.identifier, sql.SQL(force)))


def _fill(connection: psycopg.Connection, table: Table, archive: ArchiveReader) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.identifier, table.column_list)
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for block in archive.blocks(table.name):
                copy.write(block)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        msg = f"{archive.path} is damaged: the database does not take the rows of {table.name}. Nothing was kept."
        raise ArchiveError(msg) from error


def _check_counts(connection: psycopg.Connection, tables: Sequence[Table], manifest: Manifest) -> None:
    """Count every table before it is all kept."""
    for table in tables:
        there, wanted = row_count(connection, table), manifest.tables[table.name].rows
        if there != wanted:
            msg = f"{table.name} has {there} rows after restoring, and the backup {wanted}. Nothing was kept."
            raise click.ClickException(msg)


def _check_walls(connection: psycopg.Connection, walled: set[str]) -> None:
    """Look at every wall before it is all kept."""
    if not walled or walled_tables(connection) != walled:
        msg = "The walls between schools are not all up again. Nothing was kept."
        raise click.ClickException(msg)
