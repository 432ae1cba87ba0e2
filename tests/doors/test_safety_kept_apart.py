"""What is with the named people stands on no page but theirs: no log, report, book, prompt, search or other home."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import text

from commsbridge.web.access import Entrance
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import choices, come_in, send_home
from tests.doors.moments import worried
from tests.doors.routes import calls
from tests.story import Story

NGAIRE = "+64215550101"
# A word that stands nowhere else, so that finding it anywhere says where it came from.
MARK = "zyzzogeton"
WORRIES = f"Aroha is scared to go home, her uncle hit her with the {MARK}."
THEIRS = {"safety", "safety_message", "safety_picture"}


@pytest.mark.parametrize("who", ["burns", pytest.param("walsh", marks=[pytest.mark.slow, pytest.mark.long])])
def test_no_page_but_theirs_shows_words_that_are_with_the_named_people(
    web: Flask, story: Story, sign_in: SignIn, ids: dict[str, uuid.UUID], who: str
) -> None:
    worried(story, NGAIRE, WORRIES)
    visitor = sign_in(who)
    looked, shown = 0, set()
    for call in calls(web, Entrance.AT_SCHOOL):
        if call.method != "GET" or call.rule.endpoint in THEIRS:
            continue
        page = visitor.client.get(call.at(ids), query_string={"q": MARK[:6]}, buffered=True)
        looked += page.status_code == 200
        if MARK.encode() in page.data:
            shown.add(call.rule.endpoint)
    assert looked > 40
    assert shown == set()


def test_no_home_and_no_copy_for_one_shows_it(story: Story, device: Device, sign_in: SignIn) -> None:
    home, dads = send_home(story), device()
    worried(story, NGAIRE, WORRIES)
    page = come_in(story, dads, home, "dave")
    assert MARK not in page.text
    assert MARK not in choices(dads, home, "dave").text
    burns = sign_in("burns")
    for contact in ("dave", "ngaire"):
        assert MARK not in burns.open(f"/contacts/{story.contacts[contact].id}/copy").text
    with story.work() as work:
        sent = work.session.scalars(text("SELECT concat(subject, ' ', body) FROM deliveries")).all()
    assert not [each for each in sent if MARK in each]


def test_opened_it_is_read_by_those_who_may_and_each_look_is_kept(story: Story, sign_in: SignIn) -> None:
    at = f"/safety/{worried(story, NGAIRE, WORRIES)}"
    kiri, burns = sign_in("kiri"), sign_in("burns")
    kiri.send(kiri.open(at).form(at), ("act", "open"))
    assert MARK in kiri.follow().text
    assert MARK in burns.open(at).text
    assert sign_in("walsh").open(at).status == 403
    with story.work() as work:
        looks = work.session.execute(text("SELECT staff_id FROM looks WHERE subject = 'safety'")).all()
    assert {each.staff_id for each in looks} == {story.staff["kiri"].id, story.staff["burns"].id}
