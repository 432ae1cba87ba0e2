"""How sending goes: leaders are told once, what goes to many is held when too much fails, no budget stops anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from commsbridge import messages, schools, students
from commsbridge.messages import AlarmKind, Audience, Delivery, MessageKind, NoticeDraft, SenderHealth, State, Why
from commsbridge.messages.models import Message
from commsbridge.schools import Sending
from commsbridge.worker.watching import TURNS, Watching
from tests.rooms.posting import Posting

URL = "https://hui.example.org/school/sending"


def health(posting: Posting, handed: int = 0, failed: int = 0, uncertain: int = 0) -> list[SenderHealth]:
    return [SenderHealth(posting.story.school_id, posting.story.texts.id, handed, failed, uncertain)]


def watch(posting: Posting, found: Sequence[SenderHealth] = (), segments: int | None = None) -> set[AlarmKind]:
    with posting.story.work() as work:
        return {alarm.kind for alarm in messages.watch_school(work, found, segments=segments, url=URL)}


def standing(posting: Posting) -> set[AlarmKind]:
    with posting.story.work() as work:
        return {alarm.kind for alarm in messages.open_alarms(work)}


def mails_to_leaders(posting: Posting) -> list[str]:
    with posting.story.work() as work:
        rows = select(Delivery.body).join(Message, Message.id == Delivery.message_id)
        return list(work.session.scalars(rows.where(Message.kind == MessageKind.STAFF)))


def write_to_school(posting: Posting, reason: str = "") -> None:
    with posting.story.work("burns") as work:
        children = students.students_in(work, None, schools.today(work))
        draft = NoticeDraft(Audience.SCHOOL, words_en="Shoes tomorrow.", urgent=bool(reason), reason=reason)
        seen = messages.outlook(work, draft, children, links=posting.links)
        messages.send_notice(work, draft, children, links=posting.links, confirmed=seen.people)


def bulk(posting: Posting, contact: str = "dave") -> Delivery:
    return next(each for each in posting.all_to(contact, MessageKind.NOTICE) if each.why != Why.TOLD_ONCE)


@pytest.mark.parametrize(
    ("handed", "failed", "begun"),
    [
        (19, 19, set()),
        (100, 4, set()),
        (100, 5, {AlarmKind.FAILURES}),
        (100, 9, {AlarmKind.FAILURES}),
        (100, 10, {AlarmKind.FAILURES, AlarmKind.BULK_STOPPED}),
    ],
)
def test_five_in_a_hundred_warns_and_ten_holds_what_goes_to_many(
    posting: Posting, handed: int, failed: int, begun: set[AlarmKind]
) -> None:
    assert watch(posting, health(posting, handed=handed, failed=failed)) == begun
    assert len(mails_to_leaders(posting)) == len(begun)


def test_a_school_is_warned_when_its_senders_together_fail_too_often(posting: Posting) -> None:
    story = posting.story
    few = [SenderHealth(story.school_id, each.id, handed=15, failed=2) for each in (story.texts, story.mails)]
    assert [each.failure_rate for each in few] == [0.0, 0.0]
    assert messages.schools_to_watch(few, posting.clock.now) == {story.school_id}
    assert watch(posting, few) == {AlarmKind.FAILURES, AlarmKind.BULK_STOPPED}
    assert watch(posting, few) == set()
    watch(posting)
    assert standing(posting) == {AlarmKind.BULK_STOPPED}


def test_leaders_are_told_once_not_every_minute_and_again_when_it_comes_back(posting: Posting) -> None:
    bad = health(posting, handed=100, failed=6)
    assert [watch(posting, bad) for _ in range(3)] == [{AlarmKind.FAILURES}, set(), set()]
    watch(posting, health(posting, handed=100, failed=1))
    assert standing(posting) == set()
    assert watch(posting, bad) == {AlarmKind.FAILURES}
    assert len(mails_to_leaders(posting)) == 2
    assert URL in mails_to_leaders(posting)[0]


def test_what_goes_to_many_waits_until_a_leader_lets_it_go_and_praise_goes_on(posting: Posting) -> None:
    write_to_school(posting)
    watch(posting, health(posting, handed=100, failed=50))
    assert (bulk(posting).state, bulk(posting).why) == (State.HELD, Why.TOO_MANY_FAIL)
    assert posting.of(posting.praise("aroha"))["dave"].state is State.QUEUED
    with posting.story.work("burns") as work:
        assert messages.let_bulk_go(work) > 0
    posting.settle()
    assert bulk(posting).state is State.QUEUED
    assert watch(posting, health(posting, handed=100, failed=50)) == set()


def test_what_is_written_to_many_meanwhile_is_held_and_the_urgent_is_not(posting: Posting) -> None:
    watch(posting, health(posting, handed=100, failed=50))
    write_to_school(posting)
    assert bulk(posting).why == Why.TOO_MANY_FAIL
    write_to_school(posting, reason="The river is over the road.")
    assert State.QUEUED in {each.state for each in posting.all_to("dave", MessageKind.NOTICE)}


def test_doubts_are_told_when_there_are_several(posting: Posting) -> None:
    assert watch(posting, health(posting, uncertain=4)) == set()
    assert watch(posting, health(posting, uncertain=5)) == {AlarmKind.UNCERTAIN}


@pytest.mark.parametrize(("minutes", "counted"), [(1, 0), (14, 0), (16, 1)])
def test_a_doubt_that_may_settle_itself_yet_is_not_counted(posting: Posting, minutes: int, counted: int) -> None:
    told = posting.of(posting.praise("hemi"))
    posting.in_state(told["hine"], "uncertain")
    with posting.story.runtime.carrier() as session:
        since = text("UPDATE deliveries SET settled_at = now() - make_interval(mins => :m) WHERE id = :id")
        session.execute(since, {"m": minutes, "id": told["hine"].id})
        found = {each.sender_id: each for each in messages.senders_health(session, posting.clock())}
    assert found[posting.story.texts.id].uncertain == counted


def test_a_queue_older_than_a_quarter_of_an_hour_is_told(posting: Posting) -> None:
    for minutes, told in ((14, set()), (16, {AlarmKind.QUEUE_OLD})):
        since = posting.clock() - timedelta(minutes=minutes)
        found = SenderHealth(posting.story.school_id, posting.story.texts.id, waiting=3, oldest_at=since)
        assert watch(posting, [found]) == told
        assert found.notable(posting.clock()) is bool(told)


def test_a_sender_the_carrier_refuses_is_told(posting: Posting) -> None:
    with posting.story.runtime.carrier() as session:
        session.execute(text("UPDATE senders SET alarm = 'credentials' WHERE id = :id"), {"id": posting.story.texts.id})
    assert watch(posting) == {AlarmKind.SENDER}


def test_a_budget_warns_twice_and_stops_nothing_in_any_language(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        schools.set_sending(work, Sending(text_cents=10, budget_cents=1000))
    assert watch(posting, segments=79) == set()
    assert watch(posting, segments=80) == {AlarmKind.BUDGET_NEAR}
    assert watch(posting, segments=100) == {AlarmKind.BUDGET_REACHED}
    assert standing(posting) == {AlarmKind.BUDGET_REACHED}
    watch(posting)
    assert standing(posting) == {AlarmKind.BUDGET_REACHED}
    assert posting.of(posting.praise("aroha"))["ngaire"].state is State.QUEUED
    watch(posting, segments=0)
    assert standing(posting) == set()


def test_the_figures_are_those_of_the_deliveries(posting: Posting) -> None:
    told = posting.of(posting.praise("hemi"))
    posting.in_state(told["hine"], "failed")
    with posting.story.runtime.carrier() as session:
        found = {each.sender_id: each for each in messages.senders_health(session, posting.clock())}
        spent = messages.segments_since(session, posting.clock() - timedelta(days=1))
    texts = found[posting.story.texts.id]
    assert (texts.handed, texts.failed, texts.uncertain) == (1, 1, 0)
    assert spent == {posting.story.school_id: told["hine"].units}


def test_the_worker_tells_a_school_with_trouble_and_leaves_the_others_alone(posting: Posting) -> None:
    minute_of_turn(posting, away=40)
    posting.praise("hemi")
    watching = Watching(posting.story.runtime)
    assert watching.look() == 0
    posting.clock.forward(minutes=20)
    assert watching.look() == 1
    assert AlarmKind.QUEUE_OLD in standing(posting)


def test_within_the_hour_every_school_has_its_turn_and_hears_that_it_is_over(posting: Posting) -> None:
    minute_of_turn(posting, away=30)
    praise = posting.praise("hemi")
    watching = Watching(posting.story.runtime)
    posting.clock.forward(minutes=20)
    assert watching.look() == 1
    assert standing(posting) == {AlarmKind.QUEUE_OLD}
    posting.arrived(praise)
    looked = 0
    for _ in range(10):
        posting.clock.forward(minutes=1)
        looked += watching.look()
    assert looked == 1
    assert standing(posting) == set()


def test_minutes_in_which_no_worker_looked_are_caught_up_with(posting: Posting) -> None:
    minute_of_turn(posting, away=5)
    posting.arrived(posting.praise("hemi"))
    watching = Watching(posting.story.runtime)
    assert watching.look() == 0
    posting.clock.forward(minutes=9)
    assert watching.look() == 1


def minute_of_turn(posting: Posting, *, away: int) -> None:
    """Put the clock so many minutes before the school's turn, the same for a school of any id."""
    now = int(posting.clock().timestamp() // 60) % TURNS
    posting.clock.forward(minutes=(posting.story.school_id.int - away - now) % TURNS)
