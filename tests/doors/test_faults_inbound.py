"""The web process and the worker are killed while texts pour in: what was answered 2xx is filed, once, all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from commsbridge.local_postgres import LocalPostgres
from commsbridge.neighbourhood import Arrangement
from commsbridge.neighbourhood.signatures import twilio_signature
from tests.doors.breaking import CHECKOUT, COMMAND, Tell, environment, until
from tests.doors.conftest import Told
from tests.doors.ports import free_port
from tests.doors.service import Service, serving

TEXTS = "/hooks/twilio/messages"
POSTERS = 4


@contextmanager
def process(service: Service, log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with whatever it starts, in a group of its own, so that all of it is killed at once."""
    with log.open("ab") as output:
        made = subprocess.Popen(
            (COMMAND, *words), cwd=CHECKOUT, env=environment(service), stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield made
    finally:
        kill_group(made)


def kill_group(made: subprocess.Popen[bytes]) -> None:
    """Kill a process and its own where they stand."""
    if made.poll() is None:
        os.killpg(made.pid, signal.SIGKILL)
    made.wait()


class Pouring:
    """A carrier that posts texts one after the other and tries each again until it is answered 2xx."""

    def __init__(self, service: Service, port: int, count: int) -> None:
        self.service, self.port = service, port
        self.waiting = [f"SM{number:032x}" for number in range(count)]
        self.answered: list[str] = []
        self.refused = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._pour) for _ in range(POSTERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        for thread in self._threads:
            thread.join()

    def _pour(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with self._lock:
                if not self.waiting:
                    return
                sid = self.waiting.pop()
            done = self._post(sid)
            with self._lock:
                (self.answered if done else self.waiting).append(sid)
                self.refused += not done
            if not done:
                time.sleep(0.05)

    def _post(self, sid: str) -> bool:
        form = {"MessageSid": sid, "From": f"+642155{sid[-6:]}", "To": "4545", "Body": "Kia ora", "NumMedia": "0"}
        signature = twilio_signature(self.service.town.arrangement.auth_token, f"http://localhost{TEXTS}", form.items())
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", TEXTS, urlencode(form), headers)
            return 200 <= connection.getresponse().status < 300
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def rows(service: Service, statement: str) -> list[str]:
    with service.story.work() as work:
        return list(work.session.scalars(text(statement)))


@pytest.mark.fault
@pytest.mark.slow
def test_nothing_that_was_answered_is_lost_when_the_worker_and_then_the_web_process_are_killed(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell, *, long: bool
) -> None:
    count = 4000 if long else 240
    port = free_port()
    web = ("serve", "--port", str(port), "--workers", "1", "--threads", "4")
    work = ("work", "--threads", "2")
    log = tmp_path / "log"
    with serving(postgres, told.name, told.story, Arrangement(reports=False)) as service:
        with (
            process(service, log, *web) as first,
            process(service, log, *work) as worker,
            Pouring(service, port, count) as pouring,
        ):
            until(lambda: len(pouring.answered) > count // 4, "the web server takes nothing")
            kill_group(worker)
            until(lambda: len(pouring.answered) > count // 2, "without a worker nothing is taken")
            kill_group(first)
            with process(service, log, *web), process(service, log, *work):
                until(lambda: len(pouring.answered) == count, "the second web server takes nothing")
                untaken = "SELECT carrier_key FROM raw_inbound WHERE taken_at IS NULL"
                until(lambda: not rows(service, untaken), "the second worker does not take it all", look=0.2)
        stored = rows(service, "SELECT carrier_key FROM raw_inbound")
        filed = rows(service, "SELECT r.carrier_key FROM replies JOIN raw_inbound r ON r.id = replies.raw_id")
    assert sorted(stored) == sorted(pouring.answered)
    assert sorted(filed) == sorted(pouring.answered)
    tell(f"{count} texts answered 2xx, {pouring.refused} tries that were not, each stored and filed once")
