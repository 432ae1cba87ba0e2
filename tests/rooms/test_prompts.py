"""Prompts: asked when they chose, once, and never a nag."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, text

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.school_time import calendar_for, national_terms
from commsbridge.prompts import Schedule
from commsbridge.prompts.schedules import due_moment
from tests.conftest import Clock, SharedDatabase
from tests.rooms.prompting import (
    TUESDAY,
    ask,
    asks,
    schedule,
    shown,
)
from tests.story import Story

__all__ = ["asks"]

CHATHAM = calendar_for("CIT", "Pacific/Chatham", national_terms())


def test_a_teacher_is_asked_at_the_time_they_chose_and_only_once(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(minutes=1)
    assert ask(asks) == []
    clock.now = TUESDAY
    assert len(ask(asks)) == 1
    assert ask(asks) == []
    clock.forward(minutes=90)
    assert ask(asks) == []
    assert len(shown(asks)) == 1


def test_nobody_is_asked_on_a_day_without_school(asks: Story, clock: Clock) -> None:
    with asks.work() as work:
        schools.close_day(work, date(2026, 11, 17), why="Flood")
    clock.now = TUESDAY
    assert ask(asks) == []
    clock.forward(days=1)
    assert len(ask(asks)) == 1
    clock.now = TUESDAY + timedelta(days=4)  # Saturday
    assert ask(asks) == []


def test_nobody_is_asked_during_a_pause_or_after_the_end(asks: Story, clock: Clock) -> None:
    with asks.work("walsh") as work:
        chosen = prompts.schedule_of(work, asks.staff["walsh"].id)
        assert chosen is not None
        prompts.pause_schedule(work, chosen, until_on=date(2026, 11, 17))
    clock.now = TUESDAY
    assert ask(asks) == []
    clock.forward(days=1)
    assert len(ask(asks)) == 1
    with asks.work("walsh") as work:
        chosen = prompts.schedule_of(work, asks.staff["walsh"].id)
        assert chosen is not None
        prompts.stop_schedule(work, chosen)
    clock.forward(days=1)
    assert ask(asks) == []


def test_a_prompt_by_mail_names_children_by_first_name_with_a_link_each(asks: Story, clock: Clock) -> None:
    schedule(asks, how_many=3, mail=True)
    clock.now = TUESDAY
    ask(asks)
    with asks.work() as work:
        rows = work.session.execute(
            text("SELECT address, subject, body, expires_at FROM deliveries WHERE staff_id IS NOT NULL")
        ).all()
    (row,) = rows
    assert row.address == "walsh@rimu.test"
    assert row.subject in {"Did you see Aroha or Hēmi shine?", "Did you see Hēmi or Aroha shine?"}
    assert f"/students/{asks.students['aroha'].id}/praise" in row.body
    assert "Kereama" not in row.body
    assert row.expires_at == datetime(2026, 11, 17, 11, 0, tzinfo=UTC)  # midnight at school


def test_a_school_that_cannot_send_mail_still_asks_on_the_page(
    asks: Story, clock: Clock, story_database: SharedDatabase
) -> None:
    schedule(asks, mail=True)
    story_database.connection.execute(text("SET LOCAL ROLE NONE"))
    story_database.connection.execute(text("DELETE FROM school_senders WHERE sender_id = :id"), {"id": asks.mails.id})
    clock.now = TUESDAY
    assert len(ask(asks)) == 1
    assert len(shown(asks)) == 1


def test_whoever_may_no_longer_praise_is_not_asked(asks: Story, clock: Clock) -> None:
    with asks.work() as work:
        schools.leave_staff(work, asks.staff["walsh"], on=date(2026, 11, 17))
    clock.now = TUESDAY
    assert ask(asks) == []


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"days": set()}, "days"),
        ({"days": {5}}, "days"),
        ({"at": time(6, 59)}, "at"),
        ({"at": time(18, 1)}, "at"),
        ({"at": time(2, 30)}, "at"),
        ({"how_many": 0}, "how_many"),
        ({"how_many": 4}, "how_many"),
    ],
)
def test_a_schedule_that_would_be_a_nag_is_refused(story: Story, over: dict[str, object], field: str) -> None:
    usual = {"days": {0}, "at": time(14, 30), "how_many": 1, "by_mail": False}
    with story.work("walsh") as work:
        with pytest.raises(Invalid) as refused:
            prompts.set_schedule(work, story.staff["walsh"].id, **{**usual, **over})  # type: ignore[arg-type]
        assert refused.value.field == field
        assert prompts.schedule_of(work, story.staff["walsh"].id) is None


def test_a_pause_cannot_end_yesterday(asks: Story) -> None:
    with asks.work("walsh") as work:
        chosen = prompts.schedule_of(work, asks.staff["walsh"].id)
        assert chosen is not None
        with pytest.raises(Invalid):
            prompts.pause_schedule(work, chosen, until_on=date(2026, 11, 1))


def test_the_clock_knows_the_times_anybody_chose_and_forgets_those_nobody_does(asks: Story) -> None:
    schedule(asks, "fox", days={1})
    with asks.runtime.lobby() as lobby:
        assert (("Pacific/Auckland", 1, time(14, 30)) in prompts.times_chosen(lobby)) is True
        assert prompts.schools_at(lobby, "Pacific/Auckland", 1, time(14, 30)) == [asks.school_id]
        assert prompts.schools_at(lobby, "Pacific/Chatham", 1, time(14, 30)) == []
    for who in ("fox", "walsh"):
        with asks.work(who) as work:
            chosen = prompts.schedule_of(work, asks.staff[who].id)
            assert chosen is not None
            prompts.stop_schedule(work, chosen)
    with asks.runtime.lobby() as lobby:
        assert asks.school_id not in prompts.schools_at(lobby, "Pacific/Auckland", 1, time(14, 30))


def test_only_where_somebody_was_asked_lately_is_anything_missed(asks: Story, clock: Clock) -> None:
    def lately() -> bool:
        with asks.runtime.lobby() as lobby:
            return asks.school_id in prompts.schools_lately(lobby, within=prompts.TOO_LATE)

    clock.now = TUESDAY - timedelta(minutes=1)
    assert not lately()
    clock.now = TUESDAY
    assert lately()
    clock.forward(minutes=119)
    assert lately()
    clock.forward(minutes=1)
    assert not lately()
    clock.now = TUESDAY + timedelta(days=4)  # Saturday
    assert not lately()


def test_however_many_are_asked_in_one_minute_the_database_is_asked_as_often(asks: Story, clock: Clock) -> None:
    def asked_of_the_database(prompts_made: int) -> int:
        statements: list[str] = []
        with asks.work() as work:
            event.listen(work.session.connection(), "before_cursor_execute", lambda *call: statements.append(call[2]))
            assert len(prompts.ask_due(work, links=asks.runtime.links)) == prompts_made
        return len(statements)

    schedule(asks, mail=True)
    clock.now = TUESDAY
    alone = asked_of_the_database(1)
    schedule(asks, "fox", mail=True)
    schedule(asks, "leota", mail=True)
    with asks.work() as work:
        room = students.class_named(work, "Room 8")
        students.teach(work, asks.staff["leota"], room, from_on=date(2026, 11, 1))
    clock.forward(days=1)
    assert asked_of_the_database(3) == alone


def test_chatham_keeps_its_own_time_and_daylight_saving_its_hour() -> None:
    daily = Schedule(days=31, at=time(14, 30), how_many=1, by_mail=False)
    auckland = calendar_for("AUK", "Pacific/Auckland", national_terms())
    assert due_moment(daily, auckland, date(2027, 4, 1)) == datetime(2027, 4, 1, 1, 30, tzinfo=UTC)  # summer time
    assert due_moment(daily, auckland, date(2027, 4, 5)) == datetime(2027, 4, 5, 2, 30, tzinfo=UTC)  # after the change
    assert due_moment(daily, CHATHAM, date(2027, 4, 1)) == datetime(2027, 4, 1, 0, 45, tzinfo=UTC)


def test_the_next_prompt_is_told_over_weekends_and_holidays() -> None:
    fridays = Schedule(days=16, at=time(14, 30), how_many=1, by_mail=False)
    auckland = calendar_for("AUK", "Pacific/Auckland", national_terms())
    last_friday = datetime(2026, 12, 18, 2, 0, tzinfo=UTC)
    assert prompts.next_moment(fridays, auckland, last_friday) == datetime(2027, 1, 29, 1, 30, tzinfo=UTC)
    assert prompts.next_moment(fridays, auckland, datetime(2027, 12, 20, tzinfo=UTC)) is None
