"""A backup holds every row of every school, and gives every one back."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, pool, text

from commsbridge.cli.backing_up import write_backup
from commsbridge.cli.owning import owner_connection
from commsbridge.local_postgres import LocalPostgres
from tests.conftest import RoleUrls
from tests.doors.command_line import CommandLine, environment_of, fill_every_table

TABLES = text(
    "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
WALLS = text("SELECT relname::text, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'")


def superuser(postgres: LocalPostgres, name: str) -> Engine:
    """Sees every row, whatever the walls say."""
    return create_engine(postgres.url("postgres", name), poolclass=pool.NullPool)


def contents(connection: Connection) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        table: list(connection.scalars(text(f"SELECT t::text FROM {table} t ORDER BY 1")))
        for table in connection.scalars(TABLES).all()
    }


def counts(connection: Connection) -> dict[str, int]:
    return {table: len(rows) for table, rows in contents(connection).items()}


@pytest.fixture
def full(postgres: LocalPostgres, role_urls: RoleUrls) -> Engine:
    """A database with rows of two schools in every table, and raw rows of no school."""
    engine = superuser(postgres, role_urls.name)
    with engine.begin() as connection:
        fill_every_table(connection)
        connection.execute(text("INSERT INTO opt_outs SELECT id, '+64215559999', now() FROM senders LIMIT 1"))
    return engine


@pytest.fixture
def filled(full: Engine, role_urls: RoleUrls) -> CommandLine:
    """The command line of that database."""
    assert full.url.database == role_urls.name
    return CommandLine(environment_of(role_urls))


@pytest.fixture
def other(postgres: LocalPostgres, template: str) -> Iterator[RoleUrls]:
    """Another migrated, empty database."""
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    yield RoleUrls(name, *(postgres.url(f"commsbridge_{role}", name) for role in ("app", "owner", "carrier")))
    postgres.drop_database(name)


@pytest.fixture
def empty(other: RoleUrls) -> CommandLine:
    """The command line of the empty database."""
    return CommandLine(environment_of(other))


def test_every_table_holds_rows_of_two_schools_so_that_the_comparison_can_fail(full: Engine) -> None:
    with full.connect() as connection:
        there = counts(connection)
    assert {table for table, count in there.items() if count < 2} == {"alembic_version"}
    assert there["raw_inbound"] == there["opt_outs"] == 3


def test_after_a_restore_every_table_has_the_rows_it_had(
    postgres: LocalPostgres, full: Engine, filled: CommandLine, empty: CommandLine, other: RoleUrls, tmp_path: Path
) -> None:
    file = tmp_path / "school.backup"
    filled.says("backup", str(file))
    empty.says("restore", str(file), "--nothing-went-since")
    with full.connect() as before, superuser(postgres, other.name).connect() as after:
        assert counts(after) == counts(before)
        assert contents(after) == contents(before)


def test_after_a_restore_the_walls_are_up_again_and_the_app_sees_one_school(
    postgres: LocalPostgres, full: Engine, filled: CommandLine, empty: CommandLine, other: RoleUrls, tmp_path: Path
) -> None:
    filled.says("backup", str(tmp_path / "b"))
    empty.says("restore", str(tmp_path / "b"))
    with full.connect() as before, superuser(postgres, other.name).connect() as after:
        assert set(after.execute(WALLS)) == set(before.execute(WALLS))
        school = after.scalar(text("SELECT id FROM schools LIMIT 1"))
    app = create_engine(other.app, poolclass=pool.NullPool)
    with app.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM students")) == 0
        connection.execute(text("SELECT set_config('commsbridge.school_id', :id, true)"), {"id": str(school)})
        assert connection.scalar(text("SELECT count(*) FROM students")) == 1


def test_after_a_restore_numbers_go_on_where_they_were(
    full: Engine, filled: CommandLine, empty: CommandLine, postgres: LocalPostgres, other: RoleUrls, tmp_path: Path
) -> None:
    add = text("INSERT INTO schools (name_en, name_mi, text_name) VALUES ('a', 'a', 'a') RETURNING number")
    with full.begin() as connection:
        connection.execute(add)
        connection.execute(text("DELETE FROM schools WHERE name_en = 'a'"))
    filled.says("backup", str(tmp_path / "b"))
    empty.says("restore", str(tmp_path / "b"))
    with superuser(postgres, other.name).begin() as connection:
        assert connection.scalar(add) == 4


def test_what_waited_to_go_is_in_doubt_after_a_restore_and_nothing_else_changes(
    full: Engine, filled: CommandLine, empty: CommandLine, postgres: LocalPostgres, other: RoleUrls, tmp_path: Path
) -> None:
    with full.begin() as connection:
        connection.execute(
            text("UPDATE deliveries SET state = 'queued' WHERE id = (SELECT id FROM deliveries LIMIT 1)")
        )
    filled.says("backup", str(tmp_path / "b"))
    assert "1 message waited" in empty.says("restore", str(tmp_path / "b"))
    with full.connect() as before, superuser(postgres, other.name).connect() as after:
        states = after.scalars(text("SELECT state FROM deliveries ORDER BY state")).all()
        assert states == ["held", "uncertain"]
        then, now = contents(before), contents(after)
        moved = {"deliveries", "delivery_moves"}
        assert {table for table in then if then[table] != now[table]} == moved
        assert then.keys() == now.keys()


def test_a_backup_keeps_nobody_waiting_and_is_of_one_moment(full: Engine, filled: CommandLine, tmp_path: Path) -> None:
    with full.begin() as writing:
        writing.execute(text("UPDATE schools SET text_name = 'changed'"))
        writing.execute(text("INSERT INTO accounts (email) VALUES ('late@example.org')"))
        filled.says("backup", str(tmp_path / "b"))
    with zipfile.ZipFile(tmp_path / "b") as archive:
        assert b"late@example.org" not in archive.read("accounts.copy")
        assert b"changed" not in archive.read("schools.copy")


class Meddling(io.BytesIO):
    """A file during whose first write somebody adds a school."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.meddled = False

    def write(self, data: Any, /) -> int:
        if not self.meddled:
            self.meddled = True
            with self.engine.begin() as connection:
                connection.execute(text("INSERT INTO schools (name_en, name_mi, text_name) VALUES ('c', 'c', 'c')"))
        return super().write(data)


def test_what_is_committed_while_a_backup_is_written_is_not_in_it(
    full: Engine, role_urls: RoleUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMSBRIDGE_MIGRATE_DATABASE_URL", role_urls.owner)
    with owner_connection() as connection:
        manifest = write_backup(connection, Meddling(full))
    assert manifest.tables["schools"].rows == 2
    with full.connect() as connection_after:
        assert counts(connection_after)["schools"] == 3


def test_a_backup_is_readable_by_its_owner_alone_and_never_written_over_another(
    filled: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    filled.says("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert "is there already" in filled.refuses("backup", str(file))
    assert file.read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(filled: CommandLine, tmp_path: Path) -> None:
    assert "cannot be written" in filled.refuses("backup", str(tmp_path / "nowhere" / "b"))
    away = filled.environment["COMMSBRIDGE_MIGRATE_DATABASE_URL"].replace("commsbridge_", "none_")
    filled.refuses("backup", str(tmp_path / "b"), COMMSBRIDGE_MIGRATE_DATABASE_URL=away)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_would_lack_rows_is_refused(full: Engine, filled: CommandLine, tmp_path: Path) -> None:
    with full.begin() as connection:
        connection.execute(text("DROP POLICY backup ON students"))
    assert "Rows of students are hidden" in filled.refuses("backup", str(tmp_path / "b"))
    assert list(tmp_path.iterdir()) == []


def test_a_backup_as_another_role_is_refused(filled: CommandLine, role_urls: RoleUrls, tmp_path: Path) -> None:
    said = filled.refuses("backup", str(tmp_path / "b"), COMMSBRIDGE_MIGRATE_DATABASE_URL=role_urls.app)
    assert "must sign in as commsbridge_owner" in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_with_rows_is_not_restored_into(
    full: Engine, filled: CommandLine, empty: CommandLine, tmp_path: Path
) -> None:
    filled.says("backup", str(tmp_path / "b"))
    empty.says("restore", str(tmp_path / "b"))
    assert "is not empty" in empty.refuses("restore", str(tmp_path / "b"))
    with full.connect() as connection:
        before = contents(connection)
        assert "is not empty" in filled.refuses("restore", str(tmp_path / "b"))
        assert contents(connection) == before


def test_a_database_before_its_first_migration_is_not_restored_into(
    filled: CommandLine, postgres: LocalPostgres, tmp_path: Path
) -> None:
    filled.says("backup", str(tmp_path / "b"))
    postgres.create_database("commsbridge_bare")
    bare = postgres.url("commsbridge_owner", "commsbridge_bare")
    for words in (["restore", str(tmp_path / "b")], ["backup", str(tmp_path / "c")]):
        assert "commsbridge migrate" in filled.refuses(*words, COMMSBRIDGE_MIGRATE_DATABASE_URL=bare)
    postgres.drop_database("commsbridge_bare")


def rewritten(source: Path, target: Path, **changed: bytes) -> Path:
    """A copy of an archive with some entries changed (``manifest`` among them)."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, changed.get(name.partition(".")[0], archive.read(name)))
    return target


def test_a_backup_of_another_version_is_refused(filled: CommandLine, empty: CommandLine, tmp_path: Path) -> None:
    filled.says("backup", str(tmp_path / "b"))
    with zipfile.ZipFile(tmp_path / "b") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    older = json.dumps({**manifest, "revision": "0000"}).encode()
    file = rewritten(tmp_path / "b", tmp_path / "older", manifest=older)
    assert "made at migration 0000" in empty.refuses("restore", str(file))
    del manifest["tables"]["students"]
    fewer = rewritten(tmp_path / "b", tmp_path / "fewer", manifest=json.dumps(manifest).encode())
    assert "are not those of the backup" in empty.refuses("restore", str(fewer))


def test_a_damaged_backup_changes_nothing(
    filled: CommandLine, empty: CommandLine, postgres: LocalPostgres, other: RoleUrls, tmp_path: Path
) -> None:
    filled.says("backup", str(tmp_path / "b"))
    whole = (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "b") as archive:
        students = archive.read("students.copy")
        member = archive.getinfo("students.copy")
    flipped = bytearray(whole)
    # Within the rows themselves: a day in a header of the file is nothing that a backup holds.
    name, extra = (int.from_bytes(whole[member.header_offset + at :][:2], "little") for at in (26, 28))
    flipped[member.header_offset + 30 + name + extra + member.compress_size // 2] ^= 0xFF
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "flipped").write_bytes(flipped)
    (tmp_path / "words").write_text("kia ora")
    damaged = [tmp_path / name for name in ("cut", "flipped", "words")]
    for number, rows in enumerate((b"", students + students, students.splitlines(keepends=True)[0], b"x\n")):
        damaged.append(rewritten(tmp_path / "b", tmp_path / f"rows{number}", students=rows))
    for file in damaged:
        said = empty.refuses("restore", str(file))
        assert "is damaged" in said or "not a whole one" in said, (file.name, said)
    with superuser(postgres, other.name).connect() as connection:
        assert {table for table, count in counts(connection).items() if count} == {"alembic_version"}
        assert all(enabled == forced for _, enabled, forced in connection.execute(WALLS))
    empty.says("restore", str(tmp_path / "b"))
