"""The clock: APScheduler says when, a row in the database says what, and of many clocks one ticks.

Every process that works may hold a clock. The one that holds PostgreSQL's advisory lock ticks; when it ends, or loses
the database, the next one takes over and makes what was missed meanwhile and is not too late. A tick that comes twice
does nothing twice: the rooms see to that.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, time
from functools import partial

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from commsbridge import plans, prompts, schools
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime
from commsbridge.schools import Duty

log = structlog.get_logger()

# Any fixed number: whoever holds it ticks.
LOCK = 7261012
# How soon another clock takes over, and how soon new times are known (seconds).
LOOK_SECONDS = 15.0
# How many schools are asked at once, where there are enough of them to make that worth a thread. With two, whichever
# waits for the database finds the other reckoning and waits for it, too: measured, that took longer than one by one;
# four took a third less.
AT_ONCE = 4
FEWEST_AT_ONCE = 4
DAYS = ("mon", "tue", "wed", "thu", "fri")
Minute = tuple[str, int, time]
# What was missed over night, or while teachers may not be asked, is asked for on the next school morning.
MORNING = time(8)


class Clock:
    """Asks teachers at the times they chose; ``run`` goes on until told to stop."""

    def __init__(self, runtime: Runtime, *, look_seconds: float = LOOK_SECONDS) -> None:
        self.runtime = runtime
        self.name = f"clock-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._look_seconds = look_seconds
        self._stop = threading.Event()
        self._scheduler: BackgroundScheduler | None = None
        self._missed = threading.Event()
        self._catching_up: threading.Thread | None = None
        self.ticking = threading.Event()

    def run(self) -> None:
        """Wait to be the one that ticks, tick, and begin again when the database was away."""
        while not self._stop.is_set():
            try:
                self._tick_if_alone()
            except DATABASE_AWAY as error:
                log.warning("clock.database_away", kind=type(error).__name__)
            finally:
                self._silence()
            self._stop.wait(self._look_seconds)

    def stop(self) -> None:
        """Ask ``run`` to end."""
        self._stop.set()

    def _tick_if_alone(self) -> None:
        """Tick for as long as the lock is held: it ends with its connection, so that is asked again and again."""
        url = self.runtime.settings.database_url.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            if held != (True,):
                return
            log.info("clock.ticks")
            # Missed firings are asked for from the rows, so the scheduler itself may forget what it slept through.
            self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
            self._scheduler.start()
            # Wound first: what is due meanwhile is asked on time, however much was missed before.
            known: set[Minute] = set()
            self._missed.set()
            while not self._stop.is_set():
                connection.execute("SELECT 1")
                known = self._wind(known)
                with self.runtime.lobby() as lobby:
                    schools.worker_seen(lobby, self.name, Duty.CLOCK)
                self.ticking.set()
                if self._missed.is_set() and not self._is_catching_up():
                    self._missed.clear()
                    self.ask_missed()
                    # A thread and not a job: APScheduler breaks when it is shut down while it puts a job away that
                    # runs once.
                    self._catching_up = threading.Thread(target=self._catch_up, name="clock catching up")
                    self._catching_up.start()
                self._stop.wait(self._look_seconds)

    def _silence(self) -> None:
        self.ticking.clear()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
        if self._catching_up is not None:
            self._catching_up.join()
            self._catching_up = None

    def _is_catching_up(self) -> bool:
        return self._catching_up is not None and self._catching_up.is_alive()

    def _wind(self, known: set[Minute]) -> set[Minute]:
        """One job for each zone, weekday and time that anybody chose; those nobody chooses any more go."""
        with self.runtime.lobby() as lobby:
            chosen = prompts.times_chosen(lobby)
        wanted = chosen | {(zone, day, MORNING) for zone, _, _ in chosen for day in range(len(DAYS))}
        for minute in known - wanted:
            self._scheduled().remove_job(_name(minute))
        for minute in wanted - known:
            zone, weekday, at = minute
            trigger = CronTrigger(day_of_week=DAYS[weekday], hour=at.hour, minute=at.minute, timezone=zone)
            self._scheduled().add_job(partial(self._fire, *minute), trigger, id=_name(minute), misfire_grace_time=None)
        return wanted

    def _scheduled(self) -> BackgroundScheduler:
        if self._scheduler is None:
            raise RuntimeError("the clock is silent")
        return self._scheduler

    def _fire(self, zone: str, weekday: int, at: time) -> None:
        """The hour itself; where the database was away just then, the next look asks what is due."""
        try:
            self.ask_at(zone, weekday, at)
        except DATABASE_AWAY as error:
            log.warning("clock.database_away", kind=type(error).__name__)
            self._missed.set()

    def ask_at(self, zone: str, weekday: int, at: time) -> None:
        """Ask in every school of a zone in which somebody chose this time; in the morning, in all that ask anybody."""
        with self.runtime.lobby() as lobby:
            there = prompts.schools_at(lobby, zone, weekday, at)
            if at == MORNING:
                there = prompts.schools_asking(lobby, zone)
        self._ask(there)

    def ask_missed(self) -> None:
        """Ask wherever somebody was to be asked and it is not too late: what another clock, or none, has missed."""
        with self.runtime.lobby() as lobby:
            there = prompts.schools_lately(lobby, within=prompts.TOO_LATE)
        self._ask(there)

    def _catch_up(self) -> None:
        """Judge what was missed longer ago, in every school, beside the ticking: to be dropped, moved, and told."""
        try:
            with self.runtime.lobby() as lobby:
                there = prompts.schools_asking(lobby)
            self._ask(there)
        except DATABASE_AWAY as error:
            log.warning("clock.database_away", kind=type(error).__name__)
            self._missed.set()

    def _ask(self, school_ids: Sequence[uuid.UUID]) -> None:
        """Ask school by school, a few at once: while one waits for the database, another reckons."""
        if len(school_ids) < FEWEST_AT_ONCE:
            for school_id in school_ids:
                self._ask_school(school_id)
            return
        # Left only when every school's turn is over, or was never begun: no thread outlives this act.
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="clock asking") as askers:
            turns = [askers.submit(self._ask_school, school_id) for school_id in school_ids]
            try:
                for turn in turns:
                    turn.result()
            except DATABASE_AWAY:
                askers.shutdown(cancel_futures=True)
                raise

    def _ask_school(self, school_id: uuid.UUID) -> None:
        if self._stop.is_set():
            return
        try:
            with self.runtime.work(school_id, many=True) as work:
                asked = prompts.ask_due(work, links=self.runtime.links, planned=plans.goals_named)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one school's trouble must not keep the others from being asked
            log.error("clock.trouble", school=str(school_id), kind=type(error).__name__)
        else:
            log.info("clock.asked", school=str(school_id), prompts=len(asked))


@contextmanager
def ticking(clock: Clock, *, broken: Callable[[], None]) -> Iterator[None]:
    """Run a clock beside something else; ``broken`` is called when it ends by a bug, which is raised at the end."""
    bugs: list[Exception] = []

    def run() -> None:
        try:
            clock.run()
        except Exception as error:  # noqa: BLE001 - raised again below
            bugs.append(error)
            broken()

    thread = threading.Thread(target=run, name="clock")
    thread.start()
    try:
        yield
    finally:
        clock.stop()
        thread.join()
    for bug in bugs:
        raise bug


def _name(minute: Minute) -> str:
    zone, weekday, at = minute
    return f"{zone} {DAYS[weekday]} {at:%H:%M}"
