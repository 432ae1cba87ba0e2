"""The service whole for a browser: web, worker and pretend carrier over a database of their own, on real sockets."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask

from commsbridge import app, schools
from commsbridge.carriers import new_push_key
from commsbridge.demo import listen_at, serving
from commsbridge.foundation.database import Database, make_carrier_engine, make_engine
from commsbridge.neighbourhood import Arrangement, Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.schools import Staff
from commsbridge.web import DemoPerson, make_web
from commsbridge.web.access import OPEN, Pages, add_pages
from commsbridge.worker import Worker
from tests.conftest import RoleUrls
from tests.doors.pages import PASSWORD, make_settings
from tests.journeys.browser import PATIENCE

# The clock of rules runs behind the database's, so that the ten seconds to undo are over when the outbox looks.
BEHIND = timedelta(seconds=15)
SPARK = "/test/spark"

Answer = TypeVar("Answer")
broken = Pages()


@broken.route(SPARK, OPEN)
def spark() -> str:
    """A page with a bug in it."""
    raise RuntimeError("a bug that carries somebody's words")


class RunningClock:
    """The real time, so much earlier."""

    def __init__(self) -> None:
        self.behind = BEHIND

    def __call__(self) -> datetime:
        return app.clock() - self.behind


@dataclass(frozen=True)
class House:
    """Where the service listens, the carrier's town, and a door to everything behind them."""

    url: str
    town: Neighbourhood
    runtime: Runtime
    web: Flask
    known: set[uuid.UUID] = field(default_factory=set)

    def give_password(self, staff: Staff) -> None:
        """A password, once: a new one would end the sign-ins there are."""
        if staff.account_id not in self.known:
            self.known.add(staff.account_id)
            with self.runtime.lobby() as lobby:
                schools.set_password(lobby, staff.account_id, password=PASSWORD)

    def key_of(self, staff: Staff) -> str:
        """The secret of a fresh sign-in, as the cookie would hold it."""
        self.give_password(staff)
        with self.runtime.lobby() as lobby:
            opened = schools.sign_in(
                lobby, email=staff.email, password=PASSWORD, remember=True, from_address="127.0.0.1"
            )
        assert isinstance(opened, schools.Opened), opened
        return opened.secret


@contextmanager
def open_house(
    urls: RoleUrls,
    *,
    now: Callable[[], datetime],
    town_now: Callable[[], datetime] = app.clock,
    reports: bool = True,
    demo_people: tuple[DemoPerson, ...] = (),
) -> Iterator[House]:
    """Web and town on free ports of this machine while the block runs; a worker is the caller's to add."""
    with ExitStack() as stack:
        held = stack.enter_context(closing(listen_at(0)))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        town = stack.enter_context(Neighbourhood(Arrangement(public_url=url, reports=reports), now=town_now))
        arrangement = town.arrangement
        settings = make_settings(
            database_url=urls.app,
            migrate_database_url=urls.owner,
            carrier_database_url=urls.carrier,
            public_url=url,
            twilio_account_sid=arrangement.account_sid,
            twilio_auth_token=arrangement.auth_token,
            twilio_base_url=town.url,
            sendgrid_api_key=arrangement.sendgrid_key,
            sendgrid_base_url=town.url,
            sendgrid_event_public_key=town.event_public_key,
            inbound_email_secret=arrangement.inbound_secret,
            push_private_key=new_push_key(),
            push_contact="mailto:keeper@rimu.test",
            push_service_url=town.url,
        )
        database = Database(make_engine(settings.database_url), make_carrier_engine(settings.carrier_database_url))
        stack.callback(database.dispose)
        runtime = Runtime(settings, database, app.make_gateways(settings), now)
        web = make_web(runtime, demo_people=demo_people)
        add_pages(web, (broken,))
        stack.enter_context(serving(web, held))
        yield House(url, town, runtime, web)


@contextmanager
def working(runtime: Runtime) -> Iterator[None]:
    """A worker on a thread of its own while the block runs."""
    worker = Worker(runtime, threads=4)
    thread = threading.Thread(target=worker.run, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def until(ask: Callable[[], Answer | None], *, what: str) -> Answer:
    """Ask again and again until there is an answer; after ten seconds the test fails and says what it waited for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")
