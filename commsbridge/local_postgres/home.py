"""Where a private PostgreSQL lives, whose that is, and who may use it now."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from commsbridge.local_postgres.errors import LocalPostgresError

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, and PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_DIRECTORY = 103 - len("/.s.PGSQL.5432.lock")
# No user setting (PGDATA, PGOPTIONS, a locale the machine lacks) may reach the server.
ENVIRONMENT = {"LC_ALL": "C"}


class Home:
    """The directory a private PostgreSQL lives in: ``path``, with ``data`` and ``log`` in it, and ``sockets``.

    It is ``wanted`` itself, unless we are root (which PostgreSQL refuses to run as) and the unprivileged user it then
    runs as cannot reach that: then it is one under /var/tmp.
    """

    def __init__(self, wanted: Path) -> None:
        self._wanted = wanted.resolve()
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._lock: IO[str] | None = None
        self.path = self._find_path()
        self.sockets = self._find_sockets()
        self.data = self.path / "data"
        self.log = self.path / "postgres.log"

    @property
    def identity(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that make a child the server's user."""
        user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        return {"env": ENVIRONMENT, **user}

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the server's user; the outcome is the caller's to judge."""
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.path, **self.identity)

    def make_executable(self, bindir: Path) -> Path:
        """``bindir``, or a copy of the installation around it when the server's user cannot run that one."""
        if not self._user or self._reaches(bindir / "postgres"):
            return bindir
        copy = self.path / f"postgresql-{bindir.stat().st_mtime_ns}"
        if not copy.exists():
            unfinished = self.path / "postgresql.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(bindir.parent, unfinished, symlinks=True)
            for path in (unfinished, *unfinished.rglob("*")):
                os.chown(path, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)
            unfinished.rename(copy)
        return copy / bindir.name

    def lock(self) -> None:
        """Hold the directory; the kernel lets it go when this process ends, however it ends.

        Raises LocalPostgresError, which names the process, when another holds it, or when it is another user's.
        """
        self._own_all()
        holder = (self.path / "lock").open("a+")
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with holder:
                holder.seek(0)
                pid = holder.read() or "that is just starting"
            msg = f"The PostgreSQL in {self.path} is in use by process {pid}: stop that one first."
            raise LocalPostgresError(msg) from None
        holder.truncate(0)
        holder.write(str(os.getpid()))
        holder.flush()
        self._lock = holder

    def unlock(self) -> None:
        """Let the directory go, if it is held."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def empty(self) -> None:
        """Remove what was made here, the lock last; the directories too when nothing else is in them."""
        for path in (*self.path.glob("data*"), *self.path.glob("postgresql*"), self.sockets):
            shutil.rmtree(path)
        for path in (self.log, self.path / "lock"):
            path.unlink(missing_ok=True)
        for directory in {self.path, self.sockets.parent}:
            if not any(directory.iterdir()):
                directory.rmdir()

    def _find_path(self) -> Path:
        self._wanted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        within_reach = not self._user or self._reaches(self._wanted.parent)
        return self._wanted if within_reach else self._substitute()

    def _find_sockets(self) -> Path:
        sockets = self.path / "run"
        # In an address a comma would part two hosts, and a % begin an escape.
        plain = re.fullmatch(r"[A-Za-z0-9_./+@-]+", str(sockets))
        return sockets if plain and len(str(sockets)) <= LONGEST_SOCKET_DIRECTORY else self._substitute() / "run"

    def _substitute(self) -> Path:
        digest = hashlib.sha256(os.fsencode(self._wanted)).hexdigest()
        return Path("/var/tmp") / f"commsbridge-{digest[:12]}"  # noqa: S108 - _own refuses one that is not ours

    def _own_all(self) -> None:
        for directory in (self.path, self.sockets.parent, self.sockets):
            self._own(directory)

    def _own(self, directory: Path) -> None:
        """Make the directory if need be, private to the server's user."""
        directory.mkdir(mode=0o700, exist_ok=True)
        user, group = (self._user.pw_uid, self._user.pw_gid) if self._user else (os.geteuid(), os.getegid())
        if directory.is_symlink() or directory.stat().st_uid not in {user, os.geteuid()}:
            msg = f"{directory} belongs to another user: carry on as that user, or remove it."
            raise LocalPostgresError(msg)
        os.chown(directory, user, group)
        directory.chmod(0o700)

    def _reaches(self, path: Path) -> bool:
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(command, check=False, cwd="/", **self.identity).returncode == 0


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    msg = "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as."
    raise LocalPostgresError(msg)
