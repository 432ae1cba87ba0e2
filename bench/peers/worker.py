"""One worker process over the outbox: from the first claim until the last outcome is committed."""

from __future__ import annotations

import sys
from time import perf_counter, sleep

import structlog
from sqlalchemy import text

from commsbridge.app import make_runtime, make_worker, set_up_logs
from commsbridge.settings import read_settings

LEFT = text("SELECT count(*) FROM deliveries WHERE state IN ('queued', 'sending')")
FUTURE = text("UPDATE deliveries SET due_at = now() WHERE state = 'queued'")


def main(count: int) -> None:
    """Print deliveries a second; they wait until everything is imported and warm, as they do in production."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    runtime = make_runtime(read_settings())
    worker = make_worker(runtime)
    worker.step()
    with runtime.carrier() as session:
        session.execute(FUTURE)
    began = perf_counter()
    while True:
        if not worker.step():
            if not worker.carrying.flying:
                with runtime.carrier() as session:
                    if session.scalar(LEFT) == 0:
                        break
            sleep(0.002)
    print(count / (perf_counter() - began))


if __name__ == "__main__":
    main(int(sys.argv[1]))
