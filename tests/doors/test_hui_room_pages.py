"""The page for the room: a next step in a few seconds, and what was written mended from two pages at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

from commsbridge import meetings, schools
from commsbridge.meetings import HuiStep
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home
from tests.doors.pages import Visitor
from tests.story import Story


def _room(sign_in: SignIn, story: Story, device: Device, clock: Clock) -> tuple[Visitor, str]:
    """A hui that is on, to which the family brings Nan."""
    _, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    act_on(phone, home, "bring", name="Nan")
    act_on(phone, home, "item", words="The bus")
    act_on(phone, home, "choose", number="1")
    clock.forward(days=3, hours=1)
    return sign_in("walsh"), f"{at}/room"


def _steps(story: Story, at: str) -> list[HuiStep]:
    with story.work() as work:
        return meetings.steps_of(work, [uuid.UUID(at.split("/")[2])])


def test_a_step_is_the_childs_or_a_guests_by_one_choice_and_its_day_by_another(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, room = _room(sign_in, story, device, clock)
    page = walsh.open(room)
    form = next(each for each in page.forms if each.values.get("act") == "step")
    assert "Nan</option>" in page.response.text
    assert "Aroha</option>" in page.response.text
    with story.work() as work:
        people = meetings.people_of(work, work.session.get_one(meetings.Hui, uuid.UUID(room.split("/")[2])))
        nan = next(each.id for each in people if each.name == "Nan")
    assert walsh.send(form, what="Show the picture book", by="student").status == 302
    assert walsh.send(form, what="Show the picture book", by="student").status == 302  # pressed twice
    assert walsh.send(form, what="Ring the bus", by=f"person:{nan}", due_on="2026-11-27").status == 302
    nobody = walsh.send(form, what="Ring the school")
    assert (nobody.status, nobody.wrong["who"]) == (400, "Say who does it.")
    first, second = _steps(story, room)
    assert (first.what, first.who, first.due_on.isoformat()) == ("Ring the bus", "Nan", "2026-11-27")
    assert (second.what, second.who) == ("Show the picture book", "Aroha")
    with story.work() as work:
        assert second.due_on == schools.today(work) + timedelta(days=14)


def test_of_two_pages_open_at_once_the_second_is_told_and_loses_no_words(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, room = _room(sign_in, story, device, clock)
    assert act_on(walsh, room, "step", what="Ring", by="family").status == 302
    forms = walsh.open(room).forms
    mend, out = (next(each for each in forms if each.values.get("act") == act) for act in ("mend", "unstep"))
    assert walsh.send(mend, what="Ring the bus").status == 302
    stale = walsh.send(mend, what="Ring the taxi")
    assert stale.status == 400
    assert "Somebody has changed this step meanwhile" in stale.text
    assert "Ring the taxi" in stale.response.text
    assert "changed this step meanwhile" in walsh.send(out).text
    assert [each.what for each in _steps(story, room)] == ["Ring the bus"]
    mend = next(each for each in walsh.open(room).forms if each.values.get("act") == "mend")
    assert act_on(walsh, room, "unstep").status == 302
    gone = walsh.send(mend, what="Ring them both")
    assert "Somebody has taken this step out meanwhile" in gone.text
    again = next(each for each in gone.forms if each.values.get("act") == "step")
    assert again.values["what"] == "Ring them both"
    assert walsh.send(again).status == 302
    assert [each.what for each in _steps(story, room)] == ["Ring them both"]


def test_a_familys_own_point_comes_off_only_where_school_says_that_they_ask(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, room = _room(sign_in, story, device, clock)
    refused = act_on(walsh, room, "unitem")
    assert (refused.status, "did not bring this point" in refused.text) == (400, True)
    assert "The bus" in walsh.open(room).text
    assert act_on(walsh, room, "unitem", asked="yes").status == 302
    assert "The bus" not in walsh.open(room).text
