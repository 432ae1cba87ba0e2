"""The weeks ahead and the mirror: a prompt is moved or left out once; a teacher sees their own praise, alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.prompts import Schedule
from tests.conftest import Clock
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting
from tests.rooms.prompting import ask, praise, schedule
from tests.story import Story

MONDAY = datetime(2026, 11, 15, 20, 30, tzinfo=UTC)  # 9:30 am in Auckland
TUESDAY, WEDNESDAY = date(2026, 11, 17), date(2026, 11, 18)


@pytest.fixture
def asks(story: Story, clock: Clock) -> Story:
    """Ms Walsh is asked on Tuesdays at 2:30 pm; it is Monday morning."""
    clock.now = MONDAY
    schedule(story, days={1})
    return story


def own(story: Story, change: str = "", *, to: tuple[date, time] | None = None) -> Schedule:
    with story.work("walsh") as work:
        found = prompts.schedule_of(work, story.staff["walsh"].id)
        assert found is not None
        if change == "move":
            prompts.move_prompt(work, found, TUESDAY, to=to)
        elif change == "back":
            prompts.put_back(work, found, TUESDAY)
        return found


def ahead(story: Story) -> list[tuple[datetime | None, list[str]]]:
    with story.work("walsh") as work:
        viewer = schools.viewer_for(work, story.staff["walsh"].id)
        found = prompts.ahead_of(work, viewer, until_on=date(2026, 11, 29))
        return [(each.at, [child.preferred_name for child in each.children]) for each in found]


def at(day: int, hour: int, minute: int = 30) -> datetime:
    """A moment of November on the school's clock (UTC+13)."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=13)


def test_the_prompts_to_come_are_told_with_whom_they_may_name(asks: Story) -> None:
    told = ahead(asks)
    assert [moment for moment, _ in told] == [at(17, 14), at(24, 14)]
    assert sorted(name for _, names in told for name in names) == ["Aroha", "Hēmi"]


def test_a_prompt_about_one_class_may_name_its_own_children_alone(asks: Story) -> None:
    with asks.work("walsh") as work:
        room = students.class_named(work, "Room 8")
        students.teach(work, asks.staff["walsh"], room, from_on=date(2026, 11, 1))
        prompts.set_schedule(
            work, asks.staff["walsh"].id, days={2}, at=time(9), how_many=3, by_mail=False, class_id=room.id,
            until_on=date(2026, 11, 18),
        )  # fmt: skip
    told = dict(ahead(asks))
    assert at(25, 9, 0) not in told  # it ends with the 18th
    assert told[at(18, 9, 0)]
    assert set(told[at(18, 9, 0)]) <= {"Wī", "Leo"}


def test_a_moved_prompt_comes_at_its_new_time_once_and_the_clock_knows(asks: Story, clock: Clock) -> None:
    own(asks, "move", to=(WEDNESDAY, time(9, 15)))
    with asks.runtime.lobby() as lobby:
        assert ("Pacific/Auckland", 2, time(9, 15)) in prompts.times_chosen(lobby)
    clock.now = at(17, 14)
    assert ask(asks) == []
    clock.now = at(18, 9, 15)
    (asked,) = ask(asks)
    assert asked.prompt.due_at == at(18, 9, 15)
    assert ask(asks) == []
    clock.now = at(24, 14)
    assert len(ask(asks)) == 1


def test_a_prompt_left_out_does_not_come_and_is_not_called_missed(asks: Story, clock: Clock) -> None:
    own(asks, "move")
    assert ahead(asks)[0] == (None, [])
    clock.now = at(18, 10)
    assert ask(asks) == []
    with asks.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM prompts")) == 0


def test_what_was_moved_can_be_put_back(asks: Story, clock: Clock) -> None:
    own(asks, "move", to=(WEDNESDAY, time(9, 15)))
    own(asks, "back")
    assert ahead(asks)[0][0] == at(17, 14)
    clock.now = at(17, 14)
    assert len(ask(asks)) == 1


def test_a_pause_holds_what_was_moved_too(asks: Story, clock: Clock) -> None:
    own(asks, "move", to=(WEDNESDAY, time(9, 15)))
    with asks.work("walsh") as work:
        found = prompts.schedule_of(work, asks.staff["walsh"].id)
        assert found is not None
        prompts.pause_schedule(work, found, until_on=date(2026, 11, 20))
    clock.now = at(18, 9, 15)
    assert ask(asks) == []


@pytest.mark.parametrize(
    "to",
    [
        (date(2026, 11, 21), time(9)),  # Saturday
        (date(2026, 11, 16), time(8)),  # this morning
        (date(2027, 3, 2), time(9)),  # months away
        (WEDNESDAY, time(6, 30)),
        (WEDNESDAY, time(19)),
    ],
)
def test_a_prompt_is_not_moved_to_where_nobody_may_be_asked(asks: Story, to: tuple[date, time]) -> None:
    with pytest.raises(Invalid):
        own(asks, "move", to=to)


def test_only_a_prompt_that_is_still_to_come_is_moved(asks: Story, clock: Clock) -> None:
    clock.now = at(17, 15)
    with pytest.raises(Invalid):
        own(asks, "move", to=(WEDNESDAY, time(9, 15)))


def test_twice_a_week_for_five_children_is_about_three_minutes_a_day() -> None:
    assert prompts.minutes_a_day(5, 2) == 3


def test_the_mirror_counts_ones_own_praise_and_gathers_the_thanks_for_it(posting: Posting, clock: Clock) -> None:
    story = posting.story
    praise(story, "hemi")
    praise(story, "aroha", by="matiu")
    clock.forward(hours=1)
    mailroom = Mailroom(posting)
    mailroom.text("Thank you so much, that made our day!", "+64215550104")
    mailroom.text("Thanks! What time does camp start?", "+64215550104")
    mailroom.text("Thank you, so proud of Aroha", "+64215550101")
    with story.work("walsh") as work:
        found = prompts.mirror_of(work, schools.viewer_for(work, story.staff["walsh"].id))
    assert [(child.preferred_name, times) for child, times in found.praised] == [("Hēmi", 1)]
    assert (found.praises, found.concerns) == (1, 0)
    assert [(child.preferred_name, told.message.staff_id) for told, child, _ in found.lately] == [
        ("Hēmi", story.staff["walsh"].id)
    ]
    assert "Aroha" in {child.preferred_name for child in found.not_yet}
    assert [reply.words for reply, _ in found.thanks] == ["Thank you so much, that made our day!"]
