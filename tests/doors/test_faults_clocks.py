"""Clocks: two tick at once, the one that ticks is killed, the machine's own jumps about."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
from sqlalchemy import text

from commsbridge import prompts
from commsbridge.local_postgres import LocalPostgres
from commsbridge.neighbourhood import Arrangement, Rule
from tests.doors.breaking import (
    Tell,
    assert_each_once,
    end,
    events,
    gone,
    hasty,
    is_over,
    kill,
    queue_many,
    running,
    until,
)
from tests.doors.conftest import Told
from tests.doors.service import Service, serving
from tests.story import Story, open_school

# All are to be asked at half past two on Tuesday 17 November 2026 in Auckland. Their times are chosen an hour earlier,
# and the clocks begin a minute later.
CHOSEN_AT = datetime(2026, 11, 17, 0, 30, tzinfo=UTC)
CLOCK = (sys.executable, "-m", "tests.doors.hasty_clock", "2026-11-17T01:31:00+00:00")
SCHOOLS = 25


def asked_everywhere(service: Service) -> list[Story]:
    """Many schools in which two teachers are asked on Tuesdays at half past two, on the page and by mail."""
    runtime = replace(service.runtime, now=lambda: CHOSEN_AT)
    told = [
        open_school(runtime, name=f"School {n}", domain=f"k{n}.test", short_code=f"47{n:02d}", mail_from=f"k@k{n}.test")
        for n in range(SCHOOLS)
    ]
    for story in told:
        for who in ("walsh", "fox"):
            with story.work(who) as work:
                at = time_of_day(14, 30)
                prompts.set_schedule(work, story.staff[who].id, days={1}, at=at, how_many=1, by_mail=True)
    return told


def counted(schools: list[Story], what: str) -> list[int]:
    """How many rows a query finds in each school."""
    found = []
    for story in schools:
        with story.work() as work:
            found.append(work.session.scalar(text(what)) or 0)
    return found


@pytest.mark.fault
@pytest.mark.long
def test_two_clocks_of_which_the_ticking_one_is_killed_ask_everybody_once(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell
) -> None:
    kills = 6
    logs = [tmp_path / str(number) for number in range(kills + 2)]
    made, mailed = "SELECT count(*) FROM prompts", "SELECT count(*) FROM deliveries WHERE staff_id IS NOT NULL"
    with serving(postgres, told.name, told.story) as service, ExitStack() as stack:
        schools = asked_everywhere(service)
        clocks = {log: stack.enter_context(running(service, log, *CLOCK)) for log in logs[:2]}
        after = []
        for number, fresh in enumerate(logs[2:]):
            goal = number * 2 * SCHOOLS // kills
            until(lambda goal=goal: sum(counted(schools, made)) >= goal, "nobody asks", look=0.01)  # type: ignore[misc]
            until(lambda: any(events(log)["clock.ticks"] for log in clocks), "nobody ticks", look=0.01)
            holder = next(log for log in clocks if events(log)["clock.ticks"])
            assert sum(bool(events(log)["clock.ticks"]) for log in clocks) == 1, "two tick at once"
            kill(clocks.pop(holder))
            after.append(sum(counted(schools, made)))
            clocks[fresh] = stack.enter_context(running(service, fresh, *CLOCK))
        until(lambda: counted(schools, made) == [2] * SCHOOLS, "somebody was never asked")
        until(lambda: any(events(log)["clock.ticks"] for log in clocks), "nobody ticks")
        time.sleep(2)
        assert [end(clock) for clock in clocks.values()] == [0, 0]
        assert counted(schools, made) == counted(schools, mailed) == [2] * SCHOOLS
    tell(f"{2 * SCHOOLS} teachers, the ticking clock killed {kills} times after {after} of them: each asked once")


@pytest.mark.fault
@pytest.mark.long
def test_a_machine_whose_clock_jumps_hours_about_sends_each_text_once(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell
) -> None:
    """The workers' clocks jump two hours on and back, and what they send was written by one two hours fast."""
    count, log = 900, tmp_path / "log"
    words = hasty(steps=7200.0)
    with serving(postgres, told.name, told.story, Arrangement(latency=0.05, reports=False)) as service:
        service.town.misbehave(Rule("error_after", chance=0.1), Rule("drop_before", chance=0.05), seed=3)
        queue_many(service, count, clock_off=timedelta(hours=2))
        for _ in range(2):
            with running(service, log, *words) as worker:
                begun = len(gone(service))
                until(lambda begun=begun: len(gone(service)) > begun + count // 5, "the worker sends nothing")  # type: ignore[misc]
                kill(worker)
        with running(service, log, *words) as worker:
            until(lambda: is_over(service), "the worker did not settle everything", look=0.2)
            assert end(worker) == 0
        ended = assert_each_once(service, count)
    tell(f"{count} texts by clocks that jump two hours on and back, 2 workers killed: {ended}")
