"""The migrated database is what the models say, no more and no less."""

from __future__ import annotations

import threading
import time
import uuid

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, pool, text

from commsbridge import (
    books,
    bots,
    conversations,
    meetings,
    messages,
    partnership,
    plans,
    prompts,
    pulse,
    reports,
    schools,
    students,
    support,
    tasks,
    whanau,
)
from commsbridge.foundation.database import Model
from commsbridge.foundation.migrating import is_current, migrate, stands_at
from commsbridge.local_postgres import LocalPostgres
from tests.conftest import RoleUrls, SharedDatabase

# A room brings its models with it.
ROOMS = (
    *(books, bots, conversations, meetings, messages, partnership, plans, prompts, pulse),
    *(reports, schools, students, support, tasks, whanau),
)


def test_the_migrated_database_is_what_the_models_say(database: SharedDatabase) -> None:
    assert ROOMS
    context = MigrationContext.configure(
        database.connection, opts={"compare_type": True, "compare_server_default": True}
    )
    assert compare_metadata(context, Model.metadata) == []


def test_every_check_of_the_models_is_in_the_database(database: SharedDatabase) -> None:
    """Alembic's comparison leaves check constraints out."""
    inspector = inspect(database.connection)
    for table in Model.metadata.sorted_tables:
        said = {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        there = {str(rule["name"]) for rule in inspector.get_check_constraints(table.name)}
        assert there == said, table.name


def test_migrating_twice_changes_nothing(role_urls: RoleUrls) -> None:
    before = stands_at(role_urls.owner)
    migrate(role_urls.owner)
    assert stands_at(role_urls.owner) == before is not None


def test_a_migration_gives_way_to_a_version_that_goes_on_and_is_tried_again(postgres: LocalPostgres) -> None:
    """Somebody writes lines and then wants students; the migration has students and wants lines: it is undone."""
    name = f"busy_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name)
    owner = postgres.url("commsbridge_owner", name)
    migrate(owner, to="0054")
    plain = postgres.url("postgres", name).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as busy, psycopg.connect(plain, autocommit=True) as onlooker:
        # Whoever looks for a deadlock first gives way: never the version that goes on.
        busy.execute("SET deadlock_timeout = '1h'")
        busy.execute("LOCK TABLE lines IN ROW EXCLUSIVE MODE")
        migration = threading.Thread(target=migrate, args=(owner, "0055"))
        migration.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'lines'::regclass"
        while onlooker.execute(waits).fetchone() == (0,):
            assert migration.is_alive()
            time.sleep(0.05)
        busy.execute("LOCK TABLE students IN ROW EXCLUSIVE MODE")
        busy.rollback()
        migration.join()
    assert stands_at(owner) == "0055"
    postgres.drop_database(name)


def test_what_guests_of_every_school_said_before_becomes_their_own_word_and_no_other(postgres: LocalPostgres) -> None:
    name = f"guests_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name)
    owner = postgres.url("commsbridge_owner", name)
    migrate(owner, to="0086")
    plain = postgres.url("postgres", name).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as superuser:
        # Rows alone, without the school, the step and the guest that they belong to.
        superuser.execute("SET session_replication_role = replica")
        for guest in (uuid.uuid4(), uuid.uuid4(), None):
            superuser.execute(
                "INSERT INTO hui_evaluations (school_id, step_id, whose, helped, guest_id, at) "
                "VALUES (gen_random_uuid(), gen_random_uuid(), 'school', 'yes', %s, now())",
                [guest],
            )
        migrate(owner, to="0087")
        rows = superuser.execute("SELECT whose, guest_id IS NULL FROM hui_evaluations ORDER BY whose").fetchall()
        walled = superuser.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'hui_evaluations'::regclass"
        ).fetchone()
    assert rows == [("guest", False), ("guest", False), ("school", True)]
    assert walled == (True,)
    postgres.drop_database(name)


def test_a_migrated_database_is_current_as_the_app_sees_it(role_urls: RoleUrls) -> None:
    engine = create_engine(role_urls.app, poolclass=pool.NullPool)
    with engine.connect() as connection:
        assert is_current(connection)


def test_the_comparison_notices_a_column_that_is_missing(database: SharedDatabase) -> None:
    database.connection.execute(text("ALTER TABLE students DROP COLUMN about"))
    found = compare_metadata(MigrationContext.configure(database.connection), Model.metadata)
    assert [(change[0], change[3].name) for change in found] == [("add_column", "about")]
