"""A hui through its pages: opened and asked at school, come in to at home."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import select

from commsbridge import meetings
from commsbridge.meetings import Hui
from commsbridge.messages import Delivery, Message, MessageKind
from tests.doors.conftest import SignIn
from tests.doors.family_acts import code_for, press
from tests.doors.pages import PUBLIC_URL, Page, Visitor
from tests.story import Story

PURPOSE = "How reading goes, and what helps."
TIMES = {"day_1": "2026-11-20", "time_1": "15:30", "day_2": "2026-11-21", "time_2": "10:00"}


def act_on(visitor: Visitor, at: str, act: str, **fields: str) -> Page:
    """Send the form of a page that does ``act``; the page is opened for its token."""
    page = visitor.open(at)
    form = next(each for each in page.forms if each.values.get("act") == act)
    return visitor.send(form, **fields)


def opened(sign_in: SignIn, story: Story, child: str = "aroha", contact: str = "ngaire") -> tuple[Visitor, str]:
    """A hui opened by its teacher, and its address."""
    walsh = sign_in("walsh")
    student = story.students[child]
    page = walsh.open(f"/students/{student.id}/hui")
    with story.work() as work:
        wanted = story.contacts[contact].id
        home = next(
            each for each in meetings.homes_of(work, student) if wanted in {one.contact_id for one in each.people}
        )
    form = next(each for each in page.forms if each.action.endswith("/hui"))
    answer = walsh.send(form, home=str(home.key), kind="catch_up", purpose=PURPOSE, place="Room 7", minutes="30")
    assert answer.status == 302, answer.wrong
    return walsh, answer.location.removeprefix(PUBLIC_URL)


def asked(sign_in: SignIn, story: Story, child: str = "aroha", contact: str = "ngaire") -> tuple[Visitor, str]:
    walsh, at = opened(sign_in, story, child, contact)
    assert act_on(walsh, at, "invite", **TIMES).status == 302
    return walsh, at


def link_of(story: Story, contact: str) -> str:
    """The page that the last message about a hui led a contact to."""
    rows = select(Delivery.body).join(Message, Message.id == Delivery.message_id)
    rows = rows.where(Message.kind == MessageKind.HUI, Delivery.contact_id == story.contacts[contact].id)
    with story.work() as work:
        body = work.session.scalars(rows.order_by(Delivery.made_at.desc())).first()
    found = re.search(rf"{PUBLIC_URL}(/w/[\w-]+)", body or "")
    assert found
    return found[1]


def at_home(story: Story, phone: Visitor, contact: str) -> str:
    """Come in through the link on a new device; the address of the hui there."""
    link = link_of(story, contact)
    page = phone.open(link)
    assert PURPOSE not in page.text
    press(phone, page, "/code")
    page = press(phone, phone.follow(), "/open", code=code_for(story, contact), remember="yes")
    assert page.status == 302
    page = phone.follow()
    return next(each for each in page.links if "/hui/" in each)


def hui_of(story: Story, at: str) -> Hui:
    with story.work() as work:
        return work.session.get_one(Hui, uuid.UUID(at.rpartition("/")[2]))
