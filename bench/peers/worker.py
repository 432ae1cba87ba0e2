"""One worker process over the outbox: from the first claim until the last outcome is committed."""

from __future__ import annotations

import itertools
import sys
import threading
from time import perf_counter, sleep

import structlog
from sqlalchemy import event, text

from commsbridge.app import keep_for_good, make_runtime, make_worker, set_up_logs
from commsbridge.runtime import Runtime
from commsbridge.settings import read_settings

LEFT = (
    "SELECT EXISTS (SELECT FROM deliveries WHERE state = 'queued' AND due_at <= now()) "
    "OR EXISTS (SELECT FROM deliveries WHERE state = 'sending')"
)
DUE = text(
    "UPDATE deliveries SET due_at = now() WHERE id IN (SELECT id FROM deliveries WHERE state = 'queued' LIMIT :count)"
)
# Until its connections are open and what it imports is imported, as in production; the bare clients do the same.
WARM_SECONDS = 2.0


class Counted:
    """How many statements this process sent, BEGIN and COMMIT left out."""

    def __init__(self, runtime: Runtime) -> None:
        self.statements = 0
        for engine in (runtime.database.app, runtime.database.carrier):
            event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_arguments: object) -> None:
        self.statements += 1


def make_due(runtime: Runtime, count: int) -> None:
    """Let so many go from now on."""
    with runtime.carrier() as session:
        session.execute(DUE, {"count": count})
        session.execute(text("NOTIFY deliveries"))


def wait_until_gone(runtime: Runtime) -> int:
    """Wait until nothing waits or flies. Returns how often it looked."""
    with runtime.database.carrier.connect() as connection:
        looking = connection.execution_options(isolation_level="AUTOCOMMIT")
        for looks in itertools.count(1):
            sleep(0.02)
            if not looking.exec_driver_sql(LEFT).scalar():
                return looks
    raise AssertionError


def main(count: int, warm: int) -> None:
    """Print deliveries a second, from the moment they were due, and statements a delivery."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    runtime = make_runtime(read_settings())
    worker = make_worker(runtime)
    keep_for_good()
    running = threading.Thread(target=worker.run)
    running.start()
    sleep(WARM_SECONDS)
    make_due(runtime, warm)
    wait_until_gone(runtime)
    counted = Counted(runtime)
    make_due(runtime, count)
    began = perf_counter()
    looks = wait_until_gone(runtime)
    spent = perf_counter() - began
    worker.stop()
    running.join()
    print(count / spent, (counted.statements - looks - 2) / count)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
