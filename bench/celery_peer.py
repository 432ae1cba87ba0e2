"""The way out against Celery and Redis, which does the same job with packages of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.deliver import COUNT, LATENCY_MS, THREADS, queue, write
from bench.figures import Figure
from bench.peers.pretend import ACCOUNT, TOKEN
from bench.place import CHECKOUT, Place, past, place, run_peer, small_school, town

ROUNDS = 2
VENV = CHECKOUT / "build" / "celery"
PACKAGES = CHECKOUT / "bench" / "peers" / "celery.txt"
STARTS_WITHIN = 60.0


class NotHereError(Exception):
    """The peer cannot be had on this machine; the sentence says what is missing."""


def figures(count: int = COUNT) -> Iterator[Figure]:
    """By turns, each a process of its own with as many threads, against one pretend carrier and one PostgreSQL.

    Yields nothing, and says why, where Redis or the packages cannot be had.
    """
    try:
        python = _packages()
        redis = _redis_server()
    except NotHereError as missing:
        sys.stderr.write(f"  deliver.vs_celery was not measured: {missing}\n")
        return
    rounds = []
    with town(latency_ms=LATENCY_MS) as url, place(carrier_url=url, threads=THREADS) as here, _broker(redis) as broker:
        school = small_school(past(here.runtime), children=100)
        write(here, school)
        for _ in range(ROUNDS):
            celery = _celery(python, here, url, broker, count)
            with here.runtime.work(school.school_id, school.teacher) as work:
                queue(work, count + THREADS)
            ours, _statements = run_peer("worker", str(count), str(THREADS), environment=here.environment)
            rounds.append((celery, ours))
    celery, ours = map(median, zip(*rounds, strict=True))
    against = f"Celery and Redis, as many threads: {celery:.0f}/s; ours {ours:.0f}/s"
    yield Figure("deliver.vs_celery", median(r[1] / r[0] for r in rounds), "x", (">=", 2), against)


def _celery(python: Path, here: Place, url: str, broker: str, count: int) -> float:
    environment = {
        **os.environ,
        "PYTHONWARNINGS": "ignore",  # of being root, which a bench may be
        "BENCH_BROKER": broker,
        "BENCH_DATABASE": here.superuser_url,
        "BENCH_CARRIER": url,
        "BENCH_ACCOUNT": ACCOUNT,
        "BENCH_TOKEN": TOKEN,
        "BENCH_THREADS": str(THREADS),
    }
    command = [str(python), "-m", "bench.peers.celery_redis", str(count)]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[-1])


def _packages() -> Path:
    """The interpreter of an environment that has the peer's packages, made when there is none; it takes a minute."""
    python = VENV / "bin" / "python"
    ready = VENV / "ready"
    if ready.exists() and ready.read_bytes() == PACKAGES.read_bytes():
        return python
    venv.create(VENV, clear=True, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [*command, "--require-hashes", "-r", str(PACKAGES)],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode != 0:
        raise NotHereError(f"its packages could not be installed into {VENV.relative_to(CHECKOUT)}")
    ready.write_bytes(PACKAGES.read_bytes())
    return python


def _redis_server() -> str:
    found = shutil.which("redis-server")
    if found is None:
        raise NotHereError("there is no redis-server (on Debian: apt-get install redis-server)")
    return found


@contextmanager
def _broker(program: str) -> Iterator[str]:
    """A Redis of our own on a private socket, with an append-only file; its URL."""
    with tempfile.TemporaryDirectory() as directory:
        socket = Path(directory) / "redis.sock"
        command = [program, "--port", "0", "--unixsocket", str(socket), "--dir", directory, "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "everysec", "--daemonize", "no"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                end = time.monotonic() + STARTS_WITHIN
                while not socket.exists():
                    assert time.monotonic() < end, "Redis did not start"
                    time.sleep(0.05)
                yield f"redis+socket://{socket}"
            finally:
                server.terminate()
