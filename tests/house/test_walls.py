"""Schools are walled by the database: the catalogue says so of every table, and rows prove it."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import DBAPIError

from commsbridge.foundation.database import Database, DatabaseRole
from tests.conftest import RoleUrls, SharedDatabase

# Outside the walls on purpose: the lobby holds no family's words (docs/decisions/0002).
LOBBY = {
    "schools", "accounts", "memberships", "sign_ins", "attempts", "doors", "senders", "school_senders", "workers_seen",
    "hook_alarms", "prompt_times", "alembic_version",
}  # fmt: skip
OTHER_POLICY = {"opt_outs", "number_schools", "raw_inbound"}


def tables(database: SharedDatabase) -> dict[str, tuple[bool, bool]]:
    rows = database.connection.execute(
        text(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    )
    return {name: (enabled, forced) for name, enabled, forced in rows}


def test_every_table_outside_the_lobby_is_walled_and_the_wall_is_forced(database: SharedDatabase) -> None:
    open_tables = {name for name, wall in tables(database).items() if wall != (True, True)}
    assert open_tables == LOBBY


def test_every_walled_table_has_the_one_wall_policy(database: SharedDatabase) -> None:
    rows = database.connection.execute(
        text("SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'school_wall'")
    )
    walls = {name: (using, check) for name, using, check in rows}
    expected = "(school_id = current_school())"
    assert all(wall == (expected, expected) for wall in walls.values())
    assert set(walls) == set(tables(database)) - LOBBY - {"opt_outs"}


def test_the_owner_reads_every_row_of_every_walled_table_so_that_a_backup_is_whole(database: SharedDatabase) -> None:
    rows = database.connection.execute(
        text(
            "SELECT tablename, cmd, permissive, roles::text, qual, with_check FROM pg_policies "
            "WHERE policyname = 'backup'"
        )
    )
    granted = {name: tuple(rest) for name, *rest in rows}
    assert set(granted) == set(tables(database)) - LOBBY
    assert set(granted.values()) == {("SELECT", "PERMISSIVE", "{commsbridge_owner}", "true", None)}


def test_the_owner_changes_no_row_through_a_wall(committed_database: Database, role_urls: RoleUrls) -> None:
    two_schools(committed_database)
    owner = create_engine(role_urls.owner, poolclass=pool.NullPool)
    with owner.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM classes")) == 2
        assert connection.execute(text("UPDATE classes SET name = 'x'")).rowcount == 0
        assert connection.execute(text("DELETE FROM classes")).rowcount == 0


def test_every_key_between_walled_tables_names_the_school(database: SharedDatabase) -> None:
    rows = database.connection.execute(
        text(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, "
            "(SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) "
            "FROM pg_constraint WHERE contype = 'f'"
        )
    )
    lobby = LOBBY | {"raw_inbound"}  # a raw row has no school yet
    leaks = [(source, target) for source, target, columns in rows if target not in lobby and "school_id" not in columns]
    assert leaks == []


def test_the_app_owns_nothing_and_cannot_pass_the_walls(database: SharedDatabase) -> None:
    rows = database.connection.execute(
        text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'commsbridge_%'")
    )
    assert {name: (is_super, bypass) for name, is_super, bypass in rows} == dict.fromkeys(
        ("commsbridge_app", "commsbridge_owner", "commsbridge_carrier", "commsbridge_ingest"), (False, False)
    )
    owners = database.connection.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
    assert [owner for (owner,) in owners] == ["commsbridge_owner"]


def two_schools(database: Database) -> tuple[uuid.UUID, uuid.UUID]:
    made = []
    for name in ("Rimu Road School", "Kōwhai School"):
        with database.session(DatabaseRole.APP) as session, session.begin():
            statement = "INSERT INTO schools (name_en, name_mi, text_name) VALUES (:name, :name, :name) RETURNING id"
            school_id = session.scalar(text(statement), {"name": name})
        with database.session(DatabaseRole.APP, school_id) as session, session.begin():
            session.execute(text("INSERT INTO classes (name) VALUES ('Room 7')"))
        made.append(school_id)
    return made[0], made[1]


def test_a_school_never_sees_another_schools_rows(database: SharedDatabase) -> None:
    first, second = two_schools(database)
    with database.session(DatabaseRole.APP, first) as session, session.begin():
        assert session.scalars(text("SELECT school_id FROM classes")).all() == [first]
        assert session.execute(text("UPDATE classes SET name = 'x' WHERE school_id = :s"), {"s": second}).rowcount == 0  # type: ignore[attr-defined]
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        database.session(DatabaseRole.APP, first) as session,
        session.begin(),
    ):
        session.execute(text("INSERT INTO classes (school_id, name) VALUES (:s, 'Room 8')"), {"s": second})


def test_without_a_school_there_are_no_rows(database: SharedDatabase) -> None:
    two_schools(database)
    with database.session(DatabaseRole.APP) as session, session.begin():
        assert session.scalars(text("SELECT id FROM classes")).all() == []


def test_the_school_of_an_earlier_act_does_not_leak_into_the_next_on_the_same_connection(
    committed_database: Database,
) -> None:
    first, second = two_schools(committed_database)
    for school_id, seen in ((first, [first]), (None, []), (second, [second]), (None, [])):
        with committed_database.session(DatabaseRole.APP, school_id) as session, session.begin():
            assert session.scalars(text("SELECT school_id FROM classes")).all() == seen


def test_what_arrives_is_kept_statement_by_statement_in_the_ingest_role_and_sees_no_schools_rows(
    committed_database: Database,
) -> None:
    two_schools(committed_database)
    kept = text("INSERT INTO raw_inbound (carrier, carrier_key, content_type, body) VALUES ('page', :key, '', '')")
    for key in ("first", "second"):
        with committed_database.arriving() as session:
            session.execute(kept, {"key": key})
            assert session.scalar(text("SELECT current_user")) == DatabaseRole.INGEST
            with pytest.raises(DBAPIError, match="permission denied"):
                session.execute(text("SELECT id FROM classes"))
    with committed_database.session(DatabaseRole.INGEST) as session, session.begin():
        assert session.scalars(text("SELECT carrier_key FROM raw_inbound ORDER BY number")).all() == ["first", "second"]
    with committed_database.session(DatabaseRole.APP) as session, session.begin():
        assert session.scalar(text("SELECT current_user")) == DatabaseRole.APP


def test_the_carrier_role_reads_deliveries_and_senders_and_nothing_else(committed_database: Database) -> None:
    with committed_database.session(DatabaseRole.CARRIER) as session, session.begin():
        readable = session.scalars(
            text(
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
                "AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
            )
        ).all()
    assert readable == ["deliveries", "senders"]


def test_of_praise_that_waits_the_carrier_role_sees_whose_and_when_alone(committed_database: Database) -> None:
    with committed_database.session(DatabaseRole.CARRIER) as session, session.begin():
        readable = session.scalars(
            text(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = 'later_praises'::regclass AND attnum > 0 "
                "AND has_column_privilege(attrelid, attnum, 'SELECT') ORDER BY 1"
            )
        ).all()
    assert readable == ["goes_at", "school_id", "state"]


@pytest.mark.parametrize(
    "table",
    ["lines", "line_words", "consent_entries", "looks", "delivery_receipts", "student_words", "photo_permissions"],
)
def test_an_append_only_table_cannot_be_changed_by_the_app(committed_database: Database, table: str) -> None:
    for verb in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            committed_database.session(DatabaseRole.APP) as session,
            session.begin(),
        ):
            session.execute(text(verb))
