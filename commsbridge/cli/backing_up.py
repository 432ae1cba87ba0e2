"""Backup: every row of every school in one file, while the service runs. docs/decisions/0004 says why not pg_dump."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import click
import psycopg
from psycopg import sql

from commsbridge.cli.archive import ArchiveWriter, Manifest
from commsbridge.cli.commands import Verb
from commsbridge.cli.database_troubles import NOT_MIGRATED, WENT_AWAY
from commsbridge.cli.owning import all_tables, hidden_tables, owner_connection, revision, sequences


@click.command(cls=Verb)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into FILE.

    Every row of every school, as of one moment, while the service runs. FILE must not be there yet, and is readable by
    you alone. It holds families' words and numbers: keep it encrypted.
    """
    if file.exists():
        msg = f"{file} is there already: name a new file."
        raise click.ClickException(msg)
    with owner_connection() as connection, _appearing_whole(file) as written:
        manifest = write_backup(connection, written)
    size = file.stat().st_size / 1e6
    click.echo(f"Wrote {file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, {size:.1f} MB.")
    click.echo("It holds families' words and numbers: keep it encrypted, and away from this machine.")


def write_backup(connection: psycopg.Connection, file: IO[bytes]) -> Manifest:
    """Write a backup as of one moment; readers and writers are not kept waiting, migrations are.

    Raises click.ClickException when there is nothing to back up, or when a wall would hide rows.
    """
    tables = all_tables(connection)
    if not tables:
        raise click.ClickException(NOT_MIGRATED)
    with ArchiveWriter(file) as archive, connection.transaction():
        # The lock comes before the first look: a table rewritten between the two would look empty.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        names = sql.SQL(", ").join(table.identifier for table in tables)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
        stands_at = revision(connection)
        if stands_at is None or all_tables(connection) != tables:
            msg = "The database was migrated at this very moment: try again."
            raise click.ClickException(msg)
        _refuse_hidden(connection)
        for table in tables:
            statement = sql.SQL("COPY {} ({}) TO STDOUT").format(table.identifier, table.column_list)
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                archive.add(table.name, table.columns, copy)
        return archive.finish(made_at=_moment(connection), revision=stands_at, sequences=sequences(connection))


def _moment(connection: psycopg.Connection) -> datetime:
    """When the transaction began, by the database's clock."""
    row = connection.execute("SELECT now()").fetchone()
    if row is None:
        raise click.ClickException(WENT_AWAY)
    return cast(datetime, row[0])


def _refuse_hidden(connection: psycopg.Connection) -> None:
    """Stop rather than write a backup that looks whole: a wall hides rows without a word."""
    hidden = hidden_tables(connection)
    if hidden:
        named = hidden[:3] + [f"{len(hidden) - 3} more tables"] * (len(hidden) > 3)
        msg = (
            f"Rows of {', '.join(named)} are hidden from this role, and a backup would lack them. "
            "COMMSBRIDGE_MIGRATE_DATABASE_URL must sign in as commsbridge_owner; then run `commsbridge migrate`."
        )
        raise click.ClickException(msg)


@contextmanager
def _appearing_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that stands at ``path`` once it is whole and on the disk, readable by its owner alone; else not at all."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}."
        raise click.ClickException(msg) from error
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}."
        raise click.ClickException(msg) from error
    finally:
        Path(name).unlink(missing_ok=True)
