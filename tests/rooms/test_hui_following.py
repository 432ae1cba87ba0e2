"""After a hui: next steps are reminded of, done or explained, and looked back on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commsbridge import meetings, schools
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.meetings import Helped, NewStep, Welcome, Whose
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering


def test_a_late_step_rises_to_learning_support_once_and_ends_when_it_is_explained_and_looked_back_on(
    gathering: Gathering,
) -> None:
    hui_id, _, step_id = gathering.hold()
    assert [each.subject_id for each in gathering.tasks_of("walsh", TaskKind.HUI_STEP)] == [step_id]
    gathering.posting.clock.forward(days=2)
    gathering.look()
    assert gathering.tasks_of("leota", TaskKind.HUI_STEP_OVERDUE) == []
    gathering.posting.clock.forward(days=1)
    gathering.look()
    assert gathering.look() == 0
    assert [each.words for each in gathering.tasks_of("leota", TaskKind.HUI_STEP_OVERDUE)] == ["Send books home"]
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        said = {"whose": Whose.FAMILY, "helped": Helped.PARTLY, "words": "", "contact_id": None}
        with pytest.raises(Conflict):
            meetings.evaluate(work, hui, step_id, **said)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            meetings.end_step(work, hui, step_id, done=False, explained=" ", links=gathering.posting.links)
        meetings.end_step(
            work, hui, step_id, done=False, explained="The books came late.", links=gathering.posting.links
        )
        with pytest.raises(Conflict):
            meetings.end_step(work, hui, step_id, done=True, explained="", links=gathering.posting.links)
        meetings.evaluate(work, hui, step_id, **said)  # type: ignore[arg-type]
        assert [each.helped for each in meetings.evaluations_of(work, [step_id])[step_id]] == [Helped.PARTLY]
    assert gathering.tasks_of("leota", TaskKind.HUI_STEP_OVERDUE) == []
    assert gathering.tasks_of("walsh", TaskKind.HUI_STEP) == []


def test_a_family_is_reminded_on_the_day_and_says_by_text_that_it_is_done_and_how_it_went(
    gathering: Gathering,
) -> None:
    hui_id, _, step_id = gathering.hold(by_family=True)
    gathering.posting.clock.forward(days=1)
    assert gathering.look() == 0
    gathering.posting.clock.forward(days=1)
    assert gathering.look() == 1
    assert gathering.look() == 0
    assert "Send books home." in gathering.told("ngaire")[-1]
    gathering.says(gathering.number("Āe"))
    with gathering.work() as work:
        (step,) = meetings.steps_of(work, [hui_id])
        assert step.done_at is not None
    gathering.says(gathering.number("I āwhina"))
    with gathering.work() as work:
        (said,) = meetings.evaluations_of(work, [step_id])[step_id]
        assert (said.helped, said.whose) == (Helped.YES, Whose.FAMILY)
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_LOOK_BACK)) == 1
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.evaluate(
            work, hui, step_id, whose=Whose.STUDENT, helped=Helped.YES, words="I like it.", contact_id=None
        )
    assert gathering.tasks_of("walsh", TaskKind.HUI_LOOK_BACK) == []


def test_what_a_student_says_that_worries_stands_on_no_agenda_and_in_no_look_back(gathering: Gathering) -> None:
    hui_id, _, step_id = gathering.hold()
    worries = "My uncle hits me with the belt."
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Invalid, match="somebody’s safety"):
            meetings.add_items(work, hui, Whose.STUDENT, [worries])
        meetings.end_step(work, hui, step_id, done=True, explained="", links=gathering.posting.links)
        with pytest.raises(Invalid, match="somebody’s safety"):
            meetings.evaluate(work, hui, step_id, whose=Whose.STUDENT, helped=Helped.NO, words=worries, contact_id=None)
        assert meetings.evaluations_of(work, [step_id]).get(step_id, []) == []


def test_a_step_that_is_not_done_is_explained_in_the_familys_own_words(gathering: Gathering) -> None:
    hui_id, _, _ = gathering.hold(by_family=True)
    gathering.posting.clock.forward(days=2)
    gathering.look()
    gathering.says(gathering.number("Kāore anō"))
    gathering.says("Aroha was at her koro’s. We do it on Sunday.")
    with gathering.work() as work:
        (step,) = meetings.steps_of(work, [hui_id])
        assert step.explained == "Aroha was at her koro’s. We do it on Sunday."


def test_whoever_opened_it_is_asked_for_times_two_weeks_before_the_day_they_agreed_to_meet_again(
    gathering: Gathering,
) -> None:
    hui_id, *_ = gathering.hold()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        today = schools.today(work)
        with pytest.raises(Invalid):
            meetings.meet_again(work, hui, today)
        meetings.meet_again(work, hui, today + timedelta(days=20))
    gathering.posting.clock.forward(days=5)
    gathering.look()
    assert gathering.tasks_of("walsh", TaskKind.HUI_AGAIN) == []
    gathering.posting.clock.forward(days=1)
    for _ in range(2):
        gathering.look()
    assert [each.subject_id for each in gathering.tasks_of("walsh", TaskKind.HUI_AGAIN)] == [hui_id]


def test_what_is_left_to_do_for_a_hui_of_a_teacher_who_has_left_comes_to_learning_support(
    gathering: Gathering,
) -> None:
    hui_id, *_ = gathering.hold()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.meet_again(work, hui, schools.today(work) + timedelta(days=16))
    gathering.posting.clock.forward(days=5)
    with gathering.work() as work:
        schools.leave_staff(work, gathering.posting.story.staff["walsh"], on=schools.today(work))
    gathering.look()
    for kind in (TaskKind.HUI_UNWRITTEN, TaskKind.HUI_AGAIN, TaskKind.HUI_STEP_OVERDUE):
        assert len(gathering.tasks_of("leota", kind)) == 1, kind


def test_the_staff_who_were_there_are_told_of_the_minutes_and_asked_how_it_went(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.decide(hui_id, gathering.propose(hui_id, "matiu"), Welcome.YES)
    gathering.decide(hui_id, gathering.propose(hui_id, "leota"), Welcome.NO)
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        step = meetings.add_step(work, hui, NewStep("Ring", schools.today(work), who="Nan"))
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        meetings.end_step(work, hui, step.id, done=True, explained="", links=gathering.posting.links)
    for kind in (TaskKind.HUI_MINUTES, TaskKind.HUI_LOOK_BACK):
        assert len(gathering.tasks_of("matiu", kind)) == 1
        assert gathering.tasks_of("leota", kind) == []
