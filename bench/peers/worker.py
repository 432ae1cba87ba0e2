"""One worker process over the outbox: from the first claim until the last outcome is committed."""

from __future__ import annotations

import sys
import threading
from time import perf_counter, sleep

import structlog
from sqlalchemy import text

from commsbridge.app import make_runtime, make_worker, set_up_logs
from commsbridge.settings import read_settings

LEFT = text(
    "SELECT EXISTS (SELECT FROM deliveries WHERE state = 'queued') "
    "OR EXISTS (SELECT FROM deliveries WHERE state = 'sending')"
)
FUTURE = text("UPDATE deliveries SET due_at = now() WHERE state = 'queued'")
WARM_SECONDS = 2.0


def main(count: int) -> None:
    """Print deliveries a second; they wait until everything is imported and warm, as they do in production."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    runtime = make_runtime(read_settings())
    worker = make_worker(runtime)
    running = threading.Thread(target=worker.run)
    running.start()
    sleep(WARM_SECONDS)
    with runtime.carrier() as session:
        session.execute(FUTURE)
        session.execute(text("NOTIFY deliveries"))
    began = perf_counter()
    while True:
        sleep(0.05)
        with runtime.carrier() as session:
            if not session.scalar(LEFT):
                break
    print(count / (perf_counter() - began))
    worker.stop()
    running.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
