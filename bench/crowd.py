"""A crowd of schools: one that the product's own verbs made, copied row by row as often as asked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.place import Place

# These stand outside the walls: copies share them.
SHARED = {"account_id", "sender_id"}
# An index that is not ready is left out of every write; REINDEX makes it ready (commsbridge.demo.large.pouring).
RESTING = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid::regclass::text = ANY(%s)"


@contextmanager
def behind_the_walls(here: Place) -> Iterator[psycopg.Connection]:
    """The database's superuser with triggers and foreign keys asleep: for filling tables alone."""
    with psycopg.connect(here.superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET jit = off")
        yield connection


def copy_school(
    here: Place, school_id: uuid.UUID, copies: int, *, without: Collection[str] = (), at_once: bool = False
) -> None:
    """Copy a school with all its rows; each id becomes the digest of itself and the copy's number.

    ``without`` names tables that are left out. ``at_once`` lets the indexes rest meanwhile and makes them anew after:
    far quicker where the copies are most of what is there.
    """
    with behind_the_walls(here) as connection:
        tables = {table: columns for table, columns in _tables(connection).items() if table not in without}
        if at_once:
            connection.execute(RESTING, [list(tables)])
        for table, columns in tables.items():
            connection.execute(_copying(table, columns), {"school_id": school_id, "copies": copies})
        for table in tables if at_once else ():
            connection.execute(f"REINDEX TABLE {table}")
    analyse(here)


def analyse(here: Place) -> None:
    """Do at once what autovacuum would have done by the time so many rows are there."""
    with psycopg.connect(here.superuser_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _tables(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[str, str]]]:
    """Each table that holds a school's rows, with its columns as (name, type), generated ones left out."""
    rows = connection.execute(
        """
        SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_identity = 'NO'
        ORDER BY c.table_name, c.ordinal_position
        """
    )
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, []).append((column, kind))
    return {
        table: columns
        for table, columns in tables.items()
        if table == "schools" or "school_id" in {name for name, _ in columns}
    }


def _copying(table: str, columns: list[tuple[str, str]]) -> Any:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    values = ", ".join(
        f'md5(o."{name}"::text || n)::uuid' if kind == "uuid" and name not in SHARED else f'o."{name}"'
        for name, kind in columns
    )
    its_school = "id" if table == "schools" else "school_id"
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, %(copies)s) AS n "  # noqa: S608 - the catalogue's own names
        f"CROSS JOIN {table} o WHERE o.{its_school} = %(school_id)s"
    )
