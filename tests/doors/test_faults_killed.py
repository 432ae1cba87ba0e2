"""A worker is killed, or told to end, while it sends: short here, in full length with `make faults`."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery, State
from commsbridge.neighbourhood import Arrangement, Rule
from tests.doors.breaking import (
    HASTY,
    THREADS,
    USUAL,
    Name,
    Tell,
    assert_each_once,
    deliveries,
    end,
    events,
    gone,
    is_over,
    kill,
    name,
    praise_new_families,
    queue_many,
    running,
    states,
    until,
)
from tests.doors.conftest import Told
from tests.doors.service import Service, serving


@dataclass(frozen=True)
class Left:
    """What a killed worker left in its hands: the try it was at, and the carrier's id of each that had arrived."""

    attempts: Mapping[Name, int]
    at_carrier: Mapping[Name, str]


def kill_in_mid_send(service: Service, log: Path, *, after: int, pause: float) -> Left:
    """Kill a worker a moment after the carrier has ``after`` texts."""
    with running(service, log, *HASTY) as worker:
        until(lambda: len(gone(service)) >= after or worker.poll() is not None, "the worker sends nothing")
        time.sleep(pause)
        kill(worker)
    time.sleep(0.5)  # what it had written to the connection still reaches the carrier
    held = (each for each in deliveries(service) if each.worker and f"-{worker.pid}-" in each.worker)
    left = {name(each): each.attempt for each in held}
    return Left(left, {name(text): text.sid for text in gone(service) if name(text) in left})


@pytest.mark.fault
@pytest.mark.slow
def test_workers_killed_in_mid_send_lose_nothing_and_nothing_goes_twice(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell, *, long: bool
) -> None:
    """The carrier never reports, so that only its list says what it has; in full length it drops connections too."""
    count, kills, trouble = (5000, 20, 0.01) if long else (500, 1, 0.0)
    log, chance = tmp_path / "log", random.Random(20261122)
    with serving(postgres, told.name, told.story, Arrangement(latency=0.06, reports=False)) as service:
        rules = [Rule(do, chance=trouble) for do in ("drop_before", "drop_after", "error_after")]
        service.town.misbehave(*rules, seed=7)
        queue_many(service, count)
        moments = sorted(chance.randint(1, count - 4 * THREADS) for _ in range(kills))
        lefts = [kill_in_mid_send(service, log, after=each, pause=chance.uniform(0, 0.2)) for each in moments]
        with running(service, log, *HASTY) as worker:
            until(lambda: is_over(service), "the last worker did not settle everything", seconds=300, look=0.2)
            assert end(worker) == 0
        counted = assert_each_once(service, count)
        for left in lefts:
            assert_adopted_or_sent_again(left, {name(each): each for each in deliveries(service)})
    assert sum(len(left.at_carrier) for left in lefts) > 0, "nothing was in flight when the workers were killed"
    assert events(log)["worker.leases_expired"] >= 1
    tell(
        f"{count} texts, {kills} workers killed with {sum(len(left.attempts) for left in lefts)} in their hands, "
        f"{sum(len(left.at_carrier) for left in lefts)} of them at the carrier: {counted}"
    )


def assert_adopted_or_sent_again(left: Left, rows: Mapping[Name, Delivery]) -> None:
    """What the carrier had is found on its list and taken for ours, its try the last; what it had not goes again."""
    for each, attempt in left.attempts.items():
        if each in left.at_carrier:
            assert (rows[each].carrier_id, rows[each].attempt) == (left.at_carrier[each], attempt)
        else:
            assert rows[each].attempt > attempt


@pytest.mark.slow
def test_a_worker_that_is_told_to_end_records_what_is_in_flight_first(
    told: Told, postgres: LocalPostgres, tmp_path: Path
) -> None:
    with serving(postgres, told.name, told.story, Arrangement(latency=1.0, reports=False)) as service:
        praise_new_families(service, 4 * THREADS)
        with running(service, tmp_path / "log", *USUAL) as worker:
            until(lambda: len(service.town.texts()) >= THREADS, "the worker sends nothing")
            assert states(service)[State.SENDING] >= 1
            assert end(worker) == 0
        texts = service.town.texts()
        assert states(service).keys() == {State.SENT, State.QUEUED}
        sent = [each for each in deliveries(service) if each.state == State.SENT]
        assert {each.carrier_id for each in sent} == {text.sid for text in texts}
        assert THREADS <= len(sent) < 4 * THREADS
    assert events(tmp_path / "log")["delivery.handed_over"] == len(texts)
