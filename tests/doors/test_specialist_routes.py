"""A specialist from outside and the rest of the house: their link opens nothing else, and either home closes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from commsbridge import specialists
from commsbridge.web.access import Entrance
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.routes import WORDS, access_of, calls, ids_in, token_of
from tests.doors.test_specialist_pages import GOAL, KUIAS, approved, enter
from tests.story import Story

OTHERS = {"dave": "ngaire", "ngaire": "dave"}


def ways_by_link(web: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route for whoever comes by a link, but for the specialist's own door, with each method."""
    for rule in web.url_map.iter_rules():
        access = access_of(web).get(rule.endpoint)
        if access is not None and access.entrance is Entrance.LINK and not rule.rule.startswith("/with/"):
            yield from ((rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST"}))


def filled(rule: Rule, ids: dict[str, uuid.UUID], secret: str) -> str:
    """The address of a link's route with the specialist's secret wherever a secret or a word is asked for."""
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<uuid:{name}>", str(ids.get(name, uuid.uuid4()))).replace(f"<int:{name}>", "1")
        path = path.replace(f"<{name}>", "en" if name in {"language", "reo"} else secret)
    assert "<" not in path
    return path


def rows(story: Story) -> int:
    """How much was written into the log, the plan, the offers and what came in."""
    tables = ("lines", "plan_versions", "plan_signatures", "specialist_shares", "specialist_answers", "raw_inbound")
    with story.work() as work:
        return sum(work.session.scalar(text(f"SELECT count(*) FROM {each}")) or 0 for each in tables)


def test_a_specialists_link_and_device_open_and_change_nothing_else_by_any_route(
    web: Flask, story: Story, device: Device
) -> None:
    _, key = approved(story)
    ids = {**ids_in(story, "wi", "ngaire", "+64215550101"), "student_id": story.students["aroha"].id}
    send_home(story, "hemi")
    ana = device()
    enter(ana, key)
    token, before, opened = token_of(ana, "/sign-in"), rows(story), []
    for call in calls(web, Entrance.AT_SCHOOL, Entrance.SIGNED_IN):
        page = ana.open(call.at(ids)) if call.method == "GET" else ana.post(call.at(ids), {"csrf_token": token})
        if page.status not in {302, 403} or WORDS in page.text or GOAL in page.text:
            opened.append((call.method, call.rule.rule, page.status))
    by_link = list(ways_by_link(web))
    assert len(by_link) > 30
    for rule, method in by_link:
        at = filled(rule, ids, key.secret)
        page = ana.open(at) if method == "GET" else ana.post(at, {"csrf_token": token, "words": WORDS, "act": "yes"})
        # What asks for no secret asks for a cookie of its own (a child alone at a device), and tells nothing without.
        closed = page.status in {404, 410} or not rule.arguments
        if not closed or GOAL in page.text or "Aroha" in page.text:
            opened.append((method, rule.rule, page.status))
    assert opened == []
    assert rows(story) == before
    assert GOAL in ana.open(f"/with/{key.secret}").text


@pytest.mark.parametrize("who", ["dave", "ngaire"])
def test_either_home_that_said_yes_closes_it_at_once_and_the_other_reads_only_that_it_is_over(
    sign_in: SignIn, story: Story, device: Device, who: str
) -> None:
    home, closes, reads, ana = send_home(story), device(), device(), device()
    share_id, key = approved(story)
    with story.work() as work:
        specialists.say_yes(work, share_id, story.contacts["ngaire"].id)
    seen = enter(ana, key)
    assert (GOAL in seen.text, KUIAS in seen.text) == (True, True)
    come_in(story, reads, home, OTHERS[who])
    come_in(story, closes, home, who)
    page = closes.open(home.links[who] + "/specialists?reo=en")
    assert closes.send(next(each for each in page.forms if each.values.get("act") == "end")).status == 302
    assert "Closed. Nothing is shared any more." in closes.follow().text
    assert ana.open(f"/with/{key.secret}").status == 404
    name, other = story.contacts[who].name, story.contacts[OTHERS[who]].name
    assert f"Closed at home by {name}." in closes.open(home.links[who] + "/specialists?reo=en").text
    assert (
        f"Closed at home by {name}."
        in sign_in("leota").open(f"/students/{story.students['aroha'].id}/specialists").text
    )
    theirs = reads.open(home.links[OTHERS[who]] + "/specialists?reo=en").text
    assert "Ended on 17 Nov 2026. Nothing is shared any more." in theirs
    assert f"{other} said yes" in theirs
    for words in (name, "Closed at home"):
        assert words not in theirs


def test_a_home_reads_the_same_whether_school_or_the_other_home_closed_it(story: Story, device: Device) -> None:
    home, dads = send_home(story), device()
    share_id, _ = approved(story)
    come_in(story, dads, home, "dave")
    with story.work() as work:
        specialists.end_share(work, share_id, contact_id=story.contacts["ngaire"].id)
    by_the_other = dads.open(home.links["dave"] + "/specialists?reo=en").text
    with story.work() as work:
        share = specialists.share_by_id(work, share_id)
        share.ended_at_home, share.ended_by = None, story.staff["leota"].id
    assert dads.open(home.links["dave"] + "/specialists?reo=en").text == by_the_other
