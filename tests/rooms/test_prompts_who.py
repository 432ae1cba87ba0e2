"""Whom a prompt is about: who waited longest, of those its teacher may see, each with one adult at a time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from commsbridge import messages, partnership, prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.partnership import Moment
from commsbridge.prompts import Answer
from tests.conftest import Clock
from tests.rooms.prompting import (
    EVERY_DAY,
    TUESDAY,
    arrived,
    ask,
    asked_about,
    asks,
    next_names,
    say,
    schedule,
    shown,
)
from tests.story import Story

__all__ = ["asks"]


def test_whoever_is_away_or_does_not_work_that_day_is_not_asked_and_a_stand_in_is(asks: Story, clock: Clock) -> None:
    with asks.work("burns") as work:
        schools.set_working_days(work, asks.staff["walsh"].id, {0, 2})
    clock.now = TUESDAY
    assert ask(asks) == []
    with asks.work("burns") as work:
        schools.note_absence(
            work, asks.staff["walsh"].id, from_on=date(2026, 11, 18), to_on=date(2026, 11, 18),
            stand_in_id=asks.staff["matiu"].id,
        )  # fmt: skip
    clock.forward(days=1)
    (asked,) = ask(asks)
    assert asked.prompt.staff_id == asks.staff["matiu"].id
    assert len(shown(asks, "matiu")) == 1
    assert shown(asks) == []


def test_a_stand_in_who_does_not_see_the_children_is_not_asked_about_them(asks: Story, clock: Clock) -> None:
    with asks.work("burns") as work:
        schools.note_absence(
            work, asks.staff["walsh"].id, from_on=date(2026, 11, 17), to_on=date(2026, 11, 17),
            stand_in_id=asks.staff["fox"].id,
        )  # fmt: skip
    clock.now = TUESDAY
    assert ask(asks) == []


def test_a_schedule_of_its_own_for_one_child_or_class_asks_about_nobody_else(asks: Story, clock: Clock) -> None:
    staff_id = asks.staff["walsh"].id
    with asks.work("walsh") as work:
        prompts.set_schedule(
            work, staff_id, days={1}, at=time(9), how_many=1, by_mail=False, student_id=asks.students["hemi"].id
        )
        assert [each.student_id for each in prompts.schedules_of(work, staff_id)] == [None, asks.students["hemi"].id]
    clock.now = TUESDAY - timedelta(hours=5, minutes=30)
    assert asked_about(asks) == ["Hēmi"]
    clock.now = TUESDAY
    assert asked_about(asks) == ["Aroha"]  # Hēmi was asked about this morning


def test_concerns_raise_a_child_and_are_told_with_why(asks: Story, clock: Clock) -> None:
    for child in ("aroha", "hemi"):
        arrived(asks, child, clock)
    clock.now = TUESDAY + timedelta(days=6)
    with asks.work("leota") as work:
        partnership.write_line(work, Moment.CONCERN, student_id=asks.students["hemi"].id)
    with asks.work("walsh") as work:
        viewer = schools.viewer_for(work, asks.staff["walsh"].id)
        chosen = prompts.who_next(work, viewer, how_many=3)
    assert [(child.preferred_name, waiting.concerns) for child, waiting in chosen] == [("Hēmi", 1), ("Aroha", 0)]


def test_a_child_with_a_book_is_due_sooner_and_the_school_says_how_often(asks: Story, clock: Clock) -> None:
    for child in ("hemi", "aroha"):
        arrived(asks, child, clock)
    with asks.work("leota") as work:
        students.note_book(work, asks.students["aroha"].id, has_book=True)
    clock.now = TUESDAY + timedelta(days=1)
    assert next_names(asks) == ["Aroha"]  # two days of two and a half; two of ten are early
    with asks.work("burns") as work:
        prompts.set_rules(work, prompts.Rules(usual_times=10, book_times=1))
    assert next_names(asks) == ["Hēmi"]
    with asks.work("walsh") as work:
        students.set_target(work, asks.students["aroha"].id, 10)
    assert sorted(next_names(asks)) == ["Aroha", "Hēmi"]


def test_adults_who_share_a_child_take_turns(asks: Story, clock: Clock) -> None:
    def asked_about_aroha(who: str, at: datetime) -> None:
        with asks.work(who) as work:
            prompts.set_schedule(
                work, asks.staff[who].id, days=EVERY_DAY, at=time(14, 30), how_many=1, by_mail=False,
                student_id=asks.students["aroha"].id,
            )  # fmt: skip
        clock.now = at
        assert asked_about(asks) == ["Aroha"]
        with asks.work(who) as work:
            say(asks, Answer.NOT_TODAY, who)
            for each in prompts.schedules_of(work, asks.staff[who].id):
                prompts.stop_schedule(work, each)

    with asks.work() as work:
        students.teach(work, asks.staff["fox"], students.class_named(work, "Room 7"), from_on=date(2026, 11, 1))
        for each in prompts.schedules_of(work, asks.staff["walsh"].id):
            prompts.stop_schedule(work, each)
    asked_about_aroha("fox", TUESDAY)
    clock.now = TUESDAY + timedelta(days=3)
    for child in ("aroha", "hemi"):  # nobody is past their target: whoever is waits for nobody's turn
        arrived(asks, child, clock)
    asked_about_aroha("walsh", TUESDAY + timedelta(days=9))
    clock.now = TUESDAY + timedelta(days=10)
    assert next_names(asks) == ["Hēmi", "Aroha"]


@pytest.mark.parametrize("times", [0, 11])
def test_a_target_that_is_none_or_more_than_daily_is_refused(asks: Story, times: int) -> None:
    with asks.work("burns") as work:
        with pytest.raises(Invalid):
            prompts.set_rules(work, prompts.Rules(usual_times=times))
        with pytest.raises(Invalid):
            students.set_target(work, asks.students["aroha"].id, times)


def test_the_child_who_waited_longest_is_named_and_a_praised_one_is_not(asks: Story, clock: Clock) -> None:
    arrived(asks, "aroha", clock)
    clock.now = TUESDAY
    assert asked_about(asks) == ["Hēmi"]


def test_a_child_the_teacher_must_not_see_is_never_named(asks: Story, clock: Clock) -> None:
    schedule(asks, how_many=3)
    clock.now = TUESDAY
    assert sorted(asked_about(asks)) == ["Aroha", "Hēmi"]  # Pare is her own child


def test_children_who_are_paused_or_cannot_be_reached_are_not_named(asks: Story, clock: Clock) -> None:
    schedule(asks, "fox", how_many=3)
    with asks.work() as work:
        messages.pause(work, student_id=asks.students["leo"].id, until_on=None)
    clock.now = TUESDAY
    names = asked_about(asks)
    assert "Leo" not in names
    assert "Tāma" not in names  # nobody is written down for him
    assert "Wī" in names


def test_two_adults_are_not_asked_about_one_child_at_once(asks: Story, clock: Clock) -> None:
    with asks.work() as work:
        room = students.class_named(work, "Room 7")
        students.teach(work, asks.staff["fox"], room, from_on=date(2026, 11, 1))
    with asks.work() as work:
        messages.pause(work, student_id=asks.students["hemi"].id, until_on=None)
    schedule(asks, how_many=3)
    schedule(asks, "fox", how_many=3)
    clock.now = TUESDAY
    assert sorted(asked_about(asks)).count("Aroha") == 1


def test_past_their_target_a_child_is_left_to_one_silent_adult_for_that_day_alone(asks: Story, clock: Clock) -> None:
    with asks.work() as work:
        students.teach(work, asks.staff["fox"], students.class_named(work, "Room 7"), from_on=date(2026, 11, 1))
        messages.pause(work, student_id=asks.students["hemi"].id, until_on=None)
    arrived(asks, "aroha", clock)
    clock.now = TUESDAY + timedelta(days=7)  # six school days of ten
    assert asked_about(asks) == ["Aroha"]
    assert "Aroha" not in next_names(asks, "fox")
    clock.forward(days=1)
    assert "Aroha" not in next_names(asks, "fox")
    clock.now = TUESDAY + timedelta(days=14)
    assert asked_about(asks) == ["Aroha"]  # past the target now
    assert "Aroha" not in next_names(asks, "fox")
    clock.forward(days=1)
    assert "Aroha" in next_names(asks, "fox")
