"""The postman: walks errands (webhooks and the pauses between them) on a few threads, each errand in its own order."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

import urllib3

log = logging.getLogger(__name__)

THREADS = 8
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 15.0
MAX_ANSWER = 65_536
REMEMBERED = 20_000
FAILURES = {"ct": "no connection", "rt": "no answer", "away": "not on this machine, so not sent"}

Errand = Iterator[float]


@dataclass(frozen=True, slots=True)
class Knock:
    """One webhook that was sent, or tried.

    ``status`` is None when nobody answered; ``failure`` then says why: ct (no connection), rt (no answer in time, or
    cut off) or away (the URL is not on this machine, so nothing was sent).
    """

    kind: str
    url: str
    status: int | None
    at: datetime
    failure: str = ""
    answer: bytes = b""

    @property
    def taken(self) -> bool:
        """Whether commsbridge answered 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def told(self) -> str:
        """What became of it, in words."""
        return FAILURES[self.failure] if self.status is None else f"answered {self.status}"


@dataclass(frozen=True, slots=True)
class _Walk:
    errand: Errand
    over: Future[None]
    era: int


class Postman:
    """Runs errands. An errand is an iterator: each number it yields is a pause in seconds before it goes on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._due: list[tuple[float, int, _Walk]] = []
        self._era = 0
        self._order = itertools.count()
        self._walking = 0
        self._stopping = False
        self._changed = threading.Condition()
        self._pool = urllib3.PoolManager(num_pools=8, maxsize=THREADS, retries=False)
        self._knocks: deque[Knock] = deque(maxlen=REMEMBERED)
        self._threads = [threading.Thread(target=self._walk, name=f"postman-{n}", daemon=True) for n in range(THREADS)]

    def start(self) -> None:
        """Begin walking."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop walking; errands not yet over are dropped."""
        self.drop()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._pool.clear()

    def run(self, errand: Errand) -> Future[None]:
        """Walk an errand from now on; the future is done when the errand is over."""
        walk = _Walk(errand, Future(), self._era)
        self._wait(0.0, walk)
        return walk.over

    def settle(self, timeout: float) -> None:
        """Wait until every errand is over; raises TimeoutError after so many seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._due and not self._walking, timeout):
                raise TimeoutError(f"After {timeout} s {len(self._due) + self._walking} errands are still under way.")

    def drop(self) -> None:
        """Forget every errand (its future is cancelled) and every knock."""
        with self._changed:
            self._era += 1
            dropped = [walk for _, _, walk in self._due]
            self._due.clear()
            self._knocks.clear()
            self._changed.notify_all()
        for walk in dropped:
            walk.over.cancel()

    def knocks(self) -> list[Knock]:
        """The last 20,000 webhooks sent or tried, oldest first."""
        with self._changed:
            return list(self._knocks)

    def knock(self, kind: str, url: str, reach: str | None, headers: dict[str, str], body: bytes) -> Knock:
        """Send one webhook now: ``url`` is what it is signed for, ``reach`` where it goes (None: nowhere)."""
        if reach is None:
            made = Knock(kind, url, None, self._now(), "away")
        else:
            made = self._send(kind, url, reach, headers, body)
        with self._changed:
            self._knocks.append(made)
        return made

    def _send(self, kind: str, url: str, reach: str, headers: dict[str, str], body: bytes) -> Knock:
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT)
        try:
            response = self._pool.request("POST", reach, body=body, headers=headers, timeout=timeout, redirect=False)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError):
            return Knock(kind, url, None, self._now(), "ct")
        except urllib3.exceptions.HTTPError:
            return Knock(kind, url, None, self._now(), "rt")
        return Knock(kind, url, response.status, self._now(), "", response.data[:MAX_ANSWER])

    def _wait(self, seconds: float, walk: _Walk) -> None:
        with self._changed:
            if walk.era == self._era:
                heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), walk))
                self._changed.notify()
                return
        walk.over.cancel()

    def _walk(self) -> None:
        while (walk := self._next()) is not None:
            try:
                pause = next(walk.errand)
            except StopIteration:
                walk.over.set_result(None)
            except Exception as trouble:
                log.exception("an errand of the neighbourhood's postman failed")
                walk.over.set_exception(trouble)
            else:
                self._wait(pause, walk)
            with self._changed:
                self._walking -= 1
                self._changed.notify_all()

    def _next(self) -> _Walk | None:
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._walking += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None
