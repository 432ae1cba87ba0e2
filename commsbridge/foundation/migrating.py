"""Bringing a database up to the version of this code."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, create_engine, pool
from sqlalchemy.exc import OperationalError

# A try waits five seconds for each lock (migrations/env.py), and a busy table is free between two transactions.
MOST_TRIES = 10
LONGEST_PAUSE = 5.0  # seconds
GIVES_WAY = (DeadlockDetected, LockNotAvailable)
MIGRATIONS = Path(__file__).parents[2] / "migrations"


def _configuration(url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(owner_url: str, to: str = "head") -> None:
    """Run every missing migration as the owner role; a second run beside this one waits, then finds nothing to do.

    Beside a version that goes on working, a migration gives way: when it cannot have its locks soon, or they and
    somebody else's wait for one another, it is undone and tried again, MOST_TRIES times in all. ``to`` is the revision
    to reach. Raises sqlalchemy.exc.OperationalError when even the last try found no moment for it.
    """
    for tried in range(1, MOST_TRIES):
        try:
            command.upgrade(_configuration(owner_url), to)
        except OperationalError as error:
            if not isinstance(error.orig, GIVES_WAY):
                raise
            time.sleep(min(tried, LONGEST_PAUSE))
        else:
            return
    command.upgrade(_configuration(owner_url), to)


def migration_sql() -> None:
    """Write all migrations as SQL to standard output, for reading and linting."""
    command.upgrade(_configuration(), "head", sql=True)


def is_current(connection: Connection) -> bool:
    """Whether the database stands at the newest migration of this code."""
    wanted = ScriptDirectory.from_config(_configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == wanted


def stands_at(owner_url: str) -> str | None:
    """The revision a database stands at; None before the first migration."""
    engine = create_engine(owner_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
