"""A guest of a hui says how a next step went: school writes it down in their name, and home reads it."""

from __future__ import annotations

import uuid

from commsbridge import meetings
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home, hui_of
from tests.story import Story


def test_what_a_guest_says_of_a_step_is_written_down_in_their_name_and_read_at_home(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, at = asked(sign_in, story)
    act_on(walsh, at, "propose", name="Ana Tau", role="speech", why="Has met her.")
    form = next(each for each in walsh.open(at).forms if each.values.get("act") == "person")
    assert walsh.send(form, ("welcome", "yes")).status == 302
    act_on(walsh, at, "propose", staff_id=str(story.staff["matiu"].id), role="aide", why="Knows her well.")
    form = [each for each in walsh.open(at).forms if each.values.get("act") == "person"][-1]
    assert walsh.send(form, ("welcome", "yes")).status == 302
    assert act_on(walsh, at, "choose", number="1").status == 302
    clock.forward(days=3, hours=1)
    walsh, room = sign_in("walsh"), f"{at}/room"
    assert act_on(walsh, room, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
    assert act_on(walsh, room, "step", what="Ring the bus", by="family", due_on="2026-11-27").status == 302
    for act, fields in (("read_back", {"read_by": "Ms Walsh"}), ("finish", {}), ("minutes", {})):
        assert act_on(walsh, room, act, **fields).status == 302
    end = next(each for each in walsh.open(room).forms if each.values.get("act") == "end")
    assert walsh.send(end, ("done", "yes"), explained="").status == 302
    with story.work() as work:
        (ana,) = meetings.guests_there(work, hui_of(story, at))
    assert "Ana Tau" in walsh.open(room).text
    went = {"helped": "yes", "words": "She asks by herself now."}
    assert act_on(walsh, room, "evaluate", whose=str(uuid.uuid4()), **went).status == 404
    assert act_on(walsh, room, "evaluate", whose="nobody", **went).status == 404
    assert act_on(sign_in("matiu"), room, "evaluate", whose=str(ana.id), **went).status == 404
    assert "She asks by herself now." not in walsh.open(room).text
    assert act_on(walsh, room, "evaluate", whose=str(ana.id), **went).status == 302
    phone = device()
    at_school, home = walsh.open(room).text, phone.open(at_home(story, phone, "ngaire")).text
    assert "Ana Tau says (Mere Walsh wrote it down," in at_school
    assert "E kī ana a Ana Tau (nā Mere Walsh i tuhi," in home
    assert "She asks by herself now." in at_school
    assert "She asks by herself now." in home
