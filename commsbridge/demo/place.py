"""Where a demo keeps everything: its database, its town of phones, its secrets, its log; for one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from commsbridge.local_postgres import LocalPostgres


class DemoError(Exception):
    """The demo cannot run; the message is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What this demo signs with; made once, by chance."""

    secret_key: str
    twilio_auth_token: str
    sendgrid_api_key: str
    inbound_email_secret: str


class Place:
    """A directory and what lies in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.postgres = root / "postgres"
        self.town = root / "town"
        self.log = root / "demo.log"
        self._lock = root / "lock"
        self._secrets = root / "secrets.json"
        self._seeded = root / "seeded"

    @contextmanager
    def alone(self, address: str) -> Iterator[None]:
        """Hold the directory while the block runs; ``address`` is told to whoever else comes.

        The kernel lets it go when this process ends, however it ends. Raises DemoError when another demo holds it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "it is just starting"
                raise DemoError(f"A demo runs already ({holder}). Stop it with Ctrl-C where it was started.") from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, {address}")
            lock.flush()
            yield

    @property
    def seeded(self) -> bool:
        """Whether the school in the database is whole."""
        return self._seeded.exists()

    def note_seeded(self) -> None:
        """The school is whole from now on."""
        self._seeded.touch()

    def forget_school(self) -> None:
        """Throw away the town of a school that was never finished."""
        self._seeded.unlink(missing_ok=True)
        shutil.rmtree(self.town, ignore_errors=True)

    def secrets(self) -> Secrets:
        """The secrets kept here, made (and readable by their owner alone) when there are none.

        Raises DemoError when the file cannot be read.
        """
        if not self._secrets.exists():
            made = Secrets(*(secrets.token_urlsafe(32) for _ in Secrets.__slots__))
            descriptor = os.open(self._secrets, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(made), file, indent=1)
        try:
            return Secrets(**json.loads(self._secrets.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise DemoError(f"{self._secrets} cannot be read. `make demo-reset` makes everything new.") from error

    def reset(self) -> bool:
        """Throw away all of it, and nothing else that lies in the directory; False when there was nothing.

        Raises DemoError when a demo runs, LocalPostgresError when something else uses its database.
        """
        if not self.root.exists():
            return False
        with self.alone("being reset"):
            LocalPostgres(self.postgres).erase()
            shutil.rmtree(self.town, ignore_errors=True)
            for file in (self.log, self._secrets, self._seeded):
                file.unlink(missing_ok=True)
            self._lock.unlink()
        for directory in (self.postgres, self.root):
            if directory.exists() and not any(directory.iterdir()):
                directory.rmdir()
        return True
