"""The carrier misbehaves in every way it can, each alone and all at once: `make faults`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import State
from commsbridge.neighbourhood import Arrangement, Rule
from tests.doors.breaking import (
    Tell,
    assert_each_once,
    assert_log_agrees,
    deliveries,
    end,
    hasty,
    is_over,
    queue_many,
    running,
    states,
    until,
)
from tests.doors.conftest import Told
from tests.doors.service import Service, serving

# A call is given up after a second here, and a carrier that hangs does so for one and a half: 20 and 30 s in little.
SCALED = hasty(call=1.0, lease=4.0)
HANG = 1.5
TROUBLES: dict[str, list[Rule]] = {
    "says 429": [Rule("busy", chance=0.2, seconds=1)],
    "says 429 without saying when": [Rule("busy", chance=0.2)],
    "says 500 after accepting": [Rule("error_after", chance=0.2)],
    "says 500 before accepting": [Rule("error_before", chance=0.2)],
    "drops connections": [Rule("drop_before", chance=0.1), Rule("drop_after", chance=0.1)],
    "hangs": [Rule("hang_before", chance=0.05, seconds=HANG), Rule("hang_after", chance=0.05, seconds=HANG)],
    "reports twice": [Rule("double")],
    "reports in reverse order": [Rule("reverse")],
    "reports before it answers": [Rule("early"), Rule("delay", seconds=0.2)],
    "never reports": [Rule("silent")],
    "cannot be asked for long": [Rule("error_after", chance=0.2), Rule("error_before", on="list", times=20)],
    "does all of it": [
        Rule("busy", chance=0.05, seconds=1),
        Rule("error_after", chance=0.05),
        Rule("error_before", chance=0.05),
        Rule("drop_before", chance=0.03),
        Rule("drop_after", chance=0.03),
        Rule("hang_after", chance=0.02, seconds=HANG),
        Rule("double", chance=0.3),
        Rule("reverse", chance=0.3),
        Rule("early", chance=0.3),
        Rule("silent", chance=0.3),
        Rule("busy", on="list", chance=0.2),
        Rule("drop_before", on="list", chance=0.2),
    ],
}


@pytest.mark.fault
@pytest.mark.long
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_carrier_that_misbehaves_is_given_each_text_once(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell, trouble: str
) -> None:
    count = 1000 if trouble == "does all of it" else 300
    with serving(postgres, told.name, told.story, Arrangement(latency=0.03)) as service:
        service.town.misbehave(*TROUBLES[trouble], seed=11)
        queue_many(service, count)
        with running(service, tmp_path / "one", *SCALED) as one, running(service, tmp_path / "two", *SCALED) as two:
            until(lambda: is_over(service), "the workers did not settle everything", seconds=240, look=0.2)
            counted = assert_each_once(service, count)
            assert (end(one), end(two)) == (0, 0)
    tell(f"{count} texts to a carrier that {trouble}: {counted}; {counted.delivered} known to have come")


@pytest.mark.fault
@pytest.mark.long
@pytest.mark.parametrize("reports", [True, False])
def test_a_mail_nobody_can_ask_about_is_settled_by_its_events_or_counted_as_uncertain(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell, *, reports: bool
) -> None:
    count = 300
    with serving(postgres, told.name, told.story, Arrangement(latency=0.03, reports=reports)) as service:
        rules = [Rule(do, on="mail", chance=0.05) for do in ("error_after", "drop_after")]
        service.town.misbehave(*rules, Rule("busy", on="mail", chance=0.1, seconds=1), seed=5)
        queue_many(service, count, mail=True)
        with running(service, tmp_path / "log", *SCALED) as worker:
            until(lambda: not waits(service), "the worker did not send everything", look=0.2)
            if reports:
                service.town.settle(300)
                until(lambda: is_over(service), "the events settled nothing", seconds=240, look=0.2)
            assert end(worker) == 0
        rows, letters = deliveries(service), Counter(each.to for each in service.town.letters())
        assert letters == dict.fromkeys((each.address for each in rows), 1)
        uncertain = [each for each in rows if each.state is State.UNCERTAIN]
        assert bool(uncertain) is not reports
        lines = assert_log_agrees(service, rows)
    tell(
        f"{count} mails: {letters.total()} at the carrier, none twice; {len(uncertain)} uncertain; {lines} lines agree"
    )


def waits(service: Service) -> bool:
    """Whether a mail is still to go, or one in doubt has not been told to the log yet."""
    if set(states(service)) & {State.QUEUED, State.SENDING}:
        return True
    with service.story.work() as work:
        untold = text("SELECT count(*) FROM deliveries WHERE logged_state IS DISTINCT FROM state AND staff_id IS NULL")
        return bool(work.session.scalar(untold))
