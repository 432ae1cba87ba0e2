"""The worker's two rounds: carrying what goes out, and keeping the desk: what came in, the log, the chores."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable

import structlog

from commsbridge import messages, schools
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime
from commsbridge.worker.carrying import DOUBT_RESTS, Carrying
from commsbridge.worker.digests import look_at_books, send_digests
from commsbridge.worker.housekeeping import keep_house
from commsbridge.worker.hui import look_at_hui
from commsbridge.worker.later import send_later_praise
from commsbridge.worker.listening import DATABASE_AWAY_SECONDS, Listener
from commsbridge.worker.pushing import Pushing
from commsbridge.worker.receiving import Receiving
from commsbridge.worker.reporting import mail_reports
from commsbridge.worker.safety import tell_named_people
from commsbridge.worker.standing import tell_that_support_stands
from commsbridge.worker.unanswered import end_unanswered, look_at_promises, tell_of_slowed
from commsbridge.worker.unreported import LostReports
from commsbridge.worker.voicing import send_pulses
from commsbridge.worker.watching import Watching

log = structlog.get_logger()

POLL_SECONDS = 1.0
FLYING_POLL_SECONDS = 0.005
# The longest between two turns while calls are in flight: the busier, the more are written down in one go. An idle
# worker takes its turn at once when it is woken.
TURN_SECONDS = 0.04
DESK_POLL_SECONDS = 0.5
SETTLE_SECONDS = 0.5
# Short, so that a busy worker tells in many small shares and carries on between them.
SETTLE_LASTS = 0.25
SAFETY_SECONDS = 5.0
LATER_SECONDS = 5.0
PICTURES_SECONDS = 5.0
PUSH_SECONDS = 2.0
UNANSWERED_SECONDS = 30.0
HEARTBEAT_SECONDS = 20.0
MISSED_SECONDS = 180.0
LOST_REPORTS_SECONDS = 600.0
HOUSE_SECONDS = 900.0
WATCH_SECONDS = 60.0


class Worker:
    """One worker of a process: ``step()`` does one round of everything due, ``run()`` goes on until told to stop.

    ``lease`` is how many seconds after it fell silent others may doubt what it held, ``doubt_rests`` how many a doubt
    then waits for the carrier's own report before the carrier is asked.
    """

    def __init__(
        self,
        runtime: Runtime,
        *,
        threads: int = 64,
        lease: float = messages.LEASE_SECONDS,
        doubt_rests: float = DOUBT_RESTS,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.runtime = runtime
        self.carrying = Carrying(runtime, threads=threads, name=self.name, lease=lease)
        self._keep_seconds = lease / 4
        self._doubt_rests = doubt_rests
        self.receiving = Receiving(runtime)
        self.pushing = Pushing(runtime)
        self.lost_reports = LostReports(runtime)
        self.watching = Watching(runtime)
        self._stop = threading.Event()
        self._last: dict[str, float] = {}
        self._settle_seconds = SETTLE_SECONDS
        self._bug: Exception | None = None

    def run(self) -> None:
        """Work until ``stop()``; then finish what is in flight. A database that is away is waited for.

        Two rounds go on side by side: this thread carries, another keeps the desk (files what came in, tells the log),
        so that neither waits for the other.
        """
        woken, desk_woken = threading.Event(), threading.Event()
        desk = threading.Thread(target=self._keep_desk, args=(desk_woken,), name="desk")
        with Listener(self.runtime.settings.database_url, self._stop, wakes=(woken, desk_woken)):
            desk.start()
            try:
                self._carry_on(woken)
            finally:
                # Also when carrying has failed: half a worker must not look like a whole one.
                self._stop.set()
                desk_woken.set()
                desk.join()
        self.receiving.close()
        self.lost_reports.close()
        try:
            self.pushing.close()
            self.carrying.drain()
        except DATABASE_AWAY as error:
            # What came back meanwhile is in doubt: another worker asks the carrier about it.
            log.warning("worker.database_away", kind=type(error).__name__)
        if self._bug is not None:
            raise self._bug

    def _carry_on(self, woken: threading.Event) -> None:
        while not self._stop.is_set():
            if not self._try(self.carry):
                woken.wait(FLYING_POLL_SECONDS if self.carrying.flying else POLL_SECONDS)
                woken.clear()

    def _keep_desk(self, woken: threading.Event) -> None:
        try:
            while not self._stop.is_set():
                if not self._try(self.mind_desk):
                    woken.wait(DESK_POLL_SECONDS)
                    woken.clear()
        except Exception as error:  # noqa: BLE001 - raised again by run()
            self._bug = error
            self._stop.set()

    def _try(self, work: Callable[[], bool]) -> bool:
        """One round of a kind; a database that is away makes it wait."""
        try:
            return work()
        except DATABASE_AWAY as error:
            log.warning("worker.database_away", kind=type(error).__name__)
            self._stop.wait(DATABASE_AWAY_SECONDS)
            return True

    def stop(self) -> None:
        """Ask ``run`` to end after what is in flight."""
        self._stop.set()

    def step(self) -> bool:
        """One round of both kinds, one after the other; True when anything moved."""
        return self.carry() | self.mind_desk()

    def carry(self) -> bool:
        """Land what has come back and launch what may go."""
        if self._due("keep", self._keep_seconds):
            self.carrying.keep()
        busy = min(1.0, self.carrying.flying / self.carrying.threads)
        if not self._due("turn", TURN_SECONDS * busy):
            return False
        more = not self.carrying.flying or self._due("launch", TURN_SECONDS)
        return self.carrying.turn(more=more) > 0

    def mind_desk(self) -> bool:
        """File what came in, tell the log what became of deliveries, send what was to go now, do the clock's chores."""
        filed = self.receiving.file()
        settled = self._settle() if self._due("settle", self._settle_seconds) else 0
        sent = send_later_praise(self.runtime) + send_digests(self.runtime) if self._due("later", LATER_SECONDS) else 0
        if self._due("unanswered", UNANSWERED_SECONDS):
            end_unanswered(self.runtime)
            look_at_promises(self.runtime)
            tell_of_slowed(self.runtime)
            look_at_books(self.runtime)
            mail_reports(self.runtime)
            send_pulses(self.runtime)
            look_at_hui(self.runtime)
            tell_that_support_stands(self.runtime)
        told = tell_named_people(self.runtime) if filed or self._due("safety", SAFETY_SECONDS) else 0
        self._chores()
        if filed or self._due("pictures", PICTURES_SECONDS):
            self.receiving.pictures.ask()
        heard = self.carrying.hear_doubts() + self.receiving.hear_missed() + self.receiving.pictures.hear()
        heard += self.lost_reports.hear()
        pushed = self.pushing.send() if self._due("push", PUSH_SECONDS) else 0
        return bool(filed or settled or sent or told or heard or pushed + self.pushing.hear())

    def _settle(self) -> int:
        """Tell the log. With many schools it is told less often, so that it takes a fifth of the time at most."""
        began = time.monotonic()
        settled = self.carrying.settle(seconds=SETTLE_LASTS)
        self._settle_seconds = max(SETTLE_SECONDS, 5 * (time.monotonic() - began))
        return settled

    def run_until_quiet(self, *, seconds: float = 30.0) -> None:
        """Step until nothing moves and nothing is in flight, for the command line and for tests.

        Raises TimeoutError when it has not become quiet by then.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for chore in ("turn", "launch", "settle", "later", "push"):
                self._last.pop(chore, None)
            moved = self.step()
            asking = self.carrying.asking + self.receiving.asking + self.lost_reports.asking
            asking += self.pushing.asking
            if not (moved or self.carrying.flying or asking):
                return
            time.sleep(FLYING_POLL_SECONDS)
        msg = f"still busy after {seconds:.0f} s"
        raise TimeoutError(msg)

    def _due(self, chore: str, every: float) -> bool:
        now = time.monotonic()
        if now - self._last.get(chore, float("-inf")) < every:
            return False
        self._last[chore] = now
        return True

    def _chores(self) -> None:
        if self._due("doubts", self._keep_seconds):
            self.carrying.ask_doubts(older_than=self._doubt_rests)
        if self._due("heartbeat", HEARTBEAT_SECONDS):
            with self.runtime.lobby() as lobby:
                schools.worker_seen(lobby, self.name)
        if self._due("house", HOUSE_SECONDS):
            keep_house(self.runtime)
        if self._due("watch", WATCH_SECONDS):
            self.watching.look()
        if self._due("missed", MISSED_SECONDS):
            self.receiving.ask_missed()
        if self._due("lost reports", LOST_REPORTS_SECONDS):
            self.lost_reports.ask()
