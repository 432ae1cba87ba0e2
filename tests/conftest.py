"""What every test stands on: a real PostgreSQL of its own, a clock the test sets, and the whole service around it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy import Connection, Engine, create_engine, pool

from commsbridge.foundation.database import Database, DatabaseRole, enter, make_carrier_engine, make_engine
from commsbridge.foundation.gathering import Gathering
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres

TEMPLATE = "commsbridge_template"

# The gate tries the same examples for everybody, on however slow a machine; ``make explore`` looks for new ones. The
# examples of a test share its fixtures: what an example writes, it looks at itself.
SHARED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
examples.register_profile("gate", derandomize=True, deadline=None, suppress_health_check=SHARED)
examples.register_profile("explore", max_examples=1000, deadline=None, suppress_health_check=SHARED, print_blob=True)
examples.load_profile("gate")


@dataclass
class Clock:
    """The time a test says it is."""

    now: datetime = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday 3 pm in Auckland, term 4

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


class SharedDatabase(Database):
    """Every session over one connection inside one outer transaction, each act a savepoint, all undone at the end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def session(self, role: DatabaseRole, school_id: uuid.UUID | None = None) -> Gathering:
        session = Gathering(self.connection, join_transaction_mode="create_savepoint")
        return enter(session, role, school_id)

    def arriving(self) -> Gathering:
        return self.session(DatabaseRole.INGEST)

    def dispose(self) -> None:
        self.connection.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """A private server for this test worker."""
    with LocalPostgres(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server
    server.erase()


@pytest.fixture(scope="session")
def template(postgres: LocalPostgres) -> str:
    """The name of a migrated, empty database to copy."""
    postgres.create_database(TEMPLATE)
    migrate(postgres.url("commsbridge_owner", TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def shared_engine(postgres: LocalPostgres, template: str) -> Iterator[Engine]:
    """A database for tests that undo themselves, as the superuser, who may take each role in turn.

    One engine for a run: it compiles a statement once. Each test has a connection of its own.
    """
    postgres.create_database("commsbridge_shared", template=template)
    engine = create_engine(postgres.url("postgres", "commsbridge_shared"), poolclass=pool.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """Tuesday 17 November 2026, 3 pm in Auckland."""
    return Clock()


@pytest.fixture
def database(shared_engine: Engine) -> Iterator[SharedDatabase]:
    """The database for one test; nothing of it stays."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        yield SharedDatabase(connection)
        outer.rollback()


@dataclass(frozen=True)
class RoleUrls:
    """The three URLs of one database, and its name."""

    name: str
    app: str
    owner: str
    carrier: str


@pytest.fixture
def role_urls(postgres: LocalPostgres, template: str) -> Iterator[RoleUrls]:
    """A database of one's own whose acts are really committed; dropped afterwards."""
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    yield RoleUrls(
        name,
        postgres.url("commsbridge_app", name),
        postgres.url("commsbridge_owner", name),
        postgres.url("commsbridge_carrier", name),
    )
    postgres.drop_database(name)


@pytest.fixture
def committed_database(role_urls: RoleUrls) -> Iterator[Database]:
    """Real sessions through the three real roles."""
    database = Database(make_engine(role_urls.app), make_carrier_engine(role_urls.carrier))
    yield database
    database.dispose()


@pytest.fixture
def checkout() -> Path:
    """The folder the project stands in."""
    return Path(__file__).parents[1]
