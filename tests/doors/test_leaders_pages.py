"""Leaders see what the school does and where support is needed; never who of the staff did how much."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, time, timedelta

from flask import Flask

from commsbridge import prompts, schools, students
from commsbridge.foundation.language import Language
from commsbridge.prompts import Answer
from commsbridge.web.access import Entrance
from tests.conftest import Clock, SharedDatabase
from tests.doors.conftest import SignIn
from tests.doors.moments import heard
from tests.doors.pages import Visitor
from tests.doors.routes import Call, calls
from tests.story import Story

MONDAY = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)  # 9 am in Auckland
DAYS = 5
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Pages about a member of staff or a class are those of a leader, too; what was said of one child names who said it.
WHOSE = {"staff_id", "class_id"}
OWN = "a teacher's own mirror"
# What waits for the same moment stands there in no order.
QUEUE = "/deliveries"


def weeks_of(story: Story, clock: Clock, *, busy: str, quiet: str) -> None:
    """A week in which one adult praises each day and answers, and another hardly writes and is silent."""
    clock.now = MONDAY
    for who, at in ((busy, time(14, 30)), (quiet, time(14, 45))):
        with story.work(who) as work:
            prompts.set_schedule(work, story.staff[who].id, days=range(5), at=at, how_many=1, by_mail=False)
    for day in range(DAYS):
        clock.now = MONDAY + timedelta(days=day)
        heard(story, "aroha", by=quiet if day == 2 else busy)
        clock.forward(hours=5, minutes=30)
        asked(story)
        with story.work(busy) as work:
            for each in prompts.open_children(work, story.staff[busy].id):
                prompts.answer(work, each.id, story.staff[busy].id, Answer.NOT_TODAY, language=Language.EN)
        clock.forward(minutes=15)
        asked(story)
    clock.now = MONDAY + timedelta(days=DAYS)


def asked(story: Story) -> None:
    with story.work() as work:
        assert len(prompts.ask_due(work, links=story.runtime.links)) == 1


def seen_by(leader: Visitor, opened: list[Call], ids: dict[str, uuid.UUID]) -> dict[str, str]:
    """What each page or file says to a leader, without the ids of what happened."""
    told = {}
    for call in opened:
        page = leader.open(call.at(ids))
        if page.status == 200 and (page.response.mimetype or "").startswith(("text/", "application/json")):
            html = page.response.mimetype == "text/html"
            told[call.rule.rule] = UUID.sub("", page.text if html else page.response.get_data(as_text=True))
    return told


def told_to_leader(
    web: Flask, story: Story, sign_in: SignIn, database: SharedDatabase, clock: Clock, *, busy: str, quiet: str
) -> dict[str, str]:
    undone = database.connection.begin_nested()
    weeks_of(story, clock, busy=busy, quiet=quiet)
    with story.work("burns") as work:
        room = next(iter(students.classes_taught_by(work, story.staff["walsh"].id, schools.today(work))))
    leader = sign_in("burns")
    opened = [
        call
        for call in calls(web, Entrance.AT_SCHOOL)
        if call.method == "GET" and call.names <= WHOSE and "sign-out" not in call.rule.rule
    ]
    told = seen_by(leader, opened, {"staff_id": story.staff["walsh"].id, "class_id": room.id})
    told[OWN] = sign_in("walsh").open("/prompts/mine").text
    undone.rollback()
    return told


def test_no_page_of_a_leader_says_who_of_the_staff_praised_how_often_or_did_not_answer(
    web: Flask, story: Story, sign_in: SignIn, story_database: SharedDatabase, clock: Clock
) -> None:
    """The same happened at school, once by the hand of one and once of the other: a leader is told the same."""
    told = [
        told_to_leader(web, story, sign_in, story_database, clock, busy=busy, quiet=quiet)
        for busy, quiet in (("walsh", "matiu"), ("matiu", "walsh"))
    ]
    assert len(told[0]) > 30
    assert told[0].pop(OWN) != told[1].pop(OWN)  # her own mirror says it, to her alone
    for each in told:
        each[QUEUE] = " ".join(sorted(each[QUEUE].split()))
    assert [rule for rule in told[0] if told[0][rule] != told[1].get(rule)] == []
