"""The database: one declarative base, the doors through which it is entered, and the wall between schools."""

from __future__ import annotations

import time
import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    UniqueConstraint,
    Uuid,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

from commsbridge.foundation.gathering import Gathering

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
    }


class SchoolRow:
    """A table that holds one school's rows: the database fills in school_id and shows no other school's.

    ``school_id`` defaults to the school the transaction was opened for, so product code never passes it.
    """

    # The id is ours before a row is written, so the rows of a table may go in one statement: their answers are told
    # apart by it. The database's own default is for rows that are not written through here.
    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=func.gen_random_uuid(), default=uuid.uuid4, insert_sentinel=True
    )
    school_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("schools.id"), server_default=func.current_school(), nullable=False
    )


def within_school(*extra: Any) -> tuple[Any, ...]:
    """Table arguments every school table needs: the key that composite foreign keys point at, then ``extra``."""
    return (UniqueConstraint("school_id", "id"), *extra)


def belongs_to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A composite foreign key (school_id, column) -> table: plain ones would ignore the wall between schools."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"], ondelete=ondelete)


# The database is away or takes nobody more, or every connection of our own pool is in use: it is waited for.
DATABASE_AWAY = (OperationalError, psycopg.OperationalError, NoConnectionFree)

# A connection used a moment ago lives: asking each time would cost a busy hook a part of its time.
IDLE_SECONDS = 0.5
# Kept open for what comes in, one for each thread of a web process; more are opened while more are needed.
INGEST_CONNECTIONS = 10


class DatabaseRole(StrEnum):
    """The roles product code acts as; the owner is for migrations alone."""

    APP = "commsbridge_app"
    INGEST = "commsbridge_ingest"
    CARRIER = "commsbridge_carrier"


Entered = TypeVar("Entered", bound=Session)

# Set on every transaction, also when empty: a setting left by an outer transaction would show its school (see
# docs/decisions/0002-schools-are-walled-by-the-database.md).
_PLACE = "place"
_ENTER = text("SELECT set_config('role', :role, true), set_config('commsbridge.school_id', :school_id, true)")


def make_engine(url: str, *, pool_size: int = 5) -> Engine:
    """An engine for one role's URL; it asks a connection that lay idle whether it still lives.

    So nobody sees a restart of the database.
    """
    engine = _engine(url, pool_size=pool_size)
    _ask_the_idle(engine)
    return engine


def make_carrier_engine(url: str) -> Engine:
    """An engine for the carrier's door: its worker tries again by itself, so it saves the question.

    What is asked for in an index's order is read in it, also where the statistics say that there is little to sort: a
    queue fills faster than they follow, and sorting what waits for each row that is taken would cost its square.
    """
    return _engine(url, options="-c enable_sort=off")


def make_ingest_engine(app: Engine) -> Engine:
    """An engine whose connections take on the ingest role as they open, and keep it; it signs in as ``app`` does."""
    engine = _engine(app.url, pool_size=INGEST_CONNECTIONS)

    @event.listens_for(engine, "connect")
    def _take_role(connection: psycopg.Connection[Any], _record: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        connection.execute(f"SET ROLE {DatabaseRole.INGEST.value}")
        connection.autocommit = False

    _ask_the_idle(engine)
    return engine


def _engine(url: str | URL, *, pool_size: int = 5, options: str = "") -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        # What a statement was given are people's words and numbers: no error may quote them.
        hide_parameters=True,
        # Our statements take milliseconds; compiling a long one first would take a hundred times as long.
        connect_args={
            "connect_timeout": 5,
            "application_name": "commsbridge",
            "options": f"-c jit=off {options}".strip(),
        },
    )


def _ask_the_idle(engine: Engine) -> None:
    """Before use, ask a connection that lay idle whether it lives; one that does not is replaced."""

    @event.listens_for(engine, "checkin")
    def _note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
        idle_since = record.info.get("idle_since")
        if idle_since is None or time.monotonic() - idle_since < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


class Database:
    """Opens sessions through a role, walled to one school or (lobby, ingest, carrier) to none."""

    def __init__(self, app: Engine, carrier: Engine) -> None:
        self.app = app
        self.carrier = carrier
        self.ingest = make_ingest_engine(app)
        self._at_once = self.ingest.execution_options(isolation_level="AUTOCOMMIT")

    def session(self, role: DatabaseRole, school_id: uuid.UUID | None = None) -> Gathering:
        """A new session: every transaction acts as ``role`` and sees ``school_id``'s rows alone (None: no school's)."""
        # These connections have their role already, and its policies ask for no school: there is nothing to enter.
        if role is DatabaseRole.CARRIER:
            return Gathering(self.carrier)
        if role is DatabaseRole.INGEST:
            return Gathering(self.ingest)
        return enter(Gathering(self.app), role, school_id)

    def arriving(self) -> Session:
        """A new session of the ingest role without transactions: each statement is kept as soon as it is done."""
        return Session(self._at_once, autoflush=False)

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in (self.app, self.ingest, self.carrier):
            engine.dispose()


def enter(session: Entered, role: DatabaseRole, school_id: uuid.UUID | None) -> Entered:
    """Make each transaction of ``session`` begin by taking the role and naming the school."""
    session.info[_PLACE] = {"role": role.value, "school_id": "" if school_id is None else str(school_id)}
    return session


@event.listens_for(Session, "after_begin")
def _take_place(session: Session, _transaction: object, connection: Connection) -> None:
    if (names := session.info.get(_PLACE)) is not None:
        connection.execute(_ENTER, names)


def move(session: Session, school_id: uuid.UUID) -> None:
    """Go on in another school: from here to the end of the transaction it is the one whose rows are seen."""
    session.execute(_ENTER, {"role": DatabaseRole.APP.value, "school_id": str(school_id)})
