"""`serve` and `work` as processes: they answer, tell only what may be told, and end without losing anything."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, pool, text

from tests.conftest import RoleUrls
from tests.doors.carrier_stub import Behaviour, CarrierStub, Seen, answer
from tests.doors.command_line import RIMU, ROLL, WALSH, CommandLine, environment_of
from tests.doors.ports import free_port

PROGRAM = Path(sys.executable).parent / "commsbridge"
PATIENCE = 60.0
SECRET_PATH = "/password/new/a-secret-that-opens-a-door"


@contextmanager
def running(environment: dict[str, str], log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`commsbridge …` as a process of its own, what it prints in ``log``."""
    with log.open("wb") as output:
        process = subprocess.Popen([PROGRAM, *words], env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(happened: Callable[[], Any], why: str) -> Any:
    """Wait for it, and give what it says."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := happened():
            return found
        time.sleep(0.05)
    raise AssertionError(why)


def told(log: Path) -> list[dict[str, Any]]:
    """Every line of the log: each is one JSON object."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.endswith("}")]


def events(log: Path) -> list[str]:
    return [line["event"] for line in told(log)]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def environment(role_urls: RoleUrls) -> dict[str, str]:
    return environment_of(role_urls, COMMSBRIDGE_INBOUND_EMAIL_DOMAIN="reply.example.org")


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def alive(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_serve_and_work_answer_that_they_are_ready_and_end_when_they_are_told_to(
    environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    web_log, work_log = tmp_path / "web.log", tmp_path / "work.log"
    with (
        running(environment, web_log, "serve", "--port", str(port), "--workers", "1", "--threads", "2") as web,
        running(environment, work_log, "work", "--threads", "2") as worker,
    ):
        until(lambda: alive(port), "the web server does not answer")
        until(lambda: get(port, "/readyz")[0] == 200, "it never became ready")
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(PATIENCE) for process in (web, worker)] == [0, 0]
    assert events(work_log)[0] == "worker.begins"
    assert events(work_log)[-1] == "worker.ended"
    assert told(work_log)[0]["threads"] == 2


def test_no_line_of_the_log_names_a_path_or_an_address(environment: dict[str, str], port: int, tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with running(environment, log, "serve", "--port", str(port), "--workers", "1") as web:
        until(lambda: alive(port), "the web server does not answer")
        assert get(port, SECRET_PATH)[0] == 404
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw:
            raw.sendall(f"GET {SECRET_PATH} NONSENSE\r\n\r\n".encode())
            assert b" 400 " in raw.recv(200)
        web.send_signal(signal.SIGTERM)
        web.wait(PATIENCE)
    lines = told(log)
    assert {"route": "/password/new/<token>", "status": 404}.items() <= next(
        line for line in lines if line.get("status") == 404
    ).items()
    assert "server.unreadable_request" in events(log)
    without_listening = [line for line in log.read_text("utf-8").splitlines() if "Listening at" not in line]
    assert "a-secret-that-opens-a-door" not in log.read_text("utf-8")
    assert not re.search(r"127\.0\.0\.1", "\n".join(without_listening))


@pytest.mark.parametrize("command", ["serve", "work"])
def test_without_settings_each_says_what_is_missing_and_does_not_begin(command: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running({}, log, command) as process:
        assert process.wait(PATIENCE) == 1
    assert "COMMSBRIDGE_DATABASE_URL is not set" in log.read_text("utf-8")


def test_a_port_that_is_taken_ends_the_server_with_a_reason(
    environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", port)), running(environment, log, "serve", "--port", str(port)) as process:
        assert process.wait(PATIENCE) == 1
    assert any("in use" in str(line.get("says")) for line in told(log))


def slowly(seen: Seen) -> Behaviour:
    """A carrier that takes a text after a second and a half."""
    accepted = answer({**seen.form, "sid": "SM" + "0" * 32, "status": "queued"}, 201)

    def behave(handler: Any) -> None:
        time.sleep(1.5)
        accepted(handler)

    return behave


def test_a_worker_told_to_end_finishes_what_is_in_flight(
    environment: dict[str, str], role_urls: RoleUrls, tmp_path: Path
) -> None:
    call = CommandLine(environment)
    (tmp_path / "roll.csv").write_text(ROLL, "utf-8")
    call.says("school", "create", *RIMU)
    call.says("sender", "add", "--kind", "zero_rated", "--address", "3001")
    call.says("staff", "add", *WALSH)
    call.says("school", "import", str(tmp_path / "roll.csv"))
    call.says("praise", "send", "--as", "walsh@rimu.school.nz", "--student", "101", "--words", "Ka pai!")
    rows = create_engine(role_urls.owner.replace("commsbridge_owner@", "postgres@"), poolclass=pool.NullPool)
    with rows.begin() as connection:
        connection.execute(
            text("UPDATE deliveries SET due_at = now(), expires_at = now() + interval '1 hour' WHERE channel = 'text'")
        )
    with CarrierStub(slowly) as carrier:
        away = {
            "COMMSBRIDGE_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "COMMSBRIDGE_TWILIO_AUTH_TOKEN": "a-token",
            "COMMSBRIDGE_TWILIO_BASE_URL": carrier.url,
        }
        with running({**environment, **away}, tmp_path / "log", "work", "--threads", "4") as worker:
            posted = until(
                lambda: [seen for seen in carrier.seen if seen.method == "POST"], "no text reached the carrier"
            )
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
    with rows.connect() as connection:
        states = connection.scalars(text("SELECT state FROM deliveries WHERE channel = 'text'")).all()
    assert states.count("sent") >= len(posted)
    assert "sending" not in states
    assert "uncertain" not in states
    assert "worker.ends" in events(tmp_path / "log")
