"""Running the demo: its own PostgreSQL, the town of phones, the web application and a worker, ended together.

All but PostgreSQL are threads of this process, and PostgreSQL ends with it: whatever ends this process leaves nothing
behind.
"""

from __future__ import annotations

import errno
import http.client
import logging
import signal
import socket
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import click
import structlog

from commsbridge.app import clock, make_clock, make_runtime, make_worker, set_up_logs
from commsbridge.clock import ticking
from commsbridge.demo.large import seed_large_school
from commsbridge.demo.past import StoryClock
from commsbridge.demo.people import STAFF
from commsbridge.demo.place import DemoError, Place
from commsbridge.demo.roll import PASSWORD, SHORT_CODE
from commsbridge.demo.school import seed_small_school
from commsbridge.demo.serving import listen_at, serving
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import SUPERUSER, LocalPostgres
from commsbridge.neighbourhood import PRETEND_ACCOUNT_SID, Arrangement, Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.settings import Settings
from commsbridge.web import DemoPerson, make_web

log = structlog.get_logger()

DATABASE = "commsbridge"
PUSH_CONTACT = "mailto:keeper@rimuroad.test"
REPLY_DOMAIN = "reply.rimuroad.test"
CARRIER_THREADS = 8
# Between one report and the next, so that one can watch a text arrive.
STEP_SECONDS = 0.25
READY_SECONDS = 60.0
# A call to the carrier that is under way ends before this (messages.CALL_SECONDS).
WORKER_ENDS_SECONDS = 25.0
# So soon after Python has dropped it.
AGAIN_SECONDS = 0.01
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PEOPLE = tuple(DemoPerson(each.email, each.name, each.who, PASSWORD) for each in STAFF)


@dataclass(frozen=True, slots=True)
class Demo:
    """What was asked for: where it lives, its two ports, where PostgreSQL's programs are when they are not found."""

    place: Place
    port: int
    town_port: int
    bindir: Path | None
    large: bool = False

    @property
    def url(self) -> str:
        """The school's pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def town_url(self) -> str:
        """The phones and mailboxes."""
        return f"http://127.0.0.1:{self.town_port}"


def run(demo: Demo, *, tell: Callable[[str], None], ready: Callable[[], None]) -> None:
    """Serve until interrupted (SIGINT, SIGTERM, SIGHUP), then stop everything and raise KeyboardInterrupt.

    ``tell`` hears of each step, ``ready`` is called once people can come. Belongs in the main thread. Raises DemoError
    or LocalPostgresError, before anything is started, when another demo runs, a port is taken, or there is no fitting
    PostgreSQL.
    """
    hear_endings()
    with ExitStack() as house:
        house.enter_context(demo.place.alone(demo.url))
        held = house.enter_context(closing(_held(demo.port, "the school's pages", "--port")))
        _held(demo.town_port, "the pretend phones", "--town-port").close()
        demo.place.secrets()
        _write_log(house.enter_context(demo.place.log.open("a", encoding="utf-8", buffering=1)))
        postgres = house.enter_context(LocalPostgres(demo.place.postgres, demo.bindir))
        tell(f"PostgreSQL runs; its data is in {postgres.home}")
        _prepare(demo, postgres, tell)
        town = house.enter_context(_town(demo, Arrangement(step_gap=STEP_SECONDS)))
        runtime = house.enter_context(_runtime(demo, postgres, town))
        over = house.enter_context(_working(runtime))
        house.enter_context(ticking(make_clock(runtime), broken=over.set))
        house.enter_context(serving(make_web(runtime, demo_people=PEOPLE), held))
        _wait_until_ready(demo.port)
        ready()
        over.wait()
        raise DemoError(f"The worker or the clock stopped by itself; {demo.place.log} says why.")


def hear_endings() -> None:
    """From now on what asks this process to end raises KeyboardInterrupt in the main thread, once, wherever that is."""
    for ending in ENDINGS:
        signal.signal(ending, _interrupt)
    sys.unraisablehook = _unheard


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End once: what asks again while everything is being stopped has been heard."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def _unheard(swallowed: sys.UnraisableHookArgs) -> None:
    """Python drops what is raised while it clears up (in the end of a weak reference): then it is raised once more."""
    if not issubclass(swallowed.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(swallowed)
        return
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)


def _held(port: int, purpose: str, option: str) -> socket.socket:
    try:
        return listen_at(port)
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        raise DemoError(
            f"Port {port}, for {purpose}, {why}. Choose another with {option}, or make demo PORT=…"
        ) from error


def _write_log(log: TextIO) -> None:
    """The service's own lines, and the libraries' warnings, go to the demo's log and not to the terminal."""
    set_up_logs()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
    logging.basicConfig(stream=log, level=logging.WARNING, force=True)


def _prepare(demo: Demo, postgres: LocalPostgres, tell: Callable[[str], None]) -> None:
    """A database at this code's migrations, with a whole school in it."""
    if not demo.place.seeded:
        postgres.drop_database(DATABASE)
        demo.place.forget_school()
        postgres.create_database(DATABASE)
    migrate(postgres.url("commsbridge_owner", DATABASE))
    tell("The database is up to date")
    if not demo.place.seeded:
        (_seed_large if demo.large else _seed)(demo, postgres, tell)
        demo.place.note_seeded()


def _seed(demo: Demo, postgres: LocalPostgres, tell: Callable[[str], None]) -> None:
    """A school with a past: everything runs for it at a set clock and at a port nobody knows."""
    story = StoryClock(clock())
    with ExitStack() as house:
        town = house.enter_context(_town(demo, Arrangement(reports=False), now=story))
        runtime = replace(house.enter_context(_runtime(demo, postgres, town)), now=story)
        held = house.enter_context(closing(listen_at(0)))
        town.points_to(demo.url, house.enter_context(serving(make_web(runtime), held)))
        seed_small_school(runtime, town, story, tell=tell)


def _seed_large(demo: Demo, postgres: LocalPostgres, tell: Callable[[str], None]) -> None:
    """A large school whose two years are drawn, not lived: a bar shows how far they are."""
    began = time.monotonic()
    with ExitStack() as house:
        runtime = house.enter_context(_runtime(demo, postgres, house.enter_context(_town(demo, Arrangement()))))
        bar = house.enter_context(click.progressbar(length=100, label="          Two years pass"))

        def passed(days: int, of: int) -> None:
            bar.update(100 * days // of - bar.pos)

        made = seed_large_school(runtime, postgres.url(SUPERUSER, DATABASE), passed=passed)
    tell(f"{made.lines:,} lines of the log, {made.lines / (time.monotonic() - began):,.0f} a second")


def _town(demo: Demo, arrangement: Arrangement, *, now: Callable[[], datetime] = clock) -> Neighbourhood:
    secrets = demo.place.secrets()
    arranged = replace(
        arrangement,
        public_url=demo.url,
        auth_token=secrets.twilio_auth_token,
        sendgrid_key=secrets.sendgrid_api_key,
        inbound_secret=secrets.inbound_email_secret,
        senders=(SHORT_CODE,),
        directory=demo.place.town,
    )
    return Neighbourhood(arranged, port=demo.town_port, now=now)


@contextmanager
def _runtime(demo: Demo, postgres: LocalPostgres, town: Neighbourhood) -> Iterator[Runtime]:
    """The service as in production, its carriers' addresses those of the town."""
    secrets = demo.place.secrets()
    runtime = make_runtime(
        Settings(
            database_url=postgres.url("commsbridge_app", DATABASE),
            migrate_database_url=postgres.url("commsbridge_owner", DATABASE),
            carrier_database_url=postgres.url("commsbridge_carrier", DATABASE),
            public_url=demo.url,
            secret_key=secrets.secret_key,
            twilio_account_sid=PRETEND_ACCOUNT_SID,
            twilio_auth_token=secrets.twilio_auth_token,
            twilio_base_url=town.url,
            sendgrid_api_key=secrets.sendgrid_api_key,
            sendgrid_base_url=town.url,
            sendgrid_event_public_key=town.event_public_key,
            inbound_email_domain=REPLY_DOMAIN,
            inbound_email_secret=secrets.inbound_email_secret,
            push_private_key=_push_key(secrets.secret_key),
            push_contact=PUSH_CONTACT,
            push_service_url=town.url,
            carrier_threads=CARRIER_THREADS,
        )
    )
    try:
        yield runtime
    finally:
        runtime.database.dispose()


def _push_key(secret: str) -> str:
    """The demo's key for notices, made of its own secret: so that a demo of an earlier version has one, too."""
    return urlsafe_b64encode(sha256(b"notices" + secret.encode()).digest()).decode().rstrip("=")


@contextmanager
def _working(runtime: Runtime) -> Iterator[threading.Event]:
    """A worker on a thread of its own while the block runs; the event says that it ended."""
    worker, over = make_worker(runtime), threading.Event()

    def work() -> None:
        try:
            worker.run()
        except Exception:
            log.exception("worker.broke")
        over.set()

    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()
    try:
        yield over
    finally:
        worker.stop()
        thread.join(WORKER_ENDS_SECONDS)


def _wait_until_ready(port: int) -> None:
    """Ask as a person's browser would, until everything answers. Raises DemoError when it does not come to that."""
    deadline = time.monotonic() + READY_SECONDS
    answer = ""
    while time.monotonic() < deadline:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)) as connection:
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            answer = response.read().decode()
        if response.status == http.HTTPStatus.OK:
            return
        time.sleep(0.05)
    raise DemoError(f"The demo did not become ready: {answer}")
