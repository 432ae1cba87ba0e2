"""The migrated database is what the models say, no more and no less."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, pool, text

from commsbridge.books import models as _books
from commsbridge.conversations import models as _conversations
from commsbridge.foundation.database import Model
from commsbridge.foundation.migrating import is_current, migrate, stands_at
from commsbridge.meetings import models as _meetings
from commsbridge.messages import models as _messages
from commsbridge.partnership import models as _partnership
from commsbridge.prompts import models as _prompts
from commsbridge.pulse import models as _pulse
from commsbridge.reports import models as _reports
from commsbridge.schools import models as _schools
from commsbridge.students import models as _students
from commsbridge.tasks import models as _tasks
from commsbridge.whanau import models as _whanau
from tests.conftest import RoleUrls, SharedDatabase

ROOMS = (
    *(_schools, _partnership, _tasks, _students, _whanau, _messages, _conversations),
    *(_prompts, _books, _pulse, _reports),
    _schools,
    _partnership,
    _tasks,
    _students,
    _whanau,
    _messages,
    _conversations,
    _prompts,
    _books,
    _meetings,
    _reports,
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


def test_a_migrated_database_is_current_as_the_app_sees_it(role_urls: RoleUrls) -> None:
    engine = create_engine(role_urls.app, poolclass=pool.NullPool)
    with engine.connect() as connection:
        assert is_current(connection)


def test_the_comparison_notices_a_column_that_is_missing(database: SharedDatabase) -> None:
    database.connection.execute(text("ALTER TABLE students DROP COLUMN about"))
    found = compare_metadata(MigrationContext.configure(database.connection), Model.metadata)
    assert [(change[0], change[3].name) for change in found] == [("add_column", "about")]
