"""The same job by Celery over Redis, as a careful user sets it up; it has its own packages (celery.txt), none of ours.

A business row is in PostgreSQL before its task is queued. The task marks it "sending" and commits, calls the carrier,
marks it "sent" with the carrier's id and commits: two statements and two commits a message, through one open connection
a thread. ``task_acks_late`` and ``task_reject_on_worker_lost``: a task counts as done when it is, and comes back when
its worker is lost. As many threads as the other contenders (``--pool threads``), one task fetched ahead for each
(``worker_prefetch_multiplier = 1``), no result backend (the row is the result), JSON, one worker process without gossip
and mingle. Redis keeps an append-only file that is flushed each second, its own advice. The carrier is spoken to by
urllib3 with a connection for each thread.

Celery's enqueuing is not measured: all tasks wait before the worker is told to take from their queue.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

import psycopg
import urllib3
from celery import Celery

BROKER, DATABASE = os.environ.get("BENCH_BROKER", ""), os.environ.get("BENCH_DATABASE", "")
CARRIER, ACCOUNT, TOKEN = (os.environ.get(f"BENCH_{name}", "") for name in ("CARRIER", "ACCOUNT", "TOKEN"))
THREADS = int(os.environ.get("BENCH_THREADS", "64"))
WORDS = "Bench: I āwhina a Aroha i tētahi ākonga hou i tēnei rā.\nNā Ms Fox"
TABLE = """
CREATE TABLE IF NOT EXISTS celery_texts (
    id bigint PRIMARY KEY, address text NOT NULL, state text NOT NULL, attempt int NOT NULL DEFAULT 0,
    carrier_id text, settled_at timestamptz
)
"""
PATIENCE_SECONDS = 120.0

app = Celery("bench.peers.celery_redis", broker=BROKER)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600},
    worker_hijack_root_logger=False,
)
pool = urllib3.PoolManager(maxsize=THREADS, num_pools=1, retries=False)
mine = threading.local()


def connection() -> psycopg.Connection:
    """This thread's connection."""
    if not hasattr(mine, "connection"):
        mine.connection = psycopg.connect(DATABASE, autocommit=True)
    return mine.connection  # type: ignore[no-any-return]


@app.task(name="send")  # type: ignore[untyped-decorator]
def send(row_id: int) -> None:
    """Hand one text over."""
    found = connection().execute(
        "UPDATE celery_texts SET state = 'sending', attempt = attempt + 1 WHERE id = %s AND state = 'queued' "
        "RETURNING address", (row_id,),
    ).fetchone()  # fmt: skip
    if found is None:
        return
    fields = {"From": "4545", "To": found[0], "Body": WORDS, "ValidityPeriod": "3600"}
    headers = {
        **urllib3.make_headers(basic_auth=f"{ACCOUNT}:{TOKEN}"),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    address = f"{CARRIER}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = pool.request("POST", address, body=urlencode(fields), headers=headers)
    assert answer.status == 201, answer.data
    connection().execute(
        "UPDATE celery_texts SET state = 'sent', carrier_id = %s, settled_at = now() WHERE id = %s",
        (json.loads(answer.data)["sid"], row_id),
    )


def enqueue(first: int, count: int, queue: str) -> None:
    """Write so many rows, then queue a task for each."""
    with psycopg.connect(DATABASE) as writing:
        writing.execute(
            "INSERT INTO celery_texts (id, address, state) SELECT n, '+6421' || 5550000 + n %% 2000, 'queued' "
            "FROM generate_series(%s::bigint, %s::bigint) n", (first, first + count - 1),
        )  # fmt: skip
    with app.producer_or_acquire() as producer:
        for row_id in range(first, first + count):
            send.apply_async((row_id,), queue=queue, producer=producer)


def wait() -> None:
    """Until every row is sent."""
    end = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(DATABASE, autocommit=True) as looking:
        while looking.execute("SELECT EXISTS (SELECT FROM celery_texts WHERE state <> 'sent')").fetchone() == (True,):
            assert time.monotonic() < end, "not all were sent"
            time.sleep(0.02)


def main(count: int) -> None:
    """Print texts a second: from the moment the worker may take them until the last row says sent."""
    with psycopg.connect(DATABASE) as making:
        making.execute(TABLE)
        making.execute("TRUNCATE celery_texts")
    command = [
        sys.executable, "-m", "celery", "-A", "bench.peers.celery_redis", "worker", "--pool", "threads",
        "--concurrency", str(THREADS), "--queues", "warm", "--loglevel", "ERROR",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as worker:
        try:
            enqueue(1, 2 * THREADS, "warm")
            wait()
            enqueue(1_000_000, count, "measured")
            began = time.perf_counter()
            app.control.add_consumer("measured")
            wait()
            print(count / (time.perf_counter() - began))
        finally:
            worker.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]))
