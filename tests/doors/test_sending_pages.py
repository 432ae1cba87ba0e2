"""How sending goes on its page, the school's rules, and the figures for a collector."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from commsbridge import messages, schools
from commsbridge.messages import AlarmKind, SenderHealth
from commsbridge.schools import Duty, Role, Sending
from commsbridge.web import make_web
from tests.conftest import Clock, SharedDatabase
from tests.doors.conftest import SignIn
from tests.doors.pages import PUBLIC_URL, Visitor, make_runtime
from tests.story import Story

PAGE = "/school/sending"


def rules(story: Story) -> Sending:
    with story.work() as work:
        return schools.sending_of(work)


def test_a_leader_sets_the_rules_and_others_do_not_see_the_page(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    form = leader.open(PAGE).form(PAGE)
    fields = {"notices_on_school_days": "yes", "urgent-office": "yes", "text_cents": "0.115", "budget": "$250"}
    leader.send(form, **fields)
    assert "Kept." in leader.follow().text
    assert rules(story) == Sending(
        notices_on_school_days=True,
        urgent_roles=frozenset({Role.OFFICE, Role.LEADER}),
        text_cents=11.5,
        budget_cents=25000,
    )
    assert sign_in("jan").open(PAGE).status == 403


@pytest.mark.parametrize(
    ("field", "typed"), [("text_cents", "ten"), ("text_cents", ""), ("budget", "1,5"), ("budget", "-1")]
)
def test_an_amount_that_is_none_stands_beside_its_field(sign_in: SignIn, story: Story, field: str, typed: str) -> None:
    leader = sign_in("burns")
    page = leader.send(leader.open(PAGE).form(PAGE), **{field: typed})
    assert page.status == 400
    assert page.wrong[field]
    assert rules(story) == Sending()


def test_an_alarm_stands_on_the_page_until_a_leader_lets_it_go(sign_in: SignIn, story: Story) -> None:
    found = [SenderHealth(story.school_id, story.texts.id, handed=100, failed=40)]
    with story.work() as work:
        messages.watch_school(work, found, url=PUBLIC_URL)
    leader = sign_in("burns")
    page = leader.open(PAGE)
    assert "What goes to many is held until you have looked." in page.text
    leader.send(page.form(f"{PAGE}/go"))
    assert "is held until you have looked" not in leader.follow().text
    with story.work() as work:
        assert {alarm.kind for alarm in messages.open_alarms(work)} == {AlarmKind.FAILURES}


def test_the_page_says_when_a_worker_and_the_clock_were_last_there(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    page = leader.open(PAGE).text
    assert "Sending has not started yet." in page
    assert "The clock for prompts has not started yet." in page
    with story.runtime.lobby() as lobby:
        schools.worker_seen(lobby, "one")
        schools.worker_seen(lobby, "the clock", Duty.CLOCK)
        lobby.session.execute(
            text("UPDATE workers_seen SET seen_at = now() - interval '9 minutes' WHERE name <> 'one'")
        )
    page = leader.open(PAGE).text
    assert re.search(r"Sending works: last seen \d+ seconds ago", page)
    assert "The clock for prompts stopped 9 minutes ago." in page
    with story.runtime.lobby() as lobby:
        schools.worker_seen(lobby, "the clock", Duty.CLOCK)
    assert re.search(r"The clock for prompts works: last seen \d+ seconds ago", leader.open(PAGE).text)


def test_without_a_token_there_are_no_metrics(stranger: Visitor) -> None:
    assert stranger.open("/metrics").status == 404


def test_a_collector_with_the_token_gets_figures_and_no_name_or_number(
    story: Story, story_database: SharedDatabase, clock: Clock
) -> None:
    with story.work("walsh") as work:
        draft = messages.Draft(words="Ka pai!")
        messages.send_praise(work, story.students["aroha"], draft, links=story.runtime.links)
    clock.forward(minutes=5)
    with story.runtime.lobby() as lobby:
        schools.worker_seen(lobby, "one")
        schools.worker_seen(lobby, "the clock", Duty.CLOCK)
    client = make_web(make_runtime(story_database, clock, metrics_token="of the collector")).test_client()
    for wrong in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=wrong).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer of the collector"})
    assert (answer.status_code, answer.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    waiting = re.findall(
        r'^commsbridge_queue_waiting\{school="[^"]+",sender="[^"]+"\} (\d+)$', answer.text, re.MULTILINE
    )
    assert sum(map(int, waiting)) >= 3
    for duty in Duty:
        assert re.search(rf"^commsbridge_{duty}_silent_seconds [\d.e+-]+$", answer.text, re.MULTILINE)
    assert f'commsbridge_school_failure_ratio{{school="{story.school_id}"}} 0\n' in answer.text
    assert "commsbridge_inbound_untaken 0\n" in answer.text
    assert "Ngaire" not in answer.text
    assert "5550101" not in answer.text
