"""Waking: PostgreSQL's NOTIFY tells a worker that something waits, so that an idle one answers at once."""

from __future__ import annotations

import select as readiness
import threading

import psycopg

DATABASE_AWAY_SECONDS = 2.0


class Listener:
    """Wakes the worker when a delivery is queued or something came in; the poll covers whatever it misses."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._stop = stop
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def __enter__(self) -> threading.Event:
        self._thread.start()
        return self._woken

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
            self._woken.set()
            while not self._stop.is_set():
                ready, _, _ = readiness.select([connection.fileno()], [], [], 0.5)
                if ready:
                    for _ in connection.notifies(timeout=0):
                        pass
                    self._woken.set()
