"""Pages of somebody who is slowed: seen by whoever reads it and by leaders, handed over by a teacher, and ended."""

from __future__ import annotations

import uuid

import pytest

from commsbridge import conversations, students
from commsbridge.conversations import SlowedSender, promises
from commsbridge.conversations.promises import Answering
from commsbridge.students import BarKind
from tests.doors.conftest import SignIn
from tests.doors.moments import answered
from tests.doors.pages import Page, Visitor
from tests.story import Story

HINE = "+64215550104"
THREAT = "I will come down there and smash you"
UNKIND = "You are a useless cow and I will tell everyone"


@pytest.fixture(autouse=True)
def _leota_reads(story: Story) -> None:
    with story.work("burns") as work:
        promises.set_answering(work, Answering(slowed_id=story.staff["leota"].id))


def now_slowed(story: Story) -> SlowedSender | None:
    with story.work() as work:
        return conversations.slowed_at(work, HINE)


def hand_over(visitor: Visitor, reply_id: uuid.UUID, reason: str) -> Page:
    page = visitor.open(f"/replies/{reply_id}")
    visitor.send(page.form(f"/replies/{reply_id}/slow"), reason=reason)
    return visitor.follow()


def test_a_threat_is_shown_to_the_named_person_who_ends_it_with_a_reason(sign_in: SignIn, story: Story) -> None:
    answered(story, HINE, THREAT)
    later = answered(story, HINE, "Hēmi is home sick")
    leota = sign_in("leota")
    assert "You read for the others what somebody writes" in leota.open("/to-do").text
    page = leota.open("/replies/slowed")
    assert "reads like a threat" in page.text
    assert THREAT in page.text
    assert "Hēmi is home sick" in page.text
    assert "Mrs Leota reads it for the others" in page.text
    row = now_slowed(story)
    assert row is not None
    url = f"/replies/slowed/{row.id}"
    assert leota.post(url, {**hidden(page, url), "act": "end", "reason": " "}).status == 400
    assert now_slowed(story) is not None
    leota.open("/replies/slowed")
    assert leota.post(url, {**hidden(page, url), "act": "end", "reason": "We met with them"}).status == 302
    assert now_slowed(story) is None
    over = leota.open("/replies/slowed").text
    assert "Nobody is slowed." in over
    assert "Mrs Leota ended it: We met with them" in over
    assert "Hēmi is home sick" in sign_in("walsh").open("/replies").text
    assert sign_in("walsh").open(f"/replies/{later}").status == 200


def hidden(page: Page, url: str) -> dict[str, str]:
    """The hidden fields of a form of a page."""
    return {name: str(value) for name, value in page.form(url).values.items() if name == "csrf_token"}


def test_what_comes_from_there_waits_for_no_teacher_and_says_who_reads_it(sign_in: SignIn, story: Story) -> None:
    answered(story, HINE, THREAT)
    reply_id = answered(story, HINE, "When is camp?")
    walsh = sign_in("walsh")
    assert "When is camp?" not in walsh.open("/today").text
    page = walsh.open("/replies").text
    assert page.index("Seen") < page.index("When is camp?")
    assert "Mrs Leota reads for the others what comes from there." in walsh.open(f"/replies/{reply_id}").text
    assert "When is camp?" in sign_in("leota").open("/replies?whose=me").text
    assert THREAT not in page


def test_a_teacher_hands_somebody_over_with_a_reason_and_the_history_says_so(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, UNKIND)
    walsh = sign_in("walsh")
    assert "It was not handed over." in hand_over(walsh, reply_id, " ").text
    assert now_slowed(story) is None
    assert "Mrs Leota reads for the others" in hand_over(walsh, reply_id, "Every night").text
    page = walsh.open("/replies/slowed")
    assert "Ms Walsh handed it over: Every night" in page.text
    row = now_slowed(story)
    assert row is not None
    url = f"/replies/slowed/{row.id}"
    burns = story.staff["burns"].id
    assert walsh.post(url, {**hidden(page, url), "act": "give", "staff": ""}).status == 400
    walsh.open("/replies/slowed")
    assert walsh.post(url, {**hidden(page, url), "act": "give", "staff": str(burns)}).status == 302
    assert "Ms Walsh gave it to Mr Burns." in sign_in("burns").open("/replies/slowed").text


def test_others_and_whoever_is_kept_from_the_child_see_none_of_it(sign_in: SignIn, story: Story) -> None:
    answered(story, HINE, THREAT)
    row = now_slowed(story)
    assert row is not None
    for who in ("fox", "walsh"):
        page = sign_in(who).open("/replies/slowed")
        assert THREAT not in page.text
    burns = sign_in("burns")
    page = burns.open("/replies/slowed")
    assert THREAT in page.text
    with story.work("burns") as work:
        students.bar_staff(work, story.staff["burns"].id, student_id=story.students["hemi"].id, kind=BarKind.WHANAU)
    assert THREAT not in burns.open("/replies/slowed").text
    url = f"/replies/slowed/{row.id}"
    assert burns.post(url, {**hidden(page, url), "act": "end", "reason": "Mine"}).status == 404
    assert now_slowed(story) is not None


def test_a_leader_names_who_reads_it(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    page = burns.open("/school/answering")
    assert burns.send(page.form("/school/answering"), slowed=str(story.staff["kiri"].id)).status == 302
    with story.work() as work:
        assert promises.answering_of(work).slowed_id == story.staff["kiri"].id
    assert burns.send(page.form("/school/answering"), slowed=str(story.staff["walsh"].id)).status == 400
