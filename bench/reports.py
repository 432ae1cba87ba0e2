"""Reports over the large school, and how fast that school is made."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import time, timedelta
from time import perf_counter

from sqlalchemy import text

from bench.crowd import copy_school
from bench.figures import Figure
from bench.place import Place, place, run_peer
from commsbridge import reports, schools
from commsbridge.demo.large import FULL, Made, Size, seed_large_school
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.work import Work
from commsbridge.reports import Period, Report, Span

TIMES = 5
# Other schools of the same database, of 300 students and 20,000 lines each: one is made, the others are its copies,
# without what no report reads.
NEIGHBOURS, NEIGHBOUR = 200, Size(300, 0.4)
UNREAD = frozenset({"deliveries", "line_words", "raw_inbound"})
COUNT = "SELECT count(*) FROM lines WHERE at >= :start AND at < :until"


def figures() -> Iterator[Figure]:
    """The term report, a student's page, the year's spreadsheet, and the same with other schools beside."""
    with place() as here:
        began = perf_counter()
        made = _make(here, FULL, 7)
        yield Figure(
            "demo.lines_per_s",
            made.lines / (perf_counter() - began),
            "lines/s",
            (">=", 20_000),
            f"{made.lines} lines in all",
        )
        alone, counted = _term(here, made)
        yield Figure("report.term_s", alone, "s", ("<=", 1), "all measures of the last whole term, 3,500 students")
        yield Figure("report.vs_count", alone / counted, "times", None, "a bare count(*) of the term's lines")
        yield Figure("report.student_ms", _student(here, made) * 1000, "ms", ("<=", 50), "facts and measures of one")
        yield from _spreadsheet(here, made)
        beside, against = _beside(here, made)
        yield Figure("report.flat_schools", beside, "times", ("<=", 1.5), against)


def _make(here: Place, size: Size, seed: int) -> Made:
    return seed_large_school(here.runtime, here.superuser_url, size=size, seed=seed, short_code=f"{8100 + seed}")


def _last_term(work: Work) -> tuple[Period, Report]:
    calendar = schools.calendar_of(work)
    period = reports.read_period(calendar, schools.today(work), Span.LAST_TERM)
    return period, reports.report(work, calendar, period)


def _term(here: Place, made: Made) -> tuple[float, float]:
    """The median time of the term report, and of counting its lines."""
    times, counts = [], []
    for _ in range(TIMES):
        with here.runtime.work(made.school_id, OPERATOR) as work:
            began = perf_counter()
            period, found = _last_term(work)
            assert found.summary.students > FULL.students * 0.9
            times.append(perf_counter() - began)
            days = found.calendar.moment
            given = {
                "start": days(period.first_on, _MIDNIGHT),
                "until": days(period.last_on + timedelta(days=1), _MIDNIGHT),
            }
            began = perf_counter()
            work.session.execute(text(COUNT), given).scalar_one()
            counts.append(perf_counter() - began)
    return statistics.median(times), statistics.median(counts)


def _student(here: Place, made: Made) -> float:
    """The median time of one student's facts and measures this term, over many students."""
    times = []
    with here.runtime.work(made.school_id, OPERATOR) as work:
        calendar = schools.calendar_of(work)
        period, found = _last_term(work)
        for each in found.found[:: max(1, len(found.found) // 60)]:
            began = perf_counter()
            assert reports.report(work, calendar, period, only=[each.facts.id]).found
            times.append(perf_counter() - began)
    return statistics.median(times)


def _beside(here: Place, made: Made) -> tuple[float, str]:
    """How much longer the term report takes with NEIGHBOURS in its tables, and against what; in one run."""
    alone, _counted = _term(here, made)
    other = _make(here, NEIGHBOUR, 100)
    copy_school(here, other.school_id, NEIGHBOURS - 1, without=UNREAD, at_once=True)
    beside, _counted = _term(here, made)
    against = f"{alone:.2f} s alone, {beside:.2f} s beside {NEIGHBOURS} schools of 300 and {other.lines:,} lines"
    return beside / alone, against


def _spreadsheet(here: Place, made: Made) -> Iterator[Figure]:
    """The year as a spreadsheet and its raw rows as CSV, in a process that does nothing else."""
    took, book, size, peak, rows, idle = run_peer("spreadsheet", str(made.school_id), environment=here.environment)
    yield Figure("report.xlsx_s", took, "s", ("<=", 10), f"{size:.0f} KB, a row a student and measure")
    against = f"a process's peak, {idle:.0f} at its start; {peak:.0f} with {rows:,.0f} raw rows as CSV"
    yield Figure("report.xlsx_mb", book, "MB", ("<=", 200), against)


_MIDNIGHT = time()
