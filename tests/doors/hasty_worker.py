"""A worker as a process of its own whose leases and doubts are short: `python -m tests.doors.hasty_worker 3 1`."""

from __future__ import annotations

import signal
import sys

from commsbridge.app import make_runtime, set_up_logs
from commsbridge.settings import read_settings
from commsbridge.worker import Worker


def main(lease: float, doubt_rests: float) -> None:
    """Work until SIGTERM, with leases and doubts of so many seconds; all else is as `commsbridge work` has it."""
    set_up_logs()
    settings = read_settings()
    runtime = make_runtime(settings)
    worker = Worker(runtime, threads=settings.carrier_threads, lease=lease, doubt_rests=doubt_rests)
    signal.signal(signal.SIGTERM, lambda _number, _frame: worker.stop())
    try:
        worker.run()
    finally:
        runtime.database.dispose()


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
