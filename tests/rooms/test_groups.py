"""Groups a teacher keeps: children asked about together, at times of their own; they give nobody a right."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid, NotAllowed, NotFound
from commsbridge.foundation.work import Work
from commsbridge.prompts import Asked, Schedule
from commsbridge.schools import Viewer
from tests.conftest import Clock
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland


def viewer(work: Work, story: Story, who: str = "walsh") -> Viewer:
    [found] = schools.viewers_for(work, [story.staff[who].id])
    return found


def keep(
    story: Story,
    *children: str,
    who: str = "walsh",
    name: str = "Reading",
    of: uuid.UUID | None = None,
    shared: bool = False,
) -> uuid.UUID:
    with story.work(who) as work:
        chosen = {story.students[child].id for child in children}
        return prompts.keep_group(work, viewer(work, story, who), name, chosen, group_id=of, shared=shared).id


def known(story: Story, who: str) -> list[str]:
    with story.work(who) as work:
        return [group.name for group in students.groups_for(work, viewer(work, story, who))]


def teach(story: Story, who: str, room: str) -> None:
    with story.work() as work:
        students.teach(work, story.staff[who], students.class_named(work, room), from_on=date(2026, 11, 1))


def set_times(
    story: Story, about: uuid.UUID, *, days: set[int], this_term: bool = False, how_many: int = 3
) -> Schedule:
    with story.work("walsh") as work:
        return prompts.set_own_times(
            work, viewer(work, story), about, days=days, at=time(14, 30), how_many=how_many, by_mail=False,
            by_text=False, this_term=this_term,
        )  # fmt: skip


def ask(story: Story) -> list[Asked]:
    with story.work() as work:
        return prompts.ask_due(work, links=story.runtime.links)


def test_a_group_with_times_of_its_own_is_asked_about_alone(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=5)
    group_id = keep(story, "hemi")
    set_times(story, group_id, days={1})
    clock.now = TUESDAY
    (asked,) = ask(story)
    assert [child.id for child in asked.children] == [story.students["hemi"].id]
    assert asked.schedule.group_id == group_id


def test_changed_the_group_has_its_new_name_and_children(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi")
    assert keep(story, "aroha", name="Books", of=group_id) == group_id
    with story.work("walsh") as work:
        [group] = students.groups_of(work, story.staff["walsh"].id)
        assert (group.name, students.members_of(work, [group_id])[group_id]) == ("Books", {story.students["aroha"].id})


def test_the_prompts_to_come_name_the_children_of_the_group(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=5)
    set_times(story, keep(story, "hemi"), days={1})
    with story.work("walsh") as work:
        ahead = prompts.ahead_of(work, viewer(work, story), until_on=date(2026, 11, 17))
    assert [[child.id for child in each.children] for each in ahead] == [[story.students["hemi"].id]]


def test_a_child_its_keeper_does_not_teach_any_more_is_not_asked_about(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=5)
    group_id = keep(story, "hemi", "aroha")
    set_times(story, group_id, days={1})
    with story.work() as work:
        students.leave_student(work, story.students["hemi"], on=date(2026, 11, 17))
    clock.now = TUESDAY
    (asked,) = ask(story)
    assert [child.id for child in asked.children] == [story.students["aroha"].id]


def test_a_group_is_nobody_elses(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi")
    with story.work("fox") as work:
        assert students.groups_of(work, story.staff["fox"].id) == []
        with pytest.raises(NotFound):
            prompts.end_group(work, viewer(work, story, "fox"), group_id)
        with pytest.raises(NotFound):
            students.keep_group(work, viewer(work, story, "fox"), "Mine", {uuid.uuid4()}, group_id=group_id)


def test_a_shared_group_is_seen_by_the_adults_who_see_a_child_of_it_and_by_nobody_else(
    story: Story, clock: Clock
) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi", shared=True)
    who = {who: known(story, who) for who in ("walsh", "matiu", "leota", "burns", "fox")}
    assert who == {"walsh": ["Reading"], "matiu": ["Reading"], "leota": ["Reading"], "burns": ["Reading"], "fox": []}
    keep(story, "hemi", of=group_id)
    assert known(story, "walsh") == ["Reading"]
    assert known(story, "matiu") == known(story, "burns") == []


def test_another_teacher_changes_a_shared_group_and_takes_out_nobody_they_do_not_teach(
    story: Story, clock: Clock
) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi", "aroha", shared=True)
    teach(story, "leota", "Room 8")
    with pytest.raises(NotFound):
        keep(story, "wi", who="fox", of=group_id)
    keep(story, "wi", who="leota", name="Pānui", of=group_id)
    with story.work() as work:
        members = students.members_of(work, [group_id])[group_id]
    assert members == {story.students[each].id for each in ("hemi", "aroha", "wi")}
    assert known(story, "walsh") == known(story, "fox") == ["Pānui"]
    with story.work("fox") as work:  # who knows one child of it sees no other by it
        seen = students.students_seen_by(work, viewer(work, story, "fox"), date(2026, 11, 17))
        assert {child.id for child in seen} & members == {story.students["wi"].id}


def test_a_teacher_aide_sees_a_shared_group_and_neither_changes_nor_shares_one(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi", shared=True)
    with pytest.raises(NotAllowed):
        keep(story, "aroha", who="matiu", of=group_id)
    with pytest.raises(NotAllowed):
        keep(story, "aroha", who="matiu", name="Mine", shared=True)
    keep(story, "aroha", who="matiu", name="Mine")
    assert known(story, "matiu") == ["Mine", "Reading"]


def test_a_shared_group_is_ended_by_its_keeper_or_who_sees_the_whole_school(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi", shared=True)
    teach(story, "fox", "Room 7")
    with story.work("fox") as work, pytest.raises(NotAllowed):
        prompts.end_group(work, viewer(work, story, "fox"), group_id)
    with story.work("burns") as work:
        prompts.end_group(work, viewer(work, story, "burns"), group_id)
    assert known(story, "walsh") == known(story, "fox") == []


@pytest.mark.parametrize("ends", [True, False])
def test_times_others_chose_for_a_shared_group_end_when_it_does_or_is_shared_no_more(
    story: Story, clock: Clock, *, ends: bool
) -> None:
    clock.now = TUESDAY - timedelta(hours=5)
    group_id = keep(story, "hemi", shared=True)
    teach(story, "fox", "Room 7")
    with story.work("fox") as work:
        prompts.set_own_times(
            work, viewer(work, story, "fox"), group_id, days={1}, at=time(14, 30), how_many=1, by_mail=False,
            by_text=False, this_term=False,
        )  # fmt: skip
    with story.work("walsh") as work:
        if ends:
            prompts.end_group(work, viewer(work, story), group_id)
        else:
            chosen = {story.students["hemi"].id}
            prompts.keep_group(work, viewer(work, story), "Reading", chosen, group_id=group_id)
    clock.now = TUESDAY
    assert ask(story) == []


@pytest.mark.parametrize(
    ("name", "children", "field"),
    [("", ("hemi",), "name"), ("reading", ("hemi",), "name"), ("Books", (), "child")],
)
def test_a_group_without_a_name_of_its_own_or_a_child_is_refused(
    story: Story, clock: Clock, name: str, children: tuple[str, ...], field: str
) -> None:
    clock.now = TUESDAY
    keep(story, "hemi")
    with pytest.raises(Invalid) as refusal:
        keep(story, *children, name=name)
    assert refusal.value.field == field


def test_a_child_one_does_not_teach_goes_into_no_group(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    with story.work("walsh") as work:
        theirs = {child.id for child in students.students_taught_by(work, viewer(work, story), date(2026, 11, 17))}
        other = next(child for child in story.students.values() if child.id not in theirs)
        with pytest.raises(Invalid, match="that you teach"):
            students.keep_group(work, viewer(work, story), "Theirs", {other.id})


def test_an_ended_group_ends_its_times(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=5)
    group_id = keep(story, "hemi")
    set_times(story, group_id, days={1})
    with story.work("walsh") as work:
        prompts.end_group(work, viewer(work, story), group_id)
    clock.now = TUESDAY
    assert ask(story) == []
    with pytest.raises(Invalid, match="a class, a group or a child"):
        set_times(story, group_id, days={1})


def test_an_emptied_group_has_no_times(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    group_id = keep(story, "hemi")
    with story.work() as work:
        students.leave_student(work, story.students["hemi"], on=date(2026, 11, 17))
    with pytest.raises(Invalid, match="nobody of that group"):
        set_times(story, group_id, days={1})


def test_times_that_fall_wholly_into_the_holidays_are_refused_with_the_first_day_that_counts(
    story: Story, clock: Clock
) -> None:
    with story.work() as work:
        term = schools.calendar_of(work).term_of(TUESDAY.date())
        assert term is not None
        last = term.last_on
        clock.now = schools.day_begins(work, last) + timedelta(hours=9)
    other_day = (last.weekday() + 1) % 5
    with pytest.raises(Invalid) as refusal:
        set_times(story, keep(story, "hemi"), days={other_day}, this_term=True)
    assert refusal.value.field == "lasts"
    with story.work() as work:
        days = schools.calendar_of(work).school_days(last + timedelta(days=1), last + timedelta(days=200))
    first = next(day for day in days if day.weekday() == other_day)
    assert str(first.year) in str(refusal.value.slots["day"])
