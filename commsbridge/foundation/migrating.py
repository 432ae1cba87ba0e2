"""Bringing a database up to the version of this code."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def _configuration(url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(owner_url: str) -> None:
    """Run every missing migration as the owner role; a second run beside this one waits, then finds nothing to do."""
    command.upgrade(_configuration(owner_url), "head")


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
