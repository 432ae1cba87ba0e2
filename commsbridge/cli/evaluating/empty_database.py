"""An empty database to judge in: a private one, or a transaction of the one in the settings; nothing of it stays."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection, create_engine, pool
from sqlalchemy.exc import OperationalError

from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.database import DatabaseRole, enter
from commsbridge.foundation.gathering import Gathering
from commsbridge.foundation.migrating import is_current, migrate
from commsbridge.foundation.work import Work
from commsbridge.local_postgres import LocalPostgres, LocalPostgresError
from commsbridge.runtime import Lobby
from commsbridge.settings import SettingsError, read_one

NAME = "commsbridge_judged"


@dataclass(frozen=True, slots=True)
class EmptyDatabase:
    """One connection whose outer transaction is never committed; every act in it is a savepoint."""

    connection: Connection

    @contextmanager
    def case(self) -> Iterator[None]:
        """What happens inside is undone at the end."""
        point = self.connection.begin_nested()
        try:
            yield
        finally:
            point.rollback()

    @contextmanager
    def work(self, school_id: uuid.UUID, now: datetime) -> Iterator[Work]:
        """One act of the service in a school."""
        with self._session(DatabaseRole.APP, school_id) as session, session.begin():
            yield Work(session, school_id, SERVICE, now)

    @contextmanager
    def lobby(self, now: datetime, *, ingest: bool = False) -> Iterator[Lobby]:
        """One act outside every school."""
        role = DatabaseRole.INGEST if ingest else DatabaseRole.APP
        with self._session(role, None) as session, session.begin():
            yield Lobby(session, now)

    def _session(self, role: DatabaseRole, school_id: uuid.UUID | None) -> Gathering:
        session = Gathering(self.connection, join_transaction_mode="create_savepoint")
        return enter(session, role, school_id)


@contextmanager
def empty_database() -> Iterator[EmptyDatabase]:
    """A database to judge in. Raises click.ClickException when there is none at this code's migrations."""
    try:
        url = read_one("database_url")
    except SettingsError:
        with _private_server() as private:
            yield from _entered(private)
        return
    yield from _entered(url)


def _entered(url: str) -> Iterator[EmptyDatabase]:
    engine = create_engine(url, poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            if not is_current(connection):
                raise click.ClickException("The database is not at this version's migrations: run commsbridge migrate.")
            connection.rollback()
            outer = connection.begin()
            try:
                yield EmptyDatabase(connection)
            finally:
                outer.rollback()
    except OperationalError as error:
        raise click.ClickException("The database of COMMSBRIDGE_DATABASE_URL does not answer.") from error


@contextmanager
def _private_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="commsbridge-") as folder:
        try:
            with LocalPostgres(Path(folder) / "postgres", durable=False) as server:
                server.create_database(NAME)
                migrate(server.url("commsbridge_owner", NAME))
                yield server.url("commsbridge_app", NAME)
            server.erase()
        except LocalPostgresError as error:
            raise click.ClickException(str(error)) from error
