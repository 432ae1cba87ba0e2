"""A hui that is set and then changes: whoever was told when it is, is told what is other now."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from commsbridge import meetings
from commsbridge.meetings import HuiKind, Proposed, Purpose, Welcome
from commsbridge.messages import Delivery, MessageKind, State
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import PURPOSE, Gathering

ANA = "ana@clinic.test"


def change(gathering: Gathering, hui_id: uuid.UUID, purpose: Purpose) -> None:
    gathering.posting.clock.forward(seconds=1)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.change_purpose(work, hui, purpose, links=gathering.posting.links)


def mails(gathering: Gathering) -> list[str]:
    with gathering.work() as work:
        rows = select(Delivery).where(Delivery.address == ANA).order_by(Delivery.made_at)
        return [" ".join(each.body.split()) for each in work.session.scalars(rows)]


def test_of_another_place_the_home_the_guest_and_the_staff_are_told_once(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    leota = gathering.propose(hui_id)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        guest = meetings.propose(work, hui, Proposed("speech", "Has met her.", name="Ana Tau", email=ANA)).id
    for person in (leota, guest):
        gathering.decide(hui_id, person, Welcome.YES)
    before = len(gathering.told("ngaire"))
    (first,) = gathering.tasks_of("leota", TaskKind.HUI_COMING)
    for _ in range(2):
        change(gathering, hui_id, Purpose(HuiKind.CATCH_UP, PURPOSE, place="Te marae", minutes=60))
    told = gathering.told("ngaire")
    assert len(told) == before + 1
    assert "Rāmere 20 Whiringa-ā-rangi 2026" in told[-1]
    assert "Te marae" in told[-1]
    assert "60" in told[-1]
    came, changed = mails(gathering)
    assert "Place: Room 7." in came
    assert "Please note a change" in changed
    assert "Place: Te marae." in changed
    (again,) = gathering.tasks_of("leota", TaskKind.HUI_COMING)
    assert again.id != first.id


def test_the_old_place_goes_out_no_more_and_a_calendar_hears_of_the_change(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    sequence = gathering.hui(hui_id).sequence
    change(gathering, hui_id, Purpose(HuiKind.CATCH_UP, PURPOSE, place="Te marae"))
    waits = [each for each in gathering.posting.all_to("ngaire", MessageKind.HUI) if each.state is not State.CANCELLED]
    assert not any("Room 7" in each.body for each in waits)
    (new,) = (each for each in waits if "Te marae" in each.body)
    assert new.calendar
    assert gathering.hui(hui_id).sequence == sequence + 1


def test_nothing_is_told_of_what_nobody_needs_to_come_or_before_there_is_a_time(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    before = len(gathering.told("ngaire"))
    change(gathering, hui_id, Purpose(HuiKind.CATCH_UP, "How the bus goes.", needed="The book.", place="Room 7"))
    assert gathering.hui(hui_id).purpose == "How the bus goes."
    asked = gathering.open()
    gathering.invite(asked, (6,))
    told = len(gathering.told("ngaire"))
    change(gathering, asked, Purpose(HuiKind.CATCH_UP, PURPOSE, place="Te marae"))
    assert (told, len(gathering.told("ngaire"))) == (before + 1, before + 1)


def test_a_hui_that_has_begun_is_told_of_no_more(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    before = len(gathering.told("ngaire"))
    gathering.posting.clock.now = gathering.times((3,))[0]
    change(gathering, hui_id, Purpose(HuiKind.CATCH_UP, PURPOSE, place="Room 8"))
    assert len(gathering.told("ngaire")) == before
