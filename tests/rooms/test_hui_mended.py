"""What was written in the room is written once, and is mended until the minutes go out."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from commsbridge import meetings, schools
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, NewStep, Whose
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering


def _hui(gathering: Gathering, work: Work, hui_id: uuid.UUID) -> Hui:
    return meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)


def test_a_step_or_a_point_sent_twice_stands_once_and_was_still_read_aloud(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui, day = _hui(gathering, work, hui_id), schools.today(work)
        new = NewStep("Ring the bus", day, who="Nan")
        step = meetings.add_step(work, hui, new)
        point = meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"])
        meetings.read_back(work, hui, "Matua Matiu")
        assert meetings.add_step(work, hui, replace(new, what=" ring the bus")).id == step.id
        assert meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"]) == point
        assert hui.read_back_by == "Matua Matiu"
        # Another person, another day or other words are another step; the family's own point is not the school's.
        for other in ({"who": "Koro"}, {"due_on": day + timedelta(days=1)}, {"what": "Ring the taxi"}):
            meetings.add_step(work, hui, replace(new, **other))
        meetings.add_items(work, hui, Whose.FAMILY, ["Reading"])
        assert (len(meetings.steps_of(work, [hui.id])), len(meetings.items_of(work, hui))) == (4, 2)
        assert not hui.read_back_by


def test_a_step_said_otherwise_goes_to_whoever_takes_it_now_and_is_read_aloud_again(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    staff = gathering.posting.story.staff
    with gathering.work("walsh") as work:
        hui, day = _hui(gathering, work, hui_id), schools.today(work)
        step = meetings.add_step(work, hui, NewStep("Ring", day, staff_id=staff["walsh"].id))
        meetings.read_back(work, hui, "Matua Matiu")
        first = meetings.mark_of(step)
        theirs = NewStep("Ring the bus", day, staff_id=staff["leota"].id)
        assert meetings.change_step(work, hui, step.id, theirs, mark=first).what == "Ring the bus"
        assert hui.read_back_at is None
        # A page that was open meanwhile changes nothing and takes nothing out.
        for stale in (
            lambda: meetings.change_step(work, hui, step.id, NewStep("Write", day, who="Nan"), mark=first),
            lambda: meetings.take_step_out(work, hui, step.id, mark=first),
        ):
            with pytest.raises(Conflict, match="changed this step meanwhile"):
                stale()
        now = meetings.mark_of(step)
        for refused in ({"what": ""}, {"staff_id": None}, {"due_on": day - timedelta(days=1)}):
            with pytest.raises(Invalid):
                meetings.change_step(work, hui, step.id, replace(theirs, **refused), mark=now)
    assert [each.words for each in gathering.tasks_of("leota", TaskKind.HUI_STEP)] == ["Ring the bus"]
    assert gathering.tasks_of("walsh", TaskKind.HUI_STEP) == []


def test_a_step_taken_out_is_nobodys_to_do_and_is_not_changed_any_more(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui, day = _hui(gathering, work, hui_id), schools.today(work)
        new = NewStep("Ring", day, staff_id=gathering.posting.story.staff["leota"].id)
        step = meetings.add_step(work, hui, new)
        step_id, mark = step.id, meetings.mark_of(step)
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.take_step_out(work, hui, step_id, mark=mark)
        assert (meetings.steps_of(work, [hui.id]), hui.read_back_at) == ([], None)
        meetings.take_step_out(work, hui, step_id, mark=mark)  # pressed twice
        with pytest.raises(Conflict, match="taken this step out"):
            meetings.change_step(work, hui, step_id, new, mark=mark)
    assert gathering.tasks_of("leota", TaskKind.HUI_STEP) == []


def test_a_point_comes_off_while_nothing_is_decided_and_a_familys_own_only_where_they_ask(gathering: Gathering) -> None:
    hui_id, decided_id, _ = gathering.hold()
    with gathering.work("walsh") as work:
        hui = _hui(gathering, work, hui_id)
        bus = next(each.id for each in meetings.items_of(work, hui) if each.whose is Whose.FAMILY)
        (typo,) = meetings.add_items(work, hui, Whose.SCHOOL, ["Raeding"])
        with pytest.raises(Conflict, match="Something was decided"):
            meetings.take_item_out(work, hui, decided_id, asked=True)
        with pytest.raises(Invalid, match="did not bring this point"):
            meetings.take_item_out(work, hui, bus, asked=False)
        typo_id = typo.id
        for _ in range(2):
            meetings.take_item_out(work, hui, typo_id, asked=False)
        assert {each.id for each in meetings.items_of(work, hui)} == {decided_id, bus}
        meetings.take_item_out(work, hui, bus, asked=True)
        assert [each.id for each in meetings.items_of(work, hui)] == [decided_id]


def test_what_somebody_ended_and_what_went_out_stay_as_they_are(gathering: Gathering) -> None:
    hui_id, item_id, step_id = gathering.hold()
    with gathering.work("walsh") as work:
        hui = _hui(gathering, work, hui_id)
        other = meetings.add_step(work, hui, NewStep("Ring", schools.today(work), who="Nan"))
        meetings.end_step(work, hui, step_id, done=True, explained="", links=gathering.posting.links)
        step = next(each for each in meetings.steps_of(work, [hui.id]) if each.id == step_id)
        with pytest.raises(Conflict, match="what came of this step"):
            meetings.take_step_out(work, hui, step_id, mark=meetings.mark_of(step))
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        mark = meetings.mark_of(other)
        for refused in (
            lambda: meetings.take_step_out(work, hui, other.id, mark=mark),
            lambda: meetings.change_step(work, hui, other.id, NewStep("W", None), mark=mark),
            lambda: meetings.take_item_out(work, hui, item_id, asked=True),
        ):
            with pytest.raises(Conflict, match="minutes have gone out"):
                refused()
