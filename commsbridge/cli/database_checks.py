"""Whether each database URL is that of its role, may do its work, and no more; says so without quoting a URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, create_engine, pool, text
from sqlalchemy.exc import DBAPIError

from commsbridge.cli.database_troubles import told
from commsbridge.foundation.migrating import is_current
from commsbridge.settings import variable

SUPPORTED = range(15, 19)
APP, OWNER, CARRIER = "commsbridge_app", "commsbridge_owner", "commsbridge_carrier"
ROLES = {"database_url": APP, "migrate_database_url": OWNER, "carrier_database_url": CARRIER}

_WHO = text("""
SELECT rolname, rolsuper, rolbypassrls, current_setting('server_version_num')::int / 10000 AS major,
       current_database() AS database, pg_postmaster_start_time() AS started,
       has_schema_privilege('public', 'CREATE') AS creates,
       EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
               WHERE m.member = r.oid AND g.rolname = 'commsbridge_ingest') AS ingests,
       EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind = 'r') AS owns
FROM pg_roles r WHERE rolname = session_user
""")


class Finding(NamedTuple):
    """One thing looked at: ``mark`` is ok, wrong (mend it) or later (the service runs without it)."""

    mark: str
    says: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: the same database for all three."""

    database: str
    started: object


def check_databases(given: Mapping[str, object]) -> Iterator[Finding]:
    """What is right and wrong with each URL of ``given``, and whether they lead to one migrated database."""
    places: dict[str, Place] = {}
    for setting, role in ROLES.items():
        if setting in given:
            yield from _check_one(variable(setting), role, str(given[setting]), places)
    if len(set(places.values())) > 1:
        yield Finding("wrong", "The database URLs lead to different databases.")


def _check_one(name: str, role: str, url: str, places: dict[str, Place]) -> Iterator[Finding]:
    try:
        engine = create_engine(url, poolclass=pool.NullPool, connect_args={"connect_timeout": 5})
        with engine.connect() as connection:
            yield from _judge(connection, name, role, places)
            if role == APP:
                yield _migrations(connection)
    except DBAPIError as error:
        yield Finding("wrong", f"{name}: {told(error) or 'The database does not answer as PostgreSQL does.'}")


def _judge(connection: Connection, name: str, role: str, places: dict[str, Place]) -> Iterator[Finding]:
    """Who this URL signs in as, and whether that role may do too much or too little."""
    who = connection.execute(_WHO).one()
    places[name] = Place(who.database, who.started)
    faults = list(_faults(who, name, role))
    yield from faults
    if not faults:
        yield Finding("ok", f"{name} signs in as {role}, PostgreSQL {who.major}")


def _faults(who: Row[Any], name: str, role: str) -> Iterator[Finding]:
    if who.major not in SUPPORTED:
        yield Finding("wrong", f"{name}: PostgreSQL {who.major}; {SUPPORTED[0]} to {SUPPORTED[-1]} are supported.")
    if who.rolsuper or who.rolbypassrls:
        yield Finding("wrong", f"{name} signs in as a role that no wall between schools holds; it must be {role}.")
    elif who.rolname != role:
        yield Finding("wrong", f"{name} signs in as {who.rolname}; it must be {role}.")
    elif role == OWNER and not who.creates:
        yield Finding("wrong", f"{role} may not make tables: let it own the database.")
    elif role != OWNER and who.owns:
        yield Finding("wrong", f"{role} owns tables, so that their walls are its own to lift: {OWNER} must own them.")
    elif role == APP and not who.ingests:
        yield Finding("wrong", f"{role} is no member of commsbridge_ingest: run migrations/roles.sql.")


def _migrations(connection: Connection) -> Finding:
    if is_current(connection):
        return Finding("ok", "The database stands at this version.")
    return Finding("wrong", "The database does not stand at this version: run `commsbridge migrate`.")
