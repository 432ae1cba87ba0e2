"""The worker: sends what waits, files what came in, and asks teachers at the times they chose."""

from __future__ import annotations

import signal
from dataclasses import replace
from types import FrameType

import click
import structlog

from commsbridge.app import keep_for_good, make_clock, make_runtime, make_worker, set_up_logs
from commsbridge.cli.commands import Verb
from commsbridge.clock import ticking
from commsbridge.settings import read_settings

log = structlog.get_logger()


@click.command(cls=Verb)
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    help="Texts and mails in flight at once; else COMMSBRIDGE_CARRIER_THREADS.",
)
def work(threads: int | None) -> None:
    """Send what waits, file what came in, ask teachers at the times they chose.

    Any number may run, on any number of machines; one of them holds the clock. After SIGTERM or Ctrl-C nothing new is
    begun, and what is in flight is finished and recorded. A second one ends it at once; then the carrier is asked about
    what was in flight.
    """
    settings = read_settings()
    set_up_logs()
    runtime = make_runtime(replace(settings, carrier_threads=threads) if threads else settings)
    worker = make_worker(runtime)

    def end(number: int, _frame: FrameType | None) -> None:
        log.info("worker.ends", signal=signal.Signals(number).name, in_flight=worker.carrying.flying)
        worker.stop()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    keep_for_good()
    log.info("worker.begins", worker=worker.name, threads=runtime.settings.carrier_threads)
    try:
        with ticking(make_clock(runtime), broken=worker.stop):
            worker.run()
    finally:
        runtime.database.dispose()
    log.info("worker.ended", worker=worker.name)
