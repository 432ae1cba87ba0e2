"""What was missed while no clock ran: moved kindly or dropped, as the school chose, and said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from commsbridge import prompts
from tests.conftest import Clock
from tests.rooms.prompting import (
    TUESDAY,
    ask,
    asks,
    schedule,
    shown,
)
from tests.story import Story

__all__ = ["asks"]


def lates(story: Story) -> list[tuple[datetime, str | None]]:
    """Every moment of Ms Walsh that was judged, with what became of it where it was missed."""
    with story.work() as work:
        rows = work.session.execute(text("SELECT due_at, late FROM prompts ORDER BY due_at")).all()
    return [(row.due_at, row.late) for row in rows]


def test_a_prompt_that_comes_a_little_late_is_made_as_if_nothing_had_been(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY + timedelta(minutes=119)
    (asked,) = ask(asks)
    assert asked.prompt.due_at == TUESDAY
    assert asked.prompt.late is None


def test_after_a_day_asleep_the_last_missed_prompt_is_moved_and_says_so(asks: Story, clock: Clock) -> None:
    schedule(asks, days={0, 1}, mail=True)  # Mondays and Tuesdays; the machine slept through both
    clock.now = TUESDAY + timedelta(hours=19)  # Wednesday 9:30 am
    (asked,) = ask(asks)
    assert asked.prompt.made_at == clock.now
    assert lates(asks) == [(TUESDAY - timedelta(days=1), "drop"), (TUESDAY, "move")]
    assert ask(asks) == []
    with asks.work() as work:
        body = work.session.scalar(text("SELECT body FROM deliveries WHERE staff_id IS NOT NULL"))
    assert "This comes late: we could not ask at the time you chose." in body
    assert len(shown(asks)) == 1


def test_what_was_missed_waits_for_a_school_morning_and_not_for_the_night(asks: Story, clock: Clock) -> None:
    schedule(asks, days={1})
    clock.now = TUESDAY + timedelta(hours=9)  # 11:30 at night
    assert ask(asks) == []
    clock.now = TUESDAY + timedelta(hours=18)
    assert len(ask(asks)) == 1


def test_nobody_is_asked_late_and_then_again_on_the_same_day(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=5)  # Monday's was missed; Tuesday's is still to come
    assert ask(asks) == []
    assert lates(asks) == [(TUESDAY - timedelta(days=1), "drop")]
    clock.now = TUESDAY
    assert len(ask(asks)) == 1


def test_a_school_that_drops_late_prompts_has_them_dropped_and_written_down(asks: Story, clock: Clock) -> None:
    schedule(asks, days={1})
    with asks.work("burns") as work:
        prompts.set_rules(work, prompts.Rules(late=prompts.Late.DROP))
    clock.now = TUESDAY + timedelta(hours=19)
    assert ask(asks) == []
    assert lates(asks) == [(TUESDAY, "drop")]
    assert shown(asks) == []


def test_what_was_missed_long_ago_is_not_spoken_of(asks: Story, clock: Clock) -> None:
    schedule(asks, days={1})
    clock.now = TUESDAY + timedelta(days=16)
    ask(asks)
    assert TUESDAY not in dict(lates(asks))
