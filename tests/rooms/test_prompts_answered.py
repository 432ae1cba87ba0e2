"""Prompts are answered in one step, each by whom it asked; silence makes fewer, never more."""

from __future__ import annotations

from datetime import date

import pytest

from commsbridge import messages, partnership, prompts, schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import Language
from commsbridge.partnership import Moment
from commsbridge.prompts import Answer
from tests.conftest import Clock
from tests.rooms.prompting import (
    TUESDAY,
    ask,
    asked_about,
    asks,
    praise,
    say,
    shown,
)
from tests.story import Story

__all__ = ["asks"]


def test_praise_by_anybody_answers_a_prompt(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    (name,) = asked_about(asks)
    clock.forward(minutes=1)
    praise(asks, {"Aroha": "aroha", "Hēmi": "hemi"}[name], by="leota")
    assert shown(asks) == []


def test_praise_that_is_undone_leaves_the_prompt_open(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    (name,) = asked_about(asks)
    clock.forward(minutes=1)
    message_id = praise(asks, {"Aroha": "aroha", "Hēmi": "hemi"}[name])
    with asks.work("walsh") as work:
        messages.undo_message(work, message_id)
    assert shown(asks) == [name]


def test_not_today_closes_it_and_can_be_taken_back(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    ask(asks)
    (name,) = shown(asks)
    with asks.work("walsh") as work:
        (child,) = prompts.open_children(work, asks.staff["walsh"].id)
    say(asks, Answer.NOT_TODAY)
    assert shown(asks) == []
    with asks.work("walsh") as work:
        prompts.take_back(work, child.id, asks.staff["walsh"].id)
    assert shown(asks) == [name]


def test_later_is_the_next_school_day(asks: Story, clock: Clock) -> None:
    with asks.work() as work:
        schools.close_day(work, date(2026, 11, 18), why="Flood")
    clock.now = TUESDAY
    ask(asks)
    (name,) = shown(asks)
    say(asks, Answer.LATER)
    assert shown(asks) == []
    clock.forward(days=2)
    assert shown(asks) == [name]


def test_a_talk_at_the_gate_is_in_the_log_once(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    ask(asks)
    with asks.work("walsh") as work:
        (child,) = prompts.open_children(work, asks.staff["walsh"].id)
        for _ in range(2):
            prompts.answer(work, child.id, asks.staff["walsh"].id, Answer.GATE, language=Language.MI)
        prompts.take_back(work, child.id, asks.staff["walsh"].id)
        prompts.answer(work, child.id, asks.staff["walsh"].id, Answer.GATE, language=Language.MI)
        entries = partnership.timeline(work, child.student_id)
    assert [entry.line.moment for entry in entries] == [Moment.GATE]


def test_a_child_left_to_somebody_else_is_not_asked_about_for_two_weeks(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    (first,) = asked_about(asks)
    say(asks, Answer.SOMEONE_ELSE)
    clock.forward(days=1)
    (second,) = asked_about(asks)
    assert first != second
    say(asks, Answer.NOT_TODAY)
    clock.forward(days=1)
    assert asked_about(asks) == [second]


def test_unanswered_prompts_become_fewer_not_more(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    made = []
    for _ in range(28):
        made.append(len(ask(asks)))
        clock.forward(days=1)
    # Each school day for two weeks from a Tuesday, and then once a week: Mondays, as the last one was.
    two_weeks = [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1]
    assert made == [*two_weeks, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    with asks.work("walsh") as work:
        chosen = prompts.schedule_of(work, asks.staff["walsh"].id)
        assert chosen is not None
        assert prompts.is_tired(work, chosen)
    say(asks, Answer.NOT_TODAY)
    clock.forward(days=1)
    assert len(ask(asks)) == 1


def test_the_answers_of_others_are_theirs_alone(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    ask(asks)
    with asks.work("walsh") as work:
        (child,) = prompts.open_children(work, asks.staff["walsh"].id)
    with asks.work("fox") as work:
        with pytest.raises(NotFound):
            prompts.answer(work, child.id, asks.staff["fox"].id, Answer.NOT_TODAY, language=Language.EN)
        with pytest.raises(NotFound):
            prompts.take_back(work, child.id, asks.staff["fox"].id)


@pytest.mark.parametrize("said", [Answer.AWAY, Answer.NOT_TODAY])
def test_that_a_child_was_away_changes_nothing_of_who_is_due(asks: Story, clock: Clock, said: Answer) -> None:
    with asks.work() as work:
        messages.pause(work, student_id=asks.students["aroha"].id, until_on=None)
    clock.now = TUESDAY
    assert asked_about(asks) == ["Hēmi"]
    say(asks, said)
    clock.forward(days=1)
    assert asked_about(asks) == ["Hēmi"]
