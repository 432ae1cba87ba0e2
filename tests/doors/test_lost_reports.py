"""A carrier's report that never came is asked for: an hour after the text went, and once more when it has its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import State
from commsbridge.messages.gateways import Cause
from commsbridge.neighbourhood import Arrangement, Rule
from commsbridge.worker.unreported import LostReports
from tests.doors.conftest import Told
from tests.doors.service import Service, serving
from tests.doors.test_worker import HINE, patient, to_hine, until

HOUR = 3600.0


@pytest.fixture
def silent(told: Told, postgres: LocalPostgres) -> Iterator[Service]:
    """The service with a carrier whose reports are lost on the way."""
    with serving(postgres, told.name, told.story, Arrangement(reports=False)) as service:
        service.praise("hemi")
        patient(service).run_until_quiet()
        until(lambda: all(each.status in {"delivered", "undelivered"} for each in service.town.texts(to=HINE)))
        yield service


def went_hours_ago(service: Service, hours: float) -> None:
    """Let what went have gone that much earlier."""
    with service.story.work() as work:
        work.session.execute(
            text("UPDATE deliveries SET settled_at = now() - make_interval(secs => :seconds)"),
            {"seconds": hours * HOUR},
        )


def ask(service: Service) -> int:
    """Ask the carrier about whatever is due to be asked about; how many answers came."""
    lost = LostReports(service.runtime)
    lost.ask()
    heard = 0
    while lost.asking:
        heard += lost.hear(block=True)
    lost.close()
    return heard


def test_a_text_whose_report_was_lost_is_told_as_arrived_after_an_hour(silent: Service) -> None:
    assert {each.state for each in to_hine(silent)} == {State.SENT}
    assert ask(silent) == 0, "it went a moment ago: its report may still be on its way"
    went_hours_ago(silent, 1.1)
    assert ask(silent) == 2
    assert {each.state for each in to_hine(silent)} == {State.DELIVERED}
    assert all(each.logged_state == State.DELIVERED for each in to_hine(silent))
    assert ask(silent) == 0


def test_a_text_that_has_no_end_yet_is_asked_about_once_more_and_then_left(silent: Service) -> None:
    went_hours_ago(silent, 1.1)
    silent.town.misbehave(Rule("error_before", on="list"))
    assert ask(silent) == 2, "the carrier was asked and did not answer"
    assert ask(silent) == 2, "so it is asked again"
    assert {each.state for each in to_hine(silent)} == {State.SENT}
    silent.town.misbehave()
    with silent.story.work() as work:
        # What the carrier's list does not hold says nothing new.
        work.session.execute(text("UPDATE deliveries SET carrier_id = 'SM' || md5(id::text)"))
    assert ask(silent) == 2
    assert ask(silent) == 0
    with silent.story.work() as work:
        work.session.execute(text("UPDATE deliveries SET asked_at = now() - interval '12 hours'"))
    went_hours_ago(silent, 13)
    assert ask(silent) == 2
    assert ask(silent) == 0
    assert {each.state for each in to_hine(silent)} == {State.SENT}


def test_a_text_that_did_not_arrive_is_told_as_such_with_its_cause(told: Told, postgres: LocalPostgres) -> None:
    with serving(postgres, told.name, told.story, Arrangement(reports=False)) as service:
        service.town.misbehave(Rule("fail", status="undelivered", code=30005))
        service.praise("hemi")
        patient(service).run_until_quiet()
        until(lambda: service.town.texts(to=HINE)[-1].status == "undelivered")
        went_hours_ago(service, 1.1)
        assert ask(service) >= 1
        welcome = to_hine(service)[0]
        assert (welcome.state, welcome.why) == (State.FAILED, Cause.NOT_IN_SERVICE)


def test_a_worker_asks_by_itself(silent: Service) -> None:
    went_hours_ago(silent, 1.1)
    patient(silent).run_until_quiet()
    assert {each.state for each in to_hine(silent)} == {State.DELIVERED}
