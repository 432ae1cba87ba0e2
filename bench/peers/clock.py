"""A clock in a process of its own: from its election until it ticks, and what it holds in memory."""

from __future__ import annotations

import resource
import sys
import threading
from time import perf_counter

import structlog

from commsbridge.app import make_clock, make_runtime, set_up_logs
from commsbridge.settings import read_settings

STARTS_WITHIN = 300.0


def held() -> float:
    """The most memory this process has held so far, in megabytes."""
    # Linux counts kilobytes, macOS bytes (getrusage(2) of each).
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Print the seconds it took, the megabytes held, and those held before."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    clock = make_clock(make_runtime(read_settings()))
    before = held()
    running = threading.Thread(target=clock.run)
    began = perf_counter()
    running.start()
    ticks = clock.ticking.wait(STARTS_WITHIN)
    spent = perf_counter() - began
    clock.stop()
    running.join()
    assert ticks, "the clock did not tick"
    print(spent, held(), before)


if __name__ == "__main__":
    main()
