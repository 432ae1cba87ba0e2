"""Every link of whānau against every other family: the other home, another family, another school, links that are over.

A route behind a contact's link that is not among these ways fails the first test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from flask import Flask

from commsbridge import books, whanau
from commsbridge.web.access import Entrance
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.family_acts import GOOD, TONIGHT, send_home
from tests.doors.one_home import (
    OF_THE_DEVICE,
    OURS,
    PROOF_COOKIE,
    WAYS,
    OneHome,
    Way,
    home_with_everything,
    nobodys,
    nothing_changes,
    proof_of,
)
from tests.doors.pages import Page, Visitor
from tests.doors.routes import calls, token_of
from tests.story import Story, open_school

# What stands on no page that is not about Aroha.
HERS = (OURS, "Aroha", GOOD, TONIGHT)


@dataclass
class Phone:
    """A device with the proof it holds, asking behind a link."""

    visitor: Visitor
    token: str

    def ask(self, way: Way, link: str, ids: dict[str, str]) -> Page:
        at = way.at(link, ids)
        if way.method == "GET":
            return self.visitor.open(at)
        return self.visitor.post(at, {"csrf_token": self.token, **way.fields(ids)})


def words_of(page: Page) -> str:
    """The words of what came back; a picture, a sound and a PDF have none here."""
    kind = page.response.mimetype or ""
    return page.response.text if kind.startswith("text/") or kind == "application/json" else ""


def phone(web: Flask, proof: str | None = None) -> Phone:
    """A phone that holds a proof, or none."""
    visitor = Visitor(web.test_client())
    token = token_of(visitor, "/sign-in")
    if proof is not None:
        visitor.client.set_cookie(PROOF_COOKIE, proof, path="/w")
    return Phone(visitor, token)


@pytest.fixture
def dads(story: Story) -> OneHome:
    """Dave's home, with one of everything."""
    return home_with_everything(story)


def test_every_route_behind_a_contacts_link_is_tried(web: Flask) -> None:
    behind = {
        (call.method, call.rule.rule) for call in calls(web, Entrance.LINK) if call.rule.rule.startswith("/w/<secret>")
    }
    tried = {(way.method, way.rule) for way in WAYS} | {("POST", rule) for rule in OF_THE_DEVICE}
    assert behind == tried
    assert len(tried) == len(WAYS) + len(OF_THE_DEVICE)


def test_each_way_leads_its_own_home_somewhere(web: Flask, dads: OneHome) -> None:
    """Or a way that is refused to others might be one that opens to nobody."""
    own, said = phone(web, dads.proof), ""
    for way in WAYS:
        page = own.ask(way, dads.link, dads.ids)
        assert page.status == (200 if way.method == "GET" else 302), (way.rule, page.status, page.text[:300])
        said += words_of(page)
    for words in HERS:
        assert words in said


def test_the_other_home_of_the_child_opens_and_changes_nothing_that_is_this_homes(
    web: Flask, story: Story, dads: OneHome
) -> None:
    link = send_home(story).links["ngaire"]
    kuia = phone(web, proof_of(story, link, "ngaire"))
    with nothing_changes(story):
        for way in WAYS:
            if way.shared and way.method == "POST":
                continue
            page = kuia.ask(way, link, dads.ids)
            assert OURS not in words_of(page), way
            if not way.shared and way.method == "GET":
                assert page.status == 404, (way.rule, page.status)
    for way in WAYS:
        if way.shared and way.method == "POST":
            assert OURS not in words_of(kuia.ask(way, link, dads.ids)), way
    own = phone(web, dads.proof)
    assert "We write something here." not in own.ask(WAYS[0], dads.link, dads.ids).text


def test_another_family_opens_and_changes_nothing_of_this_one(web: Flask, story: Story, dads: OneHome) -> None:
    link = send_home(story, "hemi").links["hine"]
    hine = phone(web, proof_of(story, link, "hine"))
    named = [way for way in WAYS if "<uuid:" in way.rule or any("{" in value for value in way.form.values())]
    assert len(named) > 12
    with nothing_changes(story):
        for way in named:
            page = hine.ask(way, link, dads.ids)
            assert page.status in {404, 409}, (way.rule, page.status)
            assert not [words for words in HERS[:2] if words in page.response.text], way
            as_nobodys = hine.ask(way, link, nobodys(dads.ids))
            assert (as_nobodys.status, as_nobodys.text) == (page.status, page.text), way
    for way in WAYS:
        if way not in named and way.method == "GET":
            assert not [words for words in HERS[:2] if words in words_of(hine.ask(way, link, dads.ids))], way


def test_a_link_passed_on_to_a_device_that_is_not_theirs_shows_and_changes_nothing(
    web: Flask, story: Story, dads: OneHome
) -> None:
    other_home = proof_of(story, send_home(story).links["ngaire"], "ngaire")
    other_family = proof_of(story, send_home(story, "hemi").links["hine"], "hine")
    for proof in (None, other_home, other_family):
        _shut(web, story, dads, proof=proof, statuses={200, 302, 404})


def test_a_link_that_is_over_or_was_never_one_opens_nothing_even_on_their_own_device(
    web: Flask, story: Story, dads: OneHome, clock: Clock
) -> None:
    link = dads.link
    for wrong in (link[:-1] + ("a" if link[-1] != "a" else "b"), "/w/" + "a" * 22, link[:-1], link.swapcase()):
        _shut(web, story, replace(dads, link=wrong), proof=dads.proof, statuses={404})
    clock.forward(minutes=1)
    with story.work("jan") as work:
        books.close_pages(work, story.contacts["dave"].id)
    _shut(web, story, dads, proof=dads.proof, statuses={404})


def test_a_link_that_has_expired_opens_nothing_even_on_their_own_device(
    web: Flask, story: Story, dads: OneHome, clock: Clock
) -> None:
    clock.forward(days=61)
    _shut(web, story, dads, proof=dads.proof, statuses={404})


def test_whose_access_ended_this_morning_opens_nothing_behind_a_link_that_worked_last_night(
    web: Flask, story: Story, dads: OneHome, clock: Clock
) -> None:
    own = phone(web, dads.proof)
    assert OURS in words_of(own.ask(WAYS[0], dads.link, dads.ids))
    clock.forward(hours=18)
    with story.work("leota") as work:
        for child in ("aroha", "wi"):
            dave, student = story.contacts["dave"].id, story.students[child].id
            whanau.set_access(work, dave, student, may_message=MayMessage.NO, reason="An order of this morning.")
    _shut(web, story, dads, proof=dads.proof, statuses={404})


def test_another_school_opens_and_changes_nothing_of_this_one(web: Flask, story: Story, dads: OneHome) -> None:
    elsewhere = open_school(
        story.runtime, name="Kauri Flat School", domain="kauri.test", short_code="4646", mail_from="kura@kauri.test"
    )
    link = send_home(elsewhere).links["dave"]
    theirs = phone(web, proof_of(elsewhere, link, "dave"))
    with nothing_changes(story):
        for way in WAYS:
            page = theirs.ask(way, link, dads.ids)
            assert OURS not in words_of(page), way
            if "<uuid:" in way.rule or any("{" in value for value in way.form.values()):
                assert page.status in {404, 409}, (way.rule, page.status)
    # And the proof of that school's device proves nothing here.
    _shut(web, story, dads, proof=proof_of(elsewhere, link, "dave"), statuses={200, 302, 404})


def _shut(web: Flask, story: Story, home: OneHome, *, proof: str | None, statuses: set[int]) -> None:
    thief = phone(web, proof)
    with nothing_changes(story):
        for way in WAYS:
            page = thief.ask(way, home.link, home.ids)
            assert page.status in statuses, (way.rule, page.status)
            assert not [words for words in HERS if words in page.response.text], way
            assert page.response.mimetype == "text/html", way
