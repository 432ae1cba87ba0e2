"""Waking: PostgreSQL's NOTIFY tells a worker that something waits, so that an idle one answers at once."""

from __future__ import annotations

import select as readiness
import threading
from collections.abc import Sequence

import psycopg

DATABASE_AWAY_SECONDS = 2.0


class Listener:
    """Wakes the worker when a delivery is queued or something came in; the poll covers whatever it misses."""

    def __init__(self, url: str, stop: threading.Event, *, wakes: Sequence[threading.Event]) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._stop = stop
        self._wakes = wakes
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear()
            except psycopg.OperationalError:
                self._stop.wait(DATABASE_AWAY_SECONDS)

    def _hear(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute("LISTEN deliveries")
            connection.execute("LISTEN inbound")
            self._wake()
            while not self._stop.is_set():
                ready, _, _ = readiness.select([connection.fileno()], [], [], 0.5)
                if ready:
                    for _ in connection.notifies(timeout=0):
                        pass
                    self._wake()

    def _wake(self) -> None:
        for event in self._wakes:
            event.set()
