"""A clock as a process of its own that looks often: `python -m tests.doors.hasty_clock 2026-11-17T01:31:00+00:00`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

from commsbridge.app import make_runtime, set_up_logs
from commsbridge.clock import Clock, ticking
from commsbridge.settings import read_settings


def main(begins: datetime) -> None:
    """Tick until SIGTERM; it is ``begins`` when the process starts."""
    set_up_logs()
    started = time.monotonic()
    runtime = replace(make_runtime(read_settings()), now=lambda: begins + timedelta(seconds=time.monotonic() - started))
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: over.set())
    with ticking(Clock(runtime, look_seconds=0.2), broken=lambda: os.kill(os.getpid(), signal.SIGTERM)):
        while not over.wait(0.2):
            continue
    runtime.database.dispose()


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
