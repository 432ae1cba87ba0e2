"""The clock: of many one ticks, another takes over, and nobody is asked twice or forgotten."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as time_of_day

import psycopg
import pytest
from sqlalchemy import text

from commsbridge import plans, prompts, schools, students, whanau
from commsbridge.clock import AT_ONCE, FEWEST_AT_ONCE, LOCK, Clock, ticking
from commsbridge.foundation.actors import OPERATOR
from commsbridge.schools import Role
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import Clock as SetClock
from tests.rooms.conftest import committed
from tests.rooms.posting import Posting

__all__ = ["committed"]

TUESDAY = datetime(2026, 11, 17, 1, 31, tzinfo=UTC)  # a minute past 2:30 pm in Auckland


@pytest.fixture
def school(committed: Posting, clock: SetClock) -> Posting:
    """Ms Walsh and Mrs Fox are asked on Tuesdays at 2:30 pm, and it is then."""
    clock.now = TUESDAY
    story = committed.story
    for who in ("walsh", "fox"):
        with story.work(who) as work:
            prompts.set_schedule(work, story.staff[who].id, days={1}, at=time_of_day(14, 30), how_many=1, by_mail=False)
    return committed


def made(school: Posting) -> int:
    with school.story.work() as work:
        return work.session.scalar(text("SELECT count(*) FROM prompts")) or 0


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def never() -> None:
    pytest.fail("the clock broke")


def url_of(school: Posting) -> str:
    return school.story.runtime.database.app.url.render_as_string(hide_password=False)


def clock_of(school: Posting, *, url: str | None = None) -> Clock:
    runtime = school.story.runtime
    settings = replace(runtime.settings, database_url=url or url_of(school))
    return Clock(replace(runtime, settings=settings), look_seconds=0.1)


def test_a_clock_that_takes_over_asks_what_was_missed_and_asks_it_once(school: Posting) -> None:
    for _ in range(2):
        with ticking(clock := clock_of(school), broken=never):
            until(clock.ticking.is_set)
            until(lambda: made(school) == 2)
    assert made(school) == 2


def test_of_two_clocks_one_ticks_and_the_other_takes_over(school: Posting) -> None:
    first, second = clock_of(school), clock_of(school)
    with ticking(second, broken=never):
        until(second.ticking.is_set)
        with ticking(first, broken=never):
            time.sleep(0.5)
            assert not first.ticking.is_set()
            second.stop()
            until(first.ticking.is_set)
    assert made(school) == 2


def test_many_clocks_at_once_make_each_prompt_once(school: Posting) -> None:
    clocks = [clock_of(school) for _ in range(4)]
    threads = [threading.Thread(target=each.ask_missed) for each in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made(school) == 2


def test_the_hour_itself_asks(school: Posting) -> None:
    clock = clock_of(school)
    clock.ask_at("Pacific/Chatham", 1, time_of_day(14, 30))
    clock.ask_at("Pacific/Auckland", 2, time_of_day(14, 30))
    assert made(school) == 0
    clock.ask_at("Pacific/Auckland", 1, time_of_day(14, 30))
    assert made(school) == 2


def test_the_clock_lets_a_prompt_name_a_goal_of_the_childs_plan(school: Posting) -> None:
    story = school.story
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["hemi"], review_on=date(2027, 2, 1))
        goal = plans.Item(uuid.uuid4(), plans.Part.GOAL, "Hēmi asks for a break with his card.")
        plans.keep_item(work, plan, goal, seen=1)
    with story.work("walsh") as work:
        prompts.set_schedule(
            work, story.staff["walsh"].id, days={1}, at=time_of_day(14, 30), how_many=1, by_mail=True,
            student_id=story.students["hemi"].id,
        )  # fmt: skip
    clock_of(school).ask_at("Pacific/Auckland", 1, time_of_day(14, 30))
    with story.work() as work:
        body = work.session.scalar(text("SELECT body FROM deliveries WHERE staff_id IS NOT NULL")) or ""
    assert "A goal of their plan:\n\n“Hēmi asks for a break with his card.”" in body


def another_school(school: Posting, number: int) -> uuid.UUID:
    """A school with one teacher, who is asked on Tuesdays at 2:30 pm, and one child of theirs."""
    runtime, from_on = school.story.runtime, date(2026, 2, 2)
    with runtime.lobby() as lobby:
        made = schools.create_school(lobby, name_en=f"School {number}", name_mi=f"Te Kura {number}", text_name="School")
        school_id = made.id
    with runtime.work(school_id, OPERATOR) as work:
        teacher = schools.add_staff(
            work, email=f"teacher@{number}.test", name="Ana Fox", shown_name="Ms Fox", roles={Role.KAIAKO},
            from_on=from_on,
        )  # fmt: skip
        room = students.class_named(work, "Room 1")
        students.teach(work, teacher, room, from_on=from_on)
        child = students.add_student(work, roll_id="A1", name="Aroha Kereama")
        students.enrol(work, child, room, from_on=from_on)
        contact = whanau.add_contact(
            work, "Ngaire Kereama", language="mi", ways=[(Channel.TEXT, f"021 555 02{number:02}")], from_on=from_on
        )
        whanau.relate(work, contact.id, child.id, relationship="kuia", may_message=MayMessage.YES, from_on=from_on)
        prompts.set_schedule(work, teacher.id, days={1}, at=time_of_day(14, 30), how_many=1, by_mail=False)
    return school_id


def test_many_schools_of_one_minute_are_each_asked_once_and_none_after_the_clock_was_stopped(school: Posting) -> None:
    school_ids = [another_school(school, number) for number in range(AT_ONCE * 3)]
    assert len(school_ids) >= FEWEST_AT_ONCE

    def counts() -> list[int]:
        found = []
        for school_id in school_ids:
            with school.story.runtime.work(school_id) as work:
                found.append(work.session.scalar(text("SELECT count(*) FROM prompts")) or 0)
        return found

    stopped = clock_of(school)
    stopped.stop()
    stopped.ask_at("Pacific/Auckland", 1, time_of_day(14, 30))
    assert counts() == [0] * len(school_ids)
    for _ in range(2):
        clock_of(school).ask_at("Pacific/Auckland", 1, time_of_day(14, 30))
    assert counts() == [1] * len(school_ids)
    assert made(school) == 2
    assert not [each.name for each in threading.enumerate() if each.name.startswith("clock asking")]


def test_a_clock_waits_for_a_database_that_is_away(school: Posting) -> None:
    clock = clock_of(school, url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    with ticking(clock, broken=never):
        time.sleep(0.4)
        assert not clock.ticking.is_set()


def test_whoever_held_the_lock_and_was_killed_holds_it_no_longer(school: Posting) -> None:
    holder = psycopg.connect(url_of(school).replace("+psycopg", ""), autocommit=True)
    assert holder.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() == (True,)
    with ticking(clock := clock_of(school), broken=never):
        time.sleep(0.4)
        assert not clock.ticking.is_set()
        holder.close()
        until(clock.ticking.is_set)
