"""What the owner of the database sees: its tables, the walls on them, and the numbers they count with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from commsbridge.settings import read_one

REVISION_TABLE = "alembic_version"

# Everything that shapes how a value is written as text, whatever the server's or the role's own settings are.
_PLAIN = (
    "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC'; "
    "SET bytea_output = 'hex'; SET extra_float_digits = 1; SET row_security = on; SET statement_timeout = 0; "
    "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = 0; SET search_path = public"
)
_TABLES = """
SELECT c.relname,
       array(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY a.attnum),
       array(SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f
             WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> %s
ORDER BY c.relname
"""
_SEQUENCES = """
SELECT pg_get_serial_sequence(c.oid::regclass::text, a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attidentity <> '' ORDER BY 1
"""
_WALLED = """
SELECT relname::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity
"""
# A walled table whose rows the owner does not all see: no policy lets it, or another one takes away again.
_HIDDEN = """
SELECT c.relname::text FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
  AND (NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
                   AND p.cmd IN ('SELECT', 'ALL') AND p.permissive = 'PERMISSIVE' AND current_user = ANY (p.roles)
                   AND p.qual = 'true')
       OR EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
                  AND p.permissive = 'RESTRICTIVE'))
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database with its columns in their order; what a migration tool keeps is none."""

    name: str
    columns: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """Its name, quoted."""
        return sql.Identifier("public", self.name)

    @property
    def column_list(self) -> sql.Composed:
        """Its columns, quoted."""
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


@contextmanager
def owner_connection() -> Iterator[psycopg.Connection]:
    """A connection as the owner, every statement a transaction of its own until one is opened. Raises SettingsError."""
    url = make_url(read_one("migrate_database_url")).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(
        address, autocommit=True, connect_timeout=10, application_name="commsbridge backup"
    ) as connection:
        connection.execute(_PLAIN)
        yield connection


def all_tables(connection: psycopg.Connection) -> list[Table]:
    """Every table, each after those it refers to."""
    found = connection.execute(_TABLES, [REVISION_TABLE]).fetchall()
    columns = {name: tuple(names) for name, names, _ in found}
    order = TopologicalSorter({name: referred for name, _, referred in found}).static_order()
    return [Table(name, columns[name]) for name in order]


def revision(connection: psycopg.Connection) -> str | None:
    """The migration the database stands at; None before the first."""
    there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{REVISION_TABLE}"]).fetchone()
    if there != (True,):
        return None
    row = connection.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(REVISION_TABLE))).fetchone()
    return str(row[0]) if row else None


def walled_tables(connection: psycopg.Connection) -> set[str]:
    """The tables whose wall is up, also for the owner."""
    return {name for (name,) in connection.execute(_WALLED)}


def hidden_tables(connection: psycopg.Connection) -> list[str]:
    """The tables of which the owner does not see every row."""
    return [name for (name,) in connection.execute(_HIDDEN)]


def has_rows(connection: psycopg.Connection, table: Table) -> bool:
    """Whether a table holds anything."""
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table.identifier)).fetchone()
    return row == (True,)


def row_count(connection: psycopg.Connection, table: Table) -> int:
    """How many rows a table holds."""
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table.identifier)).fetchone()
    return int(row[0]) if row else 0


def sequences(connection: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    """Where each counting column stands: the last number, and whether it was given out."""
    names = [name for (name,) in connection.execute(_SEQUENCES)]
    found: dict[str, tuple[int, bool]] = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT last_value, is_called FROM ") + sql.SQL(name)).fetchone()
        if row:
            found[name] = (int(row[0]), bool(row[1]))
    return found
