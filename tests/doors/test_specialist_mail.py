"""A specialist's link goes by mail to the address that whānau read; lost, whoever offered it is told."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from commsbridge import specialists
from commsbridge.messages import Delivery
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.tasks import TaskKind
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.pages import Page, Visitor
from tests.doors.test_specialist_pages import GOAL, enter, written
from tests.rooms.posting import Posting
from tests.story import Story

ANA = "ana@clinic.test"


def press(visitor: Visitor, at: str, act: str, **fields: str) -> Page:
    return visitor.send(next(each for each in visitor.open(at).forms if each.values.get("act") == act), **fields)


def offer(leota: Visitor, story: Story, email: str = ANA) -> tuple[str, Page]:
    written(story)
    at = f"/students/{story.students['aroha'].id}/specialists"
    fields = {"name": "Ana Tau", "role": "Therapist", "why": "To listen.", "until_on": "2026-12-18"}
    return at, press(leota, at, "offer", **fields, email=email, parts="goals")


def mails(story: Story) -> list[Delivery]:
    with story.work() as work:
        return list(work.session.scalars(select(Delivery).where(Delivery.address == ANA).order_by(Delivery.made_at)))


def test_the_link_goes_to_the_address_whanau_read_and_the_code_another_way(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, dads, ana = send_home(story), sign_in("leota"), device(), device()
    at, answer = offer(leota, story)
    assert answer.status == 302
    come_in(story, dads, home, "dave")
    shared = home.links["dave"] + "/specialists?reo=en"
    assert f"Their link goes to {ANA}" in dads.open(shared).text
    assert press(dads, shared, "yes").status == 302
    assert mails(story) == []
    page = press(leota, at, "key")
    (mail,) = mails(story)
    code = re.findall(r"\d{4} \d{4}", page.text)[-1]
    link = re.findall(r"/with/([\w-]+)", mail.body)[0]
    assert link not in page.text
    assert "The link is on its way to them by mail." in page.text
    for words in ("Aroha", GOAL, code, code.replace(" ", ""), "Therapist"):
        assert words not in mail.body
    assert "18 Dec 2026" in mail.body
    assert "18 Hakihea 2026" in mail.body
    assert GOAL in enter(ana, specialists.Key(link, code.replace(" ", ""))).text


def test_a_mail_with_a_link_that_comes_back_is_told_to_who_offered_it_and_stands_on_the_page(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    leota, posting = sign_in("leota"), Posting(story, clock)
    at, _ = offer(leota, story)
    press(leota, at, "yes", contact_id=str(story.contacts["dave"].id))
    press(leota, at, "key")
    (mail,) = mails(story)
    assert "The link goes to them by mail." in leota.open(at).text
    posting.gone(mail)
    posting.receipt(mail.id, Arrival.FAILED, cause=Cause.BAD_ADDRESS)
    posting.settle()
    assert "The mail with the link did not arrive." in leota.open(at).text
    assert [each.words for each in posting.tasks_of("leota") if each.kind is TaskKind.GUEST_MAIL] == ["Ana Tau"]
    to_do = leota.open("/to-do")
    assert "A mail to Ana Tau, from outside the school, did not arrive" in to_do.text
    assert at in to_do.links


@pytest.mark.parametrize("email", ["ana at clinic", "ana@"])
def test_an_address_that_is_none_is_said_beside_its_field(sign_in: SignIn, story: Story, email: str) -> None:
    _, answer = offer(sign_in("leota"), story, email)
    assert (answer.status, "email" in answer.wrong) == (400, True)
