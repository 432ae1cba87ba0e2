"""The server: started as our child, ended with us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from commsbridge.local_postgres.binaries import find_binaries
from commsbridge.local_postgres.errors import LocalPostgresError
from commsbridge.local_postgres.home import Home

ROLES = Path(__file__).parents[2] / "migrations" / "roles.sql"
OWNER = "commsbridge_owner"
SUPERUSER = "postgres"

START_SECONDS = 10.0  # after a crash the old server's children hold its shared memory for 1 to 3 s
RECOVERY_SECONDS = 60.0  # a server that lives but replays its log is waited for
STOP_SECONDS = 15.0
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # linux/prctl.h

# macOS has no C.UTF-8; this sorts alike and knows letters beyond ASCII too.
LOCALE = ["--locale=C", "--lc-ctype=en_US.UTF-8"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]
# terse: the details of a broken constraint name its values, and logs hold no personal information.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class LocalPostgres:
    """A PostgreSQL of our own that lives in ``directory``, listens on a private Unix socket and dies with us.

    ``bindir``: where its programs are; found when not given, and known once started.
    ``durable=False`` turns fsync off: for tests alone.
    ``home``: where it really lives, which is elsewhere when we are root and ``directory`` is out of the reach of the
    user that it then runs as.
    ``start()`` belongs in the main thread: Linux ends the server when the thread that started it ends.
    Every method raises LocalPostgresError with a sentence for the person at the keyboard.
    """

    def __init__(self, directory: Path, bindir: Path | None = None, *, durable: bool = True) -> None:
        self._home = Home(directory)
        self._durable = durable
        self._server: subprocess.Popen[bytes] | None = None
        self.bindir = bindir

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def home(self) -> Path:
        """The directory that holds everything this server keeps."""
        return self._home.path

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._server.pid if self._server else None

    def start(self) -> None:
        """Make the data where there is none, start the server, and make our roles (migrations/roles.sql).

        Raises LocalPostgresError when another process uses the directory, when there is no fitting PostgreSQL, or
        when the server does not start in START_SECONDS.
        """
        self._home.lock()
        try:
            self._end_orphan()
            self.bindir = find_binaries(self.bindir, major=self._major_of_data()).directory
            executable = self._home.make_executable(self.bindir)
            self._make_data(executable)
            self._launch_until_ready(executable)
            with self._superuser() as connection:
                connection.execute(ROLES.read_bytes())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server, whoever is connected, and let the directory go; twice does no harm."""
        if self._server:
            _end(self._server)
            self._server = None
        self._home.unlock()

    def erase(self) -> None:
        """Throw away the data and all else that was made. Raises LocalPostgresError while any process uses it."""
        self._home.lock()
        try:
            self._end_orphan()
            self._home.empty()
        finally:
            self._home.unlock()

    def url(self, role: str, database: str) -> str:
        """The SQLAlchemy address of ``database`` for ``role``; there are no passwords, the socket is ours alone."""
        return f"postgresql+psycopg://{quote(role)}@/{quote(database)}?host={quote(str(self._home.sockets))}"

    def has_database(self, name: str) -> bool:
        """Whether there is a database of this name."""
        with self._superuser() as connection:
            return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Create a database that OWNER owns, a copy of ``template`` (to which nobody may be connected)."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        with self._superuser() as connection:
            connection.execute(statement.format(*map(sql.Identifier, (name, OWNER, template))))

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, whoever is connected to it."""
        with self._superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextlib.contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(
            host=str(self._home.sockets), port=5432, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            yield connection

    def _major_of_data(self) -> int | None:
        version = self._home.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def _make_data(self, bindir: Path) -> None:
        """Run initdb beside the place and then rename, so that data is there whole or not at all."""
        if self._home.data.exists():
            return
        unfinished = self.home / "data.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        options = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", *LOCALE]
        outcome = self._home.run([bindir / "initdb", *options, *([] if self._durable else ["--no-sync"]), unfinished])
        if outcome.returncode != 0:
            msg = f"PostgreSQL could not make its data in {self.home}: {outcome.stderr.strip()}"
            raise LocalPostgresError(msg)
        unfinished.rename(self._home.data)

    def _launch_until_ready(self, bindir: Path) -> None:
        started = time.monotonic()
        while time.monotonic() - started < START_SECONDS:
            self._server = self._launch(bindir)
            if self._becomes_ready(self._server):
                return
            time.sleep(0.2)
        end_of_log = self._home.log.read_text(errors="replace")[-600:].strip()
        msg = f"PostgreSQL in {self.home} did not start. The end of its log: {end_of_log}"
        raise LocalPostgresError(msg)

    def _launch(self, bindir: Path) -> subprocess.Popen[bytes]:
        options = OPTIONS | {"unix_socket_directories": str(self._home.sockets)} | ({} if self._durable else HASTY)
        settings = [f"--{name}={value}" for name, value in options.items()]
        with self._home.log.open("wb") as log:
            return subprocess.Popen(
                [bindir / "postgres", "-D", self._home.data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,  # Ctrl-C is for us: the server goes last
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - it takes no lock
                **self._home.identity,
            )

    def _becomes_ready(self, server: subprocess.Popen[bytes]) -> bool:
        started = time.monotonic()
        while server.poll() is None and time.monotonic() - started < RECOVERY_SECONDS:
            try:
                with self._superuser():
                    return True
            except psycopg.OperationalError:  # not listening yet, or still recovering
                time.sleep(0.02)
        return False

    def _end_orphan(self) -> None:
        """End a server that outlived whoever started it, and clear the pid file of one that was killed.

        We hold the lock, so nobody needs that server. Its number in the pid file is believed only when something
        listens on the socket, which is private: the number of a dead server may be another process's by now.
        """
        pid_file = self._home.data / "postmaster.pid"
        for urgency in (signal.SIGINT, signal.SIGQUIT):
            if self._listening():
                os.kill(int(pid_file.read_text().split()[0]), urgency)
                _wait_until_gone(pid_file, STOP_SECONDS)
        _wait_until_gone(pid_file, 1.0)  # one that is just ending removes it itself, and must not remove its heir's
        pid_file.unlink(missing_ok=True)

    def _listening(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._home.sockets / ".s.PGSQL.5432")) == 0


def _end_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End it fast, at once, or by force: each when the gentler way took too long."""
    for urgency in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(urgency)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)
            return


def _wait_until_gone(path: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
