"""What asks something is owed an answer: whose it is, in whose hours, who is reminded, and that lateness stays."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from commsbridge import conversations, schools
from commsbridge.conversations import promises
from commsbridge.conversations.promises import Answering, Hours, Kept, Promise, Step
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.school_time import calendar_for, national_terms
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.schools import Role, Staff
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

HINE = "+64215550104"
ASKS = "Can you tell me when camp is?"
CALENDAR = calendar_for("AUK", "Pacific/Auckland", national_terms())
HOURS = Hours(CALENDAR, time(8, 30), time(16))
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=60)).map(lambda since: OCTOBER + since)
TUESDAY_3_PM = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    """The way in of Rimu Road School."""
    return Mailroom(posting)


def promise(posting: Posting, reply_id: uuid.UUID) -> Promise | None:
    with posting.story.work() as work:
        return promises.promise_of(work, reply_id)


def owed(posting: Posting, reply_id: uuid.UUID) -> Promise:
    found = promise(posting, reply_id)
    assert found is not None
    return found


def holder(posting: Posting, reply_id: uuid.UUID) -> str | None:
    names = {staff.id: key for key, staff in posting.story.staff.items()}
    found = owed(posting, reply_id)
    return names[found.holder_id] if found.holder_id else None


def look(posting: Posting) -> int:
    with posting.story.runtime.work(posting.story.school_id) as work:
        return promises.look_at_promises(work, links=posting.links)


def mails_to(posting: Posting, who: str) -> list[Delivery]:
    rows = (
        select(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.kind == MessageKind.STAFF, Delivery.staff_id == posting.story.staff[who].id)
    )
    with posting.story.work() as work:
        return list(work.session.scalars(rows.order_by(Delivery.made_at)))


def steps(posting: Posting, reply_id: uuid.UUID) -> list[Step]:
    with posting.story.work() as work:
        found = promises.promise_of(work, reply_id)
        assert found is not None
        return [each.step for each in promises.steps_of(work, found)]


def away(posting: Posting, who: str, *, days: int = 0, stand_in: str | None = None) -> uuid.UUID:
    staff = posting.story.staff
    with posting.story.work("jan") as work:
        on = schools.today(work)
        return schools.note_absence(
            work, staff[who].id, from_on=on, to_on=on + timedelta(days=days),
            stand_in_id=staff[stand_in].id if stand_in else None,
        ).id  # fmt: skip


def rule(posting: Posting, **over: object) -> None:
    with posting.story.work("burns") as work:
        promises.set_answering(work, Answering(**over))  # type: ignore[arg-type]


# ---- hours ----


@given(MOMENTS, st.integers(0, 3000))
def test_after_so_many_minutes_of_school_exactly_so_many_have_passed(since: datetime, minutes: int) -> None:
    at = HOURS.after(since, minutes)
    assert at is not None
    assert HOURS.minutes_between(since, at) == minutes
    assert at >= since


@given(MOMENTS, MOMENTS, MOMENTS)
def test_minutes_add_up_within_a_minute_and_never_run_backwards(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    parts = HOURS.minutes_between(first, middle) + HOURS.minutes_between(middle, last)
    assert HOURS.minutes_between(first, last) - parts in {0, 1}
    assert HOURS.minutes_between(last, first) == 0


def test_one_school_day_from_tuesday_afternoon_ends_on_wednesday_at_the_same_time() -> None:
    assert HOURS.after(TUESDAY_3_PM, HOURS.day_minutes) == TUESDAY_3_PM + timedelta(days=1)


def test_a_question_of_friday_evening_runs_on_monday_alone() -> None:
    friday_evening = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    assert HOURS.after(friday_evening, HOURS.day_minutes) == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_who_works_on_thursdays_alone_has_hours_on_thursdays_alone() -> None:
    hours = Hours(CALENDAR, time(8, 30), time(16), frozenset({3}))
    assert hours.after(TUESDAY_3_PM, 30) == datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
    assert not hours.open_at(TUESDAY_3_PM)


def test_beyond_the_terms_that_are_known_nothing_is_promised() -> None:
    late = datetime(2031, 5, 5, tzinfo=UTC)
    assert HOURS.after(late, 1) is None
    assert HOURS.next_opening(late) is None
    assert HOURS.day_of(late) is None


# ---- owed ----


def test_a_reply_that_asks_is_owed_an_answer_within_one_school_day_of_its_teacher(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text(ASKS, HINE)
    found = owed(posting, reply.id)
    assert (holder(posting, reply.id), found.kept_at) == ("walsh", None)
    assert found.due_at == TUESDAY_3_PM + timedelta(days=1)
    assert steps(posting, reply.id) == [Step.FOUND]


def test_thanks_are_owed_nothing(mailroom: Mailroom, posting: Posting) -> None:
    assert promise(posting, mailroom.text("Ka pai Hēmi, thank you!", HINE).id) is None


def test_words_that_wait_for_a_place_are_owed_once_they_have_one_and_since_they_came(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text(ASKS, "+64215550199")
    assert promise(posting, reply.id) is None
    posting.clock.forward(hours=20)
    with posting.story.work("leota") as work:
        conversations.settle_parked(
            work, reply.id, contact_id=posting.story.contacts["hine"].id,
            student_ids=[posting.story.students["hemi"].id],
        )  # fmt: skip
    assert owed(posting, reply.id).due_at == TUESDAY_3_PM + timedelta(days=1)


def test_whoever_wrote_home_last_is_the_one_who_answers(mailroom: Mailroom, posting: Posting) -> None:
    posting.arrived(posting.praise("hemi", by="matiu"))
    assert holder(posting, mailroom.text(ASKS, HINE).id) == "matiu"


def test_nobody_is_reminded_before_half_the_time_or_outside_their_hours(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(ASKS, HINE)
    assert look(posting) == 0
    posting.clock.forward(hours=14)  # Wednesday, 5 in the morning
    assert look(posting) == 0
    posting.clock.forward(hours=6)  # eleven: three and a half school hours of seven and a half have passed
    assert look(posting) == 0
    posting.clock.forward(minutes=20)
    assert [look(posting), look(posting)] == [1, 0]
    (mail,) = mails_to(posting, "walsh")
    assert "A question from home waits for your answer" in (mail.subject or "")
    assert "Hēmi" not in mail.body
    assert "/replies?whose=me" in mail.body


def test_who_the_school_named_hears_of_what_was_not_answered_in_time_once(mailroom: Mailroom, posting: Posting) -> None:
    rule(posting, named_id=posting.story.staff["leota"].id)
    reply = mailroom.text(ASKS, HINE)
    posting.clock.forward(days=1, minutes=-30)
    assert look(posting) == 1
    posting.clock.forward(hours=1, minutes=40)  # after hours
    assert look(posting) == 0
    posting.clock.forward(hours=16, minutes=30)
    assert [look(posting), look(posting)] == [1, 0]
    assert len(mails_to(posting, "leota")) == 1
    assert mails_to(posting, "burns") == []
    assert steps(posting, reply.id) == [Step.FOUND, Step.REMINDED, Step.RAISED]


def test_a_late_answer_stays_late(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    posting.clock.forward(days=2)
    with posting.story.work("walsh") as work:
        promises.keep(work, reply.id, Kept.TALKED)
    found = owed(posting, reply.id)
    assert (found.late, found.took_minutes, found.allowed_minutes) == (True, 900, 450)


def test_what_is_late_already_stays_as_late_with_whoever_it_is_passed_to(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    posting.clock.forward(days=2)
    away(posting, "walsh")
    look(posting)
    assert (holder(posting, reply.id), owed(posting, reply.id).due_at) == ("matiu", TUESDAY_3_PM + timedelta(days=1))


def test_the_first_to_say_so_counts(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    for who, how in (("walsh", Kept.TALKED), ("matiu", Kept.NOT_NEEDED)):
        with posting.story.work(who) as work:
            promises.keep(work, reply.id, how)
    found = owed(posting, reply.id)
    assert (found.kept_how, found.kept_by) == (Kept.TALKED, posting.story.staff["walsh"].id)


def test_a_person_changes_it_both_ways_and_the_steps_stay(mailroom: Mailroom, posting: Posting) -> None:
    thanks = mailroom.text("Ka pai Hēmi, thank you!", HINE)
    with posting.story.work("walsh") as work:
        promises.ask(work, thanks.id)
        promises.ask(work, thanks.id)
        promises.keep(work, thanks.id, Kept.NOT_NEEDED)
    posting.clock.forward(hours=1)
    with posting.story.work("matiu") as work:
        promises.ask(work, thanks.id)
    assert owed(posting, thanks.id).kept_at is None
    assert steps(posting, thanks.id) == [Step.ASKED, Step.KEPT, Step.ASKED]


def test_what_is_not_filed_cannot_be_owed(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, "+64215550199")
    with posting.story.work("burns") as work, pytest.raises(Conflict):
        promises.ask(work, reply.id)
    with posting.story.work("burns") as work, pytest.raises(NotFound):
        promises.ask(work, uuid.uuid4())
    with posting.story.work("burns") as work:
        assert promises.keep(work, reply.id, Kept.TALKED) is None


# ---- whose it is ----


def test_leave_passes_it_to_the_next_teacher_and_his_hours_count_from_then(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text(ASKS, HINE)
    posting.clock.forward(hours=20)  # Wednesday 11
    away(posting, "walsh", days=3)
    look(posting)
    assert holder(posting, reply.id) == "matiu"
    assert owed(posting, reply.id).spent_minutes == 210
    assert steps(posting, reply.id)[:2] == [Step.FOUND, Step.PASSED]


def test_somebody_who_stands_in_comes_first_where_they_see_the_child(mailroom: Mailroom, posting: Posting) -> None:
    away(posting, "walsh", stand_in="leota")
    assert holder(posting, mailroom.text(ASKS, HINE).id) == "matiu"
    reply = mailroom.text("When is the bus?", HINE)
    with posting.story.work("burns") as work:
        promises.assign(work, reply.id, posting.story.staff["walsh"].id)
    look(posting)
    assert holder(posting, reply.id) == "leota"


def test_a_stand_in_who_does_not_see_the_child_is_passed_over(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    away(posting, "walsh", stand_in="fox")
    posting.clock.forward(minutes=1)
    with posting.story.work("burns") as work:
        work.session.get_one(Promise, owed(posting, reply.id).id).look_at = work.now
    look(posting)
    assert holder(posting, reply.id) == "matiu"


def test_a_day_somebody_does_not_work_passes_it_on(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work("burns") as work:
        schools.set_working_days(work, posting.story.staff["walsh"].id, {0, 1})
    reply = mailroom.text(ASKS, HINE)
    assert holder(posting, reply.id) == "walsh"
    posting.clock.forward(hours=19)
    look(posting)
    assert holder(posting, reply.id) == "matiu"


def test_where_nobody_else_is_there_it_stays_and_waits_for_their_day(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Can Leo bring his bike?", "+64215550107")
    assert holder(posting, reply.id) == "fox"
    posting.clock.forward(hours=19)
    away(posting, "fox")
    look(posting)
    assert holder(posting, reply.id) == "fox"
    assert mails_to(posting, "fox") == []


def test_a_teacher_who_is_whanau_of_the_child_never_holds_it(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        assert not promises.may_hold(work, posting.story.staff["walsh"].id, [posting.story.students["pare"].id])


def test_it_is_given_only_to_somebody_who_sees_the_child(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    staff = posting.story.staff
    with posting.story.work("burns") as work, pytest.raises(Invalid):
        promises.assign(work, reply.id, staff["fox"].id)
    with posting.story.work("burns") as work:
        assert {each.id for each in promises.may_be_assigned(work, reply.id)} == {
            staff[key].id for key in ("walsh", "matiu", "leota", "burns")
        }
        promises.assign(work, reply.id, staff["burns"].id)
    assert (holder(posting, reply.id), steps(posting, reply.id)) == ("burns", [Step.FOUND, Step.ASSIGNED])


def test_moved_to_another_child_it_goes_to_that_childs_teacher(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Can Aroha bring her togs?", "+64215550101")
    assert holder(posting, reply.id) == "walsh"
    with posting.story.work("burns") as work:
        conversations.move_reply(
            work, reply.id, contact_id=posting.story.contacts["ngaire"].id,
            student_ids=[posting.story.students["wi"].id],
        )  # fmt: skip
    assert holder(posting, reply.id) == "fox"


def test_a_teacher_who_left_no_longer_holds_it(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(ASKS, HINE)
    with posting.story.work("burns") as work:
        schools.leave_staff(work, work.session.get_one(Staff, posting.story.staff["walsh"].id), on=date(2026, 11, 18))
    posting.clock.forward(hours=19)
    look(posting)
    assert holder(posting, reply.id) == "matiu"


# ---- the school's rules, and who is away ----


@pytest.mark.parametrize(
    "over", [{"days": 0}, {"days": 6}, {"opens": time(16), "closes": time(9)}, {"named_id": uuid.uuid4()}]
)
def test_a_rule_that_cannot_be_kept_is_refused(posting: Posting, over: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        rule(posting, **over)


def test_a_school_promises_two_days_from_then_on(mailroom: Mailroom, posting: Posting) -> None:
    rule(posting, days=2)
    assert owed(posting, mailroom.text(ASKS, HINE).id).due_at == TUESDAY_3_PM + timedelta(days=2)
    with posting.story.work() as work:
        assert promises.answer_by(work) == TUESDAY_3_PM + timedelta(days=2)


def test_days_away_are_days_to_come_in_order_with_somebody_else_standing_in(posting: Posting) -> None:
    staff = posting.story.staff
    with posting.story.work("jan") as work:
        on = schools.today(work)
        for from_on, to_on, stand_in in (
            (on, on - timedelta(days=1), None),
            (on - timedelta(days=9), on - timedelta(days=1), None),
            (on, on + timedelta(days=500), None),
            (on, on, staff["walsh"].id),
            (on, on, uuid.uuid4()),
        ):
            with pytest.raises(Invalid):
                schools.note_absence(work, staff["walsh"].id, from_on=from_on, to_on=to_on, stand_in_id=stand_in)
        with pytest.raises(Invalid):
            schools.set_working_days(work, staff["walsh"].id, set())
        with pytest.raises(NotFound):
            schools.set_working_days(work, uuid.uuid4(), {1})


def test_back_early_or_not_gone_at_all(posting: Posting) -> None:
    first = away(posting, "walsh", days=5)
    with posting.story.work("walsh") as work:
        assert schools.here_on(work, [posting.story.staff["walsh"].id], schools.today(work)) == set()
        schools.end_absence(work, first)
        assert schools.here_on(work, [posting.story.staff["walsh"].id], schools.today(work)) != set()
        with pytest.raises(NotFound):
            schools.end_absence(work, first)
    second = away(posting, "walsh", days=5)
    posting.clock.forward(days=1)
    with posting.story.work("walsh") as work:
        schools.end_absence(work, second)
        assert schools.absences(work) == []


def test_nobody_teaching_means_the_school_named_hears_at_once(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work("burns") as work:
        fox = work.session.get_one(Staff, posting.story.staff["fox"].id)
        schools.set_roles(work, fox, {Role.SPEAKER}, from_on=schools.today(work))
    reply = mailroom.text("Can Leo bring his bike?", "+64215550107")
    assert holder(posting, reply.id) is None
    assert look(posting) == 1
    assert "/replies?whose=school" in mails_to(posting, "burns")[0].body
