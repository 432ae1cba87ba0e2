"""What was aimed for before it was kept with when: an upgrade counts it as if it had always stood."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, pool, text

from commsbridge import prompts, reports, students
from commsbridge.local_postgres import SUPERUSER, LocalPostgres
from tests.rooms.posting import Posting


def test_an_upgrade_keeps_every_target_and_guide_that_a_school_had_set(
    committed: Posting, postgres: LocalPostgres, checkout: Path
) -> None:
    story, child = committed.story, committed.story.students["aroha"].id
    with story.work("burns") as work:
        prompts.set_rules(work, prompts.Rules(usual_times=3, book_times=6))
        students.set_target(work, child, 2)
        reports.set_guide(work, 9)
        name = work.session.scalar(text("SELECT current_database()"))
    above, owner = (
        create_engine(postgres.url(role, name or ""), poolclass=pool.NullPool)
        for role in (SUPERUSER, "commsbridge_owner")
    )
    with above.begin() as connection:
        connection.execute(text("DROP TABLE aims_set"))
    [path] = (checkout / "migrations" / "versions").glob("*_what_was_aimed_for_when.py")
    found = spec_from_file_location("what_was_aimed_for_when", path)
    assert found is not None
    assert found.loader is not None
    migration = module_from_spec(found)
    found.loader.exec_module(migration)
    with owner.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()
    with story.work("burns") as work:
        rows = work.session.execute(text("SELECT aim, student_id, times FROM aims_set"))
        assert {tuple(row) for row in rows} == {
            ("usual", None, 3), ("book", None, 6), ("own", child, 2), ("praises", None, 9),
        }  # fmt: skip
