"""The way in: signed texts accepted a second through the real server, against a bare endpoint with one insert."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from urllib.parse import urlencode

import urllib3
from sqlalchemy import create_engine, text
from twilio.request_validator import RequestValidator

from bench.figures import Figure
from bench.place import CHECKOUT, PUBLIC_URL, SENDER, Place, place, small_school

COUNT = 2000
WARM = 200
CLIENTS = 16
WORKERS, THREADS = 2, 8
PATH = "/hooks/twilio/messages"
STARTS_WITHIN = 20.0
FLOOR = text("CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)")


def figures() -> Iterator[Figure]:
    """Both behind the same server with as many processes and threads; the load comes from this process."""
    with place() as here:
        small_school(here.runtime, children=50)
        with serving(here, "commsbridge.app:make_application()") as url:
            ours = rate(here, url)
        engine = create_engine(here.settings.migrate_database_url)
        with engine.begin() as connection:
            connection.execute(FLOOR)
        engine.dispose()
        floor_url = here.settings.migrate_database_url
        with serving(here, "bench.peers.floor_app:application", BENCH_FLOOR_URL=floor_url) as url:
            floor = rate(here, url)
    yield Figure("inbound.texts_per_s", ours, "texts/s", None, f"{CLIENTS} clients, {WORKERS} x {THREADS} threads")
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
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    msg = f"nothing answers on port {port}"
    raise TimeoutError(msg)


def rate(here: Place, url: str) -> float:
    """Texts a second, each signed and each a different one."""
    validator = RequestValidator(here.settings.twilio_auth_token)
    posts = []
    for each in range(COUNT + WARM):
        fields = {
            "MessageSid": f"SM{each:032x}",
            "From": f"+6421{5550000 + each % 50:07d}",
            "To": SENDER,
            "Body": "Ka pai! Tino harikoa mātou.",
            "NumMedia": "0",
        }
        signature = validator.compute_signature(PUBLIC_URL + PATH, fields)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        posts.append((urlencode(fields).encode(), headers))
    pool = urllib3.HTTPConnectionPool("127.0.0.1", int(url.rpartition(":")[2]), maxsize=CLIENTS, retries=False)

    def post(one: tuple[bytes, dict[str, str]]) -> None:
        answer = pool.request("POST", PATH, body=one[0], headers=one[1])
        assert answer.status == 200, answer.status

    with ThreadPoolExecutor(CLIENTS) as executor:
        list(executor.map(post, posts[:WARM]))
        began = perf_counter()
        list(executor.map(post, posts[WARM:]))
        return COUNT / (perf_counter() - began)
