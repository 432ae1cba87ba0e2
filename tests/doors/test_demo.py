"""The demo as a person starts it: one command up, Ctrl-C down, everything as it was; and plain words when it cannot."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commsbridge.demo.place import Place
from commsbridge.local_postgres import LocalPostgres
from tests.doors.ports import free_port

COMMAND = [sys.executable, "-c", "from commsbridge.cli import main; main()", "demo"]
FIRST_START_SECONDS = 240.0  # on a machine that is busy with all the other tests
END_SECONDS = 60.0


def fetch(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return fetch(port, "/readyz")[0] == http.HTTPStatus.OK
    return False


def phone_in(port: int) -> str:
    """What one phone shows. Beside it stand all mailboxes, and a worker may be carrying a mail to one at any hour."""
    page = fetch(port, "/phones/%2B64215550001")[1]
    return page[page.index("<main") : page.index("</main>")]


def is_there(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def family(directory: Path, pid: int) -> set[int]:
    """The demo's process, its PostgreSQL, and (on Linux) all that either started."""
    pid_file = LocalPostgres(directory / "postgres").home / "data" / "postmaster.pid"
    found = {pid, int(pid_file.read_text().split()[0])}
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def worked(pids: set[int]) -> float:
    """Seconds of a processor, not of a clock, since other tests run beside this one (on Linux; elsewhere none)."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):  # it ended while we looked
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, told[11:15]))  # its own and its ended children's, in user and in system mode
    return ticks / os.sysconf("SC_CLK_TCK")


def until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + 60
    while (left := {pid for pid in pids if is_there(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@dataclass
class Demo:
    """The command with a directory and ports of its own."""

    directory: Path
    port: int
    town_port: int
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def arguments(self, *more: str) -> list[str]:
        ports = ["--port", str(self.port), "--town-port", str(self.town_port)]
        return [*COMMAND, "--directory", str(self.directory), *ports, *more]

    def start(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        running = subprocess.Popen(self.arguments(), stdout=pipe, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
        self.running.append(running)
        return running

    def start_until_ready(self) -> tuple[subprocess.Popen[str], str]:
        """Start, and read what it says until it has said all."""
        running = self.start()
        return running, self.read_until(running, "Ctrl-C stops everything")

    def read_until(self, running: subprocess.Popen[str], words: str) -> str:
        said = ""
        assert running.stdout is not None
        for line in running.stdout:
            said += line
            if words in line:
                return said
        pytest.fail(f"it ended before it said {words!r}:\n{said}")

    def refusal(self, *more: str) -> str:
        """Run it and give what it says; it must end by itself, with the code 1."""
        outcome = subprocess.run(
            self.arguments(*more), capture_output=True, text=True, check=False, timeout=FIRST_START_SECONDS
        )
        assert outcome.returncode == 1, outcome
        assert not outcome.stdout
        return outcome.stderr

    def reset(self) -> str:
        command = [*COMMAND, "--directory", str(self.directory), "--reset"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=END_SECONDS).stdout


def end(running: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    running.send_signal(number)
    said, _ = running.communicate(timeout=END_SECONDS)
    return running.returncode, said


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path / "demo", free_port(), free_port())
    yield made
    for running in made.running:
        running.kill()
        running.communicate()
    made.reset()


@pytest.mark.slow
def test_one_command_serves_a_school_stops_without_a_trace_and_starts_again_on_the_same_data(demo: Demo) -> None:
    running, said = demo.start_until_ready()
    assert f"http://127.0.0.1:{demo.port}" in said
    assert f"http://127.0.0.1:{demo.town_port}" in said
    assert "Kate Walsh" in said
    assert answers(demo.port)
    assert "Kate Walsh" in fetch(demo.port, "/sign-in")[1]
    town = phone_in(demo.town_port)
    assert "I ngana tonu a Aroha ahakoa te uaua o te mahi." in town
    pids = family(demo.directory, running.pid)
    assert len(pids) > 3  # PostgreSQL and its own are among them
    first = worked(pids)
    code, last = end(running, signal.SIGINT)
    assert (code, last.strip()) == (0, "Stopped. The next start finds everything as it was.")
    assert not until_gone(pids)

    running, said = demo.start_until_ready()
    pids = family(demo.directory, running.pid)
    assert worked(pids) <= first / 2  # nothing is seeded again
    assert "School week" not in said
    assert phone_in(demo.town_port) == town
    code, last = end(running, signal.SIGTERM)
    assert code == 0
    assert not until_gone(pids)


@pytest.mark.slow
def test_a_first_start_that_was_interrupted_leaves_nothing_running_and_is_begun_anew(demo: Demo) -> None:
    for _ in range(2):
        running = demo.start()
        said = demo.read_until(running, "ākonga")
        assert "60 ākonga" in said
        pids = family(demo.directory, running.pid)
        code, last = end(running, signal.SIGINT)
        assert code == 130
        assert last.endswith("Stopped. The next start begins anew.\n")
        assert not until_gone(pids)
    assert not Place(demo.directory).seeded


def test_an_ending_that_python_drops_while_it_clears_up_is_heard_all_the_same() -> None:
    script = """
import os, signal, time, weakref
from commsbridge.demo.running import hear_endings

class Gone: ...

def end(_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)

hear_endings()
gone = Gone()
held = weakref.ref(gone, end)
try:
    del gone
    time.sleep(50)
except KeyboardInterrupt:
    print("heard")
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=FIRST_START_SECONDS
    )
    assert (told.stdout, told.stderr, told.returncode) == ("heard\n", "", 0)


def test_a_taken_port_is_said_before_anything_is_started(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        said = demo.refusal()
    assert f"Port {demo.port}, for the school's pages, is taken. Choose another with --port" in said
    assert not (demo.directory / "postgres").exists()


def test_a_taken_port_of_the_phones_is_said_too(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.town_port))
        taken.listen()
        said = demo.refusal()
    assert f"Port {demo.town_port}, for the pretend phones, is taken. Choose another with --town-port" in said


def test_a_second_demo_is_told_where_the_first_one_runs(demo: Demo) -> None:
    with Place(demo.directory).alone("http://127.0.0.1:8000"):
        said = demo.refusal()
        assert f"A demo runs already (process {os.getpid()}, http://127.0.0.1:8000)." in said
        assert "A demo runs already" in demo.refusal("--reset")


def test_without_postgresql_it_says_what_to_install(demo: Demo, tmp_path: Path) -> None:
    said = demo.refusal("--pg-bindir", str(tmp_path))
    assert f"No PostgreSQL 15 to 18 was found in {tmp_path}" in said
    assert "Traceback" not in said


def test_a_reset_takes_away_what_the_demo_made_and_nothing_else(demo: Demo) -> None:
    place = Place(demo.directory)
    demo.directory.mkdir()
    place.secrets()
    place.town.mkdir()
    place.note_seeded()
    own = demo.directory / "my own notes.txt"
    own.write_text("keep")
    assert demo.reset() == f"The demo's data in {demo.directory} is gone: the next start makes the school anew.\n"
    assert list(demo.directory.iterdir()) == [own]
    own.unlink()


def test_a_reset_of_nothing_says_so(demo: Demo) -> None:
    assert demo.reset() == f"There is no demo data in {demo.directory}.\n"
    assert not demo.directory.exists()


def test_the_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    made = Place(tmp_path).secrets()
    assert Place(tmp_path).secrets() == made
    file = tmp_path / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(json.loads(file.read_text()).values())) == 4
    assert all(len(secret) >= 32 for secret in json.loads(file.read_text()).values())


def test_secrets_that_cannot_be_read_are_said(demo: Demo) -> None:
    demo.directory.mkdir()
    (demo.directory / "secrets.json").write_text("{")
    said = demo.refusal()
    assert "secrets.json cannot be read. `make demo-reset` makes everything new." in said
