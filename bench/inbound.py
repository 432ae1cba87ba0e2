"""The way in: signed texts accepted a second through the real server, against a bare endpoint with one insert."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from urllib.parse import urlencode

import psycopg
import urllib3
from sqlalchemy import create_engine, text
from twilio.request_validator import RequestValidator

from bench.figures import Figure
from bench.place import CHECKOUT, PUBLIC_URL, SENDER, Place, past, phone, place, small_school, town, working
from commsbridge import conversations

COUNT = 2000
WARM = 200
CLIENTS = 16
WORKERS, THREADS = 2, 8
PATH = "/hooks/twilio/messages"
STARTS_WITHIN = 60.0
# Half of the 400 a second that are to be accepted.
HALF = 200.0
STEADY_SECONDS, STEADY_CLIENTS = 10.0, 64
MATCHED = 800
PATIENCE_SECONDS = 90.0
FORM = "application/x-www-form-urlencoded"
UNDONE = (
    "SELECT EXISTS (SELECT FROM raw_inbound WHERE taken_at IS NULL) "
    "OR EXISTS (SELECT FROM deliveries WHERE state IN ('queued', 'sending'))"
)
STATES = text("SELECT state, count(*) AS many FROM replies GROUP BY 1")
FLOOR = text("CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)")


def figures() -> Iterator[Figure]:
    """Both behind the same server with as many processes and threads; the load comes from this process."""
    with place() as here:
        small_school(here.runtime, children=50)
        with serving(here, "commsbridge.app:make_application()") as url:
            ours = rate(here, url)
            slowest = slowest_of_hundred(here, url, HALF)
        engine = create_engine(here.settings.migrate_database_url)
        with engine.begin() as connection:
            connection.execute(FLOOR)
        engine.dispose()
        floor_url = here.settings.migrate_database_url
        with serving(here, "bench.peers.floor_app:application", BENCH_FLOOR_URL=floor_url) as url:
            floor = rate(here, url)
    with_what = f"{CLIENTS} clients, {WORKERS} x {THREADS} threads"
    yield Figure("inbound.texts_per_s", ours, "texts/s", (">=", 400), with_what)
    yield Figure("inbound.p99_ms", slowest, "ms", ("<=", 100), f"at a steady {HALF:.0f} a second")
    yield Figure("inbound.vs_floor", ours / floor, "x", (">=", 0.5), f"bare Flask and one insert: {floor:.0f}/s")


@contextmanager
def serving(here: Place, application: str, **more: str) -> Iterator[str]:
    """Gunicorn with an application, until it answers; its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    environment = {**here.environment, **more}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)


def _wait_for(port: int) -> None:
    """Until the application itself has answered something: a server listens before its processes can answer."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            urllib3.request("GET", f"http://127.0.0.1:{port}/", retries=False, timeout=STARTS_WITHIN)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
        else:
            return
    msg = f"nothing answers on port {port}"
    raise TimeoutError(msg)


def rate(here: Place, url: str) -> float:
    """Texts a second, each signed and each a different one."""
    posts = signed(here, COUNT + WARM)
    post = _poster(url, CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as executor:
        list(executor.map(post, posts[:WARM]))
        began = perf_counter()
        list(executor.map(post, posts[WARM:]))
        return COUNT / (perf_counter() - began)


def slowest_of_hundred(here: Place, url: str, per_s: float) -> float:
    """The 99th percentile in milliseconds at a steady pace.

    Counted from when a text was to come, not from when a client was free to bring it.
    """
    posts = signed(here, int(STEADY_SECONDS * per_s) + WARM, beginning=COUNT + WARM)
    post = _poster(url, STEADY_CLIENTS)
    with ThreadPoolExecutor(STEADY_CLIENTS) as executor:
        list(executor.map(post, posts[:WARM]))
        began = perf_counter()

        def at_its_time(each: int) -> float:
            due = began + each / per_s
            time.sleep(max(0.0, due - perf_counter()))
            post(posts[WARM + each])
            return perf_counter() - due

        took = sorted(executor.map(at_its_time, range(len(posts) - WARM)))
    return took[int(len(took) * 0.99)] * 1000


def signed(here: Place, count: int, *, beginning: int = 0) -> list[tuple[bytes, dict[str, str]]]:
    """So many different texts from fifty phones, each as the carrier signs it: body and headers."""
    validator = RequestValidator(here.settings.twilio_auth_token)
    posts = []
    for each in range(beginning, beginning + count):
        fields = text_fields(each, phone(each % 50), "Ka pai! Tino harikoa mātou.")
        signature = validator.compute_signature(PUBLIC_URL + PATH, fields)
        headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
        posts.append((urlencode(fields).encode(), headers))
    return posts


def text_fields(each: int, number: str, body: str) -> dict[str, str]:
    """A text as the carrier posts it."""
    return {"MessageSid": f"SM{each:032x}", "From": number, "To": SENDER, "Body": body, "NumMedia": "0"}


def _poster(url: str, clients: int) -> Callable[[tuple[bytes, dict[str, str]]], None]:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", int(url.rpartition(":")[2]), maxsize=clients, retries=False)

    def post(one: tuple[bytes, dict[str, str]]) -> None:
        answer = pool.request("POST", PATH, body=one[0], headers=one[1])
        assert answer.status == 200, answer.status

    return post


def matched(count: int = MATCHED) -> Iterator[Figure]:
    """Stored texts are matched, filed and answered by one worker process; every other one asks for help.

    Counted from the moment the worker may see them until all are filed and the carrier has every answer.
    """
    with town(latency_ms=50) as url, place(carrier_url=url) as here:
        school = small_school(past(here.runtime), children=count // 2)
        with working(here):
            warm = school.numbers[:20]
            _store(here, warm, beginning=0)
            _until_done(here)
            _store(here, school.numbers, beginning=1000)
            began = perf_counter()
            _until_done(here)
            spent = perf_counter() - began
        with here.runtime.work(school.school_id) as work:
            states = {row.state: row.many for row in work.session.execute(STATES)}
    each = len(warm) + len(school.numbers)
    assert states == {"filed": each, "command": each}, states
    against = "one worker process; every other one a reply filed for its child, the rest answered"
    yield Figure("inbound.matched_per_s", 2 * len(school.numbers) / spent, "texts/s", (">=", 100), against)


def _store(here: Place, numbers: list[str], *, beginning: int) -> None:
    """As the hook stores them, but all at once."""
    with here.runtime.lobby(ingest=True) as ingest:
        for each, number in enumerate(numbers):
            for place_of, body in enumerate(("Ka pai! Tino harikoa mātou.", "ĀWHINA")):
                key = beginning + 2 * each + place_of
                conversations.store_raw(
                    ingest,
                    carrier="twilio",
                    carrier_key=str(key),
                    content_type=FORM,
                    body=urlencode(text_fields(key, number, body)).encode(),
                    written_to=SENDER,
                )
        conversations.wake(ingest)


def _until_done(here: Place) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(here.superuser_url, autocommit=True) as looking:
        while looking.execute(UNDONE).fetchone() == (True,):
            assert time.monotonic() < end, "not all were filed and answered"
            time.sleep(0.02)
