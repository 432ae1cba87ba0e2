"""A worker as a process of its own that is quick to doubt: `python -m tests.doors.hasty_worker 3 1 20 0`."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

from commsbridge.app import clock, make_gateways, make_runtime, set_up_logs
from commsbridge.settings import read_settings
from commsbridge.worker import Worker

STEP_EVERY = 1.5


def stepping(seconds: float) -> datetime:
    """The time on a machine whose clock jumps there and back, again and again."""
    turn = int(time.monotonic() / STEP_EVERY) % 3
    return clock() + (0, 1, -1)[turn] * timedelta(seconds=seconds)


def main(lease: float, doubt_rests: float, call: float, steps: float) -> None:
    """Work until SIGTERM, with leases, doubts and calls of so many seconds; all else is as with `commsbridge work`."""
    set_up_logs()
    settings = read_settings()
    runtime = replace(
        make_runtime(settings), gateways=make_gateways(settings, call_seconds=call), now=lambda: stepping(steps)
    )
    worker = Worker(runtime, threads=settings.carrier_threads, lease=lease, doubt_rests=doubt_rests)
    signal.signal(signal.SIGTERM, lambda _number, _frame: worker.stop())
    try:
        worker.run()
    finally:
        runtime.database.dispose()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
