"""Prompts: asked when they chose, about who waited longest, once; answered in one step; never a nag."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, select, text

from commsbridge import messages, partnership, prompts, schools, students
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.foundation.school_time import calendar_for, national_terms
from commsbridge.messages import Draft
from commsbridge.partnership import Moment
from commsbridge.prompts import Answer, Asked, Schedule
from commsbridge.prompts.schedules import due_moment
from tests.conftest import Clock, SharedDatabase
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland
EVERY_DAY = range(5)


@pytest.fixture
def asks(story: Story, clock: Clock) -> Story:
    """Ms Walsh is asked each school day at 2:30 pm about one child; it is Monday morning."""
    clock.now = TUESDAY - timedelta(days=1, hours=5)
    schedule(story)
    return story


def schedule(
    story: Story, who: str = "walsh", *, days: Iterable[int] = EVERY_DAY, how_many: int = 1, mail: bool = False
) -> None:
    with story.work(who) as work:
        staff_id = story.staff[who].id
        prompts.set_schedule(work, staff_id, days=set(days), at=time(14, 30), how_many=how_many, by_mail=mail)


def ask(story: Story) -> list[Asked]:
    with story.work() as work:
        return prompts.ask_due(work, links=story.runtime.links)


def asked_about(story: Story) -> list[str]:
    return [child.preferred_name for asked in ask(story) for child in asked.children]


def shown(story: Story, who: str = "walsh") -> list[str]:
    with story.work(who) as work:
        names = students.names_of(work, [each.student_id for each in prompts.open_children(work, story.staff[who].id)])
        return sorted(name.preferred for name in names.values())


def say(story: Story, answer: Answer, who: str = "walsh") -> None:
    with story.work(who) as work:
        for each in prompts.open_children(work, story.staff[who].id):
            prompts.answer(work, each.id, story.staff[who].id, answer, language=Language.EN)


def praise(story: Story, child: str, by: str = "walsh") -> uuid.UUID:
    with story.work(by) as work:
        return messages.send_praise(work, story.students[child], Draft(words="Ka pai!"), links=story.runtime.links).id


def test_a_teacher_is_asked_at_the_time_they_chose_and_only_once(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(minutes=1)
    assert ask(asks) == []
    clock.now = TUESDAY
    assert len(ask(asks)) == 1
    assert ask(asks) == []
    clock.forward(minutes=90)
    assert ask(asks) == []
    assert len(shown(asks)) == 1


def test_a_prompt_that_comes_a_little_late_is_made_as_if_nothing_had_been(asks: Story, clock: Clock) -> None:
    clock.now = TUESDAY + timedelta(minutes=119)
    (asked,) = ask(asks)
    assert asked.prompt.due_at == TUESDAY
    assert asked.prompt.late is None


def lates(story: Story) -> list[tuple[datetime, str | None]]:
    """Every moment of Ms Walsh that was judged, with what became of it where it was missed."""
    with story.work() as work:
        rows = work.session.execute(text("SELECT due_at, late FROM prompts ORDER BY due_at")).all()
    return [(row.due_at, row.late) for row in rows]


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


def next_names(story: Story, who: str = "walsh") -> list[str]:
    with story.work(who) as work:
        viewer = schools.viewer_for(work, story.staff[who].id)
        return [child.preferred_name for child, _ in prompts.who_next(work, viewer, how_many=3)]


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


def test_the_child_who_waited_longest_is_named_and_a_praised_one_is_not(asks: Story, clock: Clock) -> None:
    arrived(asks, "aroha", clock)
    clock.now = TUESDAY
    assert asked_about(asks) == ["Hēmi"]


def arrived(story: Story, child: str, clock: Clock) -> None:
    """Good news reaches a child's home now."""
    message_id = praise(story, child)
    with story.work() as work:
        line = work.session.scalars(select(partnership.Line).where(partnership.Line.subject_id == message_id)).one()
        partnership.fold_onto(work, line, Moment.ARRIVED)
    clock.forward(seconds=1)


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


CHATHAM = calendar_for("CIT", "Pacific/Chatham", national_terms())


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
