"""A process that takes a school's year away once: as a spreadsheet, then its raw rows as CSV."""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from commsbridge import reports, schools
from commsbridge.app import make_runtime
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.language import Language
from commsbridge.reports import Period, Span
from commsbridge.settings import read_settings


def peak() -> float:
    """The most memory this process has held so far, in MB, as Linux tells it.

    Not that of getrusage, which begins with the peak of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(school_id: uuid.UUID) -> None:
    """Print the seconds and the peak of the spreadsheet, its KB, the peak with the rows, how many, and the start's."""
    runtime = make_runtime(read_settings())
    with runtime.work(school_id, OPERATOR) as work:
        calendar, today = schools.calendar_of(work), schools.today(work)
        year = Period(Span.DATES, today - timedelta(days=365), today)
        idle, began = peak(), perf_counter()
        found = reports.report(work, calendar, year)
        size = len(reports.taking.as_xlsx(found, Language.EN)) // 1024
        took, book = perf_counter() - began, peak()
        taking = reports.taking
        rows = sum(piece.count("\n") for piece in taking.as_csv(taking.LINE, taking.line_rows(work, found)))
    print(took, book, size, peak(), rows, idle)


main(uuid.UUID(sys.argv[1]))
