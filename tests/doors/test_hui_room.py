"""The page for the room: what a family says holds for the words it heard, and a child's words stay where they chose."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from commsbridge import meetings
from commsbridge.meetings import Agrees, HuiItem
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home, hui_of
from tests.doors.pages import Form, Visitor
from tests.papers import words_of
from tests.story import Story

GATE, SHOP = "The bus stops at the gate.", "The bus stops at the shop."


@dataclass(frozen=True)
class Room:
    """A hui that has begun: its page at school, who writes there, and the family's own page."""

    story: Story
    walsh: Visitor
    at: str
    phone: Visitor
    home: str

    @property
    def page(self) -> str:
        return f"{self.at}/room"

    def form(self, visitor: Visitor) -> Form:
        """The form of the one point, as somebody has it open."""
        return next(each for each in visitor.open(self.page).forms if each.values.get("act") == "decide")

    def item(self) -> HuiItem:
        with self.story.work() as work:
            (item,) = meetings.items_of(work, hui_of(self.story, self.at))
            return item

    def send_minutes(self) -> None:
        assert act_on(self.walsh, self.page, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
        for act in ("read_back", "finish", "minutes"):
            assert act_on(self.walsh, self.page, act).status == 302, act


@pytest.fixture
def room(sign_in: SignIn, story: Story, device: Device, clock: Clock) -> Room:
    walsh, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    assert act_on(phone, home, "item", words="The bus").status == 302
    assert act_on(phone, home, "choose", number="1").status == 302
    for hears in ("school", "home", "everyone"):
        said = {"words": f"for {hears}", "with_whom": "Matiu", "hears": hears}
        assert act_on(walsh, at, "voice", **said).status == 302
    clock.forward(days=3, hours=1)
    return Room(story, sign_in("walsh"), at, phone, home)


def test_a_yes_to_one_decision_is_no_yes_to_the_words_that_follow(room: Room) -> None:
    assert room.walsh.send(room.form(room.walsh), decided=GATE, agrees="agree").status == 302
    assert room.item().agrees is Agrees.AGREE
    assert room.walsh.send(room.form(room.walsh), decided=SHOP).status == 302
    assert (room.item().decided, room.item().agrees) == (SHOP, None)
    assert room.walsh.send(room.form(room.walsh), agrees="agree").status == 302
    assert room.walsh.send(room.form(room.walsh), decided=GATE, agrees="not_yet").status == 302
    assert (room.item().decided, room.item().agrees) == (GATE, Agrees.NOT_YET)


def test_a_page_opened_earlier_does_not_bring_an_older_word_of_the_family_back(room: Room, sign_in: SignIn) -> None:
    assert room.walsh.send(room.form(room.walsh), decided=GATE, agrees="agree").status == 302
    earlier = sign_in("walsh")
    stale = room.form(earlier)
    assert room.walsh.send(room.form(room.walsh), agrees="not_yet", agrees_words="We ask his koro.").status == 302
    assert earlier.send(stale).status == 302
    assert (room.item().agrees, room.item().agrees_words) == (Agrees.NOT_YET, "We ask his koro.")
    refused = earlier.send(stale, agrees="differently")
    assert (refused.status, "The family has said something else meanwhile" in refused.text) == (400, True)
    assert room.item().agrees is Agrees.NOT_YET


def test_a_word_of_the_family_after_it_was_read_aloud_is_read_aloud_too(room: Room) -> None:
    assert act_on(room.walsh, room.page, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
    assert room.walsh.send(room.form(room.walsh), decided=GATE, agrees="agree").status == 302
    assert act_on(room.walsh, room.page, "read_back").status == 302
    assert room.walsh.send(room.form(room.walsh)).status == 302  # nothing was changed
    assert "read all of it aloud" in room.walsh.open(room.page).text
    assert room.walsh.send(room.form(room.walsh), agrees="not_yet").status == 302
    refused = act_on(room.walsh, room.page, "finish")
    assert (refused.status, "Read all of it aloud first" in refused.text) == (400, True)


def test_what_is_written_after_it_was_held_is_read_aloud_before_the_minutes_go(room: Room) -> None:
    assert act_on(room.walsh, room.page, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
    for act in ("read_back", "finish"):
        assert act_on(room.walsh, room.page, act).status == 302
    assert act_on(room.walsh, room.page, "step", what="Ring the bus company", by="family").status == 302
    refused = act_on(room.walsh, room.page, "minutes")
    assert (refused.status, "Read all of it aloud first" in refused.text) == (400, True)
    for act in ("read_back", "minutes"):
        assert act_on(room.walsh, room.page, act).status == 302


def test_what_a_student_wants_heard_at_school_or_at_home_alone_is_read_out_in_no_room_and_stands_on_no_shared_paper(
    room: Room,
) -> None:
    assert room.walsh.send(room.form(room.walsh), decided=GATE, agrees="agree").status == 302
    at_school, in_room = (room.walsh.open(each).text for each in (room.at, room.page))
    assert [f"for {each}" in at_school for each in ("everyone", "school", "home")] == [True, True, False]
    assert "Who may hear it, as they chose: Only the people of the school who are there" in at_school
    assert [f"for {each}" in in_room for each in ("everyone", "school", "home")] == [True, False, False]
    at_home_text = room.phone.open(room.home).text
    assert [f"for {each}" in at_home_text for each in ("everyone", "school", "home")] == [True, False, True]
    room.send_minutes()
    for visitor, address, theirs in ((room.walsh, room.at, False), (room.phone, room.home, True)):
        paper = words_of(visitor.open(f"{address}/minutes-en.pdf").response.data)
        assert [f"for {each}" in paper for each in ("everyone", "school", "home")] == [True, False, theirs]


def test_a_next_step_stands_on_the_owners_today_and_on_the_familys_first_page_until_it_is_done(room: Room) -> None:
    walsh_id = str(room.story.staff["walsh"].id)
    for what, by in (("Ring the bus company", walsh_id), ("Read to her koro", "family")):
        assert act_on(room.walsh, room.page, "step", what=what, by=by).status == 302
    room.send_minutes()
    first_page = room.home.partition("/hui/")[0]
    assert "as agreed at a hui: Ring the bus company" in room.walsh.open("/today").text
    assert "Read to her koro" in room.phone.open(first_page).text
    for form in [each for each in room.walsh.open(room.page).forms if each.values.get("act") == "end"]:
        assert room.walsh.send(form, ("done", "yes")).status == 302
    assert "Ring the bus company" not in room.walsh.open("/today").text
    assert "Read to her koro" not in room.phone.open(first_page).text
