"""Every door by which a home or a child writes: what worries goes to the named people, what is unread to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from commsbridge.conversations import Reply, ReplyState, safety
from commsbridge.web.access import Entrance
from commsbridge.worker.receiving import Receiving
from tests.doors import hui_visits, test_child_alone, test_concern_pages, test_plan_pages, test_support_pages
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import choices, come_in, press, send_home
from tests.doors.moments import screened
from tests.doors.pages import Page, Visitor
from tests.doors.routes import calls
from tests.doors.test_book_pages import begun
from tests.story import Story

WORRIES = "My uncle hits me with the belt when he is drunk."
ALSO = "He took all the tablets last night and he wants to die."
UNREAD = "Fa'afetai tele lava mo le fesoasoani ia te i matou uma"


@dataclass(frozen=True)
class Watched:
    """Who may write, and where: a school that screens, with a device that has proven itself."""

    story: Story
    sign_in: SignIn
    device: Device

    @property
    def walsh(self) -> Visitor:
        return self.sign_in("walsh")


Writes = Callable[[str], Page]


def by_answer(watched: Watched) -> Writes:
    home, phone = send_home(watched.story), watched.device()
    page = come_in(watched.story, phone, home, "dave")
    return lambda words: press(phone, page, "/answer", words=words)


def beside_a_page(watched: Watched) -> Writes:
    home, phone = send_home(watched.story), watched.device()
    page = come_in(watched.story, phone, home, "dave")
    return lambda words: press(phone, page, "/beside", words=words)


def by_choices(watched: Watched) -> Writes:
    home, phone = send_home(watched.story), watched.device()
    come_in(watched.story, phone, home, "dave")
    page = choices(phone, home, "dave")
    form = page.form(page.forms[1].action, having="words")
    return lambda words: phone.send(form, ("act", "correction"), words=words)


def at_hui(watched: Watched) -> Writes:
    hui_visits.asked(watched.sign_in, watched.story)
    phone = watched.device()
    at = hui_visits.at_home(watched.story, phone, "ngaire")
    return lambda words: hui_visits.act_on(phone, at, "item", words=words)


def in_plan(watched: Watched) -> Writes:
    home, phone = send_home(watched.story), watched.device()
    test_plan_pages.begun(watched.sign_in("leota"), watched.story)
    page = test_plan_pages.at_home(watched.story, phone, home, "dave")
    form = next(each for each in page.forms if each.values.get("act") == "write")
    return lambda words: phone.send(form, part="goal", words=words)


def by_request(watched: Watched) -> Writes:
    home, phone = send_home(watched.story), watched.device()
    come_in(watched.story, phone, home, "dave")
    return lambda words: test_support_pages.ask_at_home(phone, home.links["dave"], words=words)


def to_concern(watched: Watched) -> Writes:
    concern = test_concern_pages.raised(watched.story, test_concern_pages.tell(watched.sign_in("walsh"), watched.story))
    phone, path = watched.device(), test_concern_pages.notes(watched.story, concern)["dave"]
    form = phone.open(path).form(path)
    return lambda words: phone.send(form, words=words)


def child_alone(watched: Watched) -> Writes:
    book, walsh = begun(watched.story), watched.sign_in("walsh")
    form = test_child_alone.handed(walsh, book).form("/mine")
    own = f"s-{test_child_alone.own(watched.story, book)}"
    return lambda words: walsh.send(form, sees="homes", **{own: words})


FROM_HOME: dict[str, Callable[[Watched], Writes]] = {
    "family_answer": by_answer,
    "family_beside": beside_a_page,
    "family_choices": by_choices,
    "family_hui": at_hui,
    "family_plan_act": in_plan,
    "family_support_ask": by_request,
    "answer_note": to_concern,
}
BY_A_CHILD = {"child_page"}
# What a guest of a hui says of a step is screened at its own door (tests/doors/test_guest_door.py).
BY_A_GUEST = {"guest_says"}
# What carriers bring is screened where it is filed (tests/rooms/test_safety.py, tests/rooms/test_urgent.py).
BY_CARRIER = {"twilio_message", "sendgrid_inbound"}
# Doors that take a press, a code, a choice or a report of a carrier, and no words to anybody.
NO_WORDS = {
    "change", "child_stop", "family_agree", "family_code", "family_forget", "family_leave", "family_open",
    "family_partnership_named", "family_read", "family_share", "family_specialists_act", "family_support",
    "family_voice", "family_wants_hui", "family_wishes", "sendgrid_events", "specialist_open", "twilio_status",
}  # fmt: skip


@pytest.fixture
def watched(story: Story, sign_in: SignIn, device: Device) -> Watched:
    screened(story)
    return Watched(story, sign_in, device)


def test_a_new_door_by_which_home_or_child_writes_is_named_here_and_screened(web: Flask) -> None:
    doors = {call.rule.endpoint for call in calls(web, Entrance.LINK, Entrance.CARRIER) if call.method == "POST"}
    assert doors == {*FROM_HOME, *BY_A_CHILD, *BY_A_GUEST, *BY_CARRIER, *NO_WORDS}


@pytest.mark.parametrize("door", FROM_HOME)
def test_by_every_door_what_is_not_read_waits_for_a_person_and_what_worries_goes_to_the_named_people(
    watched: Watched, door: str
) -> None:
    """From one form, sent twice over: the words of the second are never taken for those of the first."""
    write = FROM_HOME[door](watched)
    for words in (UNREAD, UNREAD, WORRIES, WORRIES, ALSO):
        assert write(words).status == 302
    Receiving(watched.story.runtime).file()
    with watched.story.work() as work:
        replies = work.session.scalars(select(Reply)).all()
        assert len([each for each in replies if each.words == UNREAD]) in {1, 2}
        assert {each.state for each in replies if each.unread} == {ReplyState.FILED}
        assert {each.words for each in replies if each.unread} == {UNREAD}
        assert {each.words for each in replies if each.state is ReplyState.SAFETY} == {WORRIES, ALSO}
        assert len(safety.unopened(work)) >= 2
    student = watched.story.students["aroha"].id
    pages = [watched.walsh.open(address).text for address in (f"/students/{student}", "/replies")]
    assert not any(word in page for page in pages for word in ("belt", "tablets"))


def test_what_a_child_writes_alone_goes_to_the_named_people(watched: Watched) -> None:
    assert child_alone(watched)(WORRIES).status == 302
    with watched.story.work() as work:
        assert len(safety.unopened(work)) == 1
