"""The outbox through the real carrier's door: who goes first, at what pace, never twice, and what is recorded of it."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from commsbridge import messages
from commsbridge.foundation.errors import Conflict
from commsbridge.messages import Claimed, State
from commsbridge.messages.gateways import Accepted, Arrival, Cause, NotSent, Receipt, Refused, Uncertain
from commsbridge.messages.models import Lane
from commsbridge.messages.outbox import LONGEST_PAUSE, MANY_UNREACHED, SENDER_PAUSE_SECONDS, pause_before
from tests.rooms.queue import Queue


def ids(claimed: list[Claimed]) -> list[uuid.UUID]:
    return [each.id for each in claimed]


# who goes first


def test_a_school_that_floods_a_shared_sender_delays_no_other(queue: Queue) -> None:
    other = queue.school("Kowhai")
    shared = queue.sender("4646", queue.story.school_id, other)
    queue.put(shared, 300, due_in=-3600)
    few = queue.put(shared, 3, school_id=other)
    assert set(few) < set(ids(queue.claim(10)))


def test_urgent_goes_first_then_conversation_then_news_then_bulk(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    queued = {lane: queue.put(sender, lane=lane)[0] for lane in reversed(Lane)}
    order = [queue.claim(1)[0].id for _ in Lane]
    assert order == [queued[lane] for lane in Lane]


def test_within_a_school_who_has_waited_longest_goes_first(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (late,), (early,) = queue.put(sender, due_in=-10), queue.put(sender, due_in=-100)
    assert [queue.claim(1)[0].id, queue.claim(1)[0].id] == [early, late]


def test_what_is_not_due_or_has_no_time_left_is_not_taken(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    queue.put(sender, due_in=30)
    queue.put(sender, lives=-1)
    queue.put(sender, lives=5)
    assert queue.claim() == []


def test_a_praise_waits_until_its_welcome_has_left(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (welcome,) = queue.put(sender)
    (praise,) = queue.put(sender, due_in=-600, after=welcome)
    first = queue.claim()
    assert ids(first) == [welcome]
    assert queue.claim() == []
    queue.complete(first)
    assert ids(queue.claim()) == [praise]


@pytest.mark.parametrize(
    ("state", "logged", "mail", "goes"),
    [
        ("held", "held", False, False),
        ("uncertain", "uncertain", False, False),
        ("uncertain", "uncertain", True, True),
        ("failed", "queued", False, False),
        ("failed", "failed", False, True),
        ("cancelled", "cancelled", False, True),
    ],
)
def test_a_praise_waits_for_a_welcome_that_may_still_go_or_whose_end_nobody_has_looked_at(
    queue: Queue, state: str, logged: str, *, mail: bool, goes: bool
) -> None:
    sender = queue.sender("k@kowhai.test" if mail else "4646", queue.story.school_id, mail=mail)
    (welcome,) = queue.put(sender)
    (praise,) = queue.put(sender, after=welcome)
    queue.alter(welcome, state=state, logged_state=logged, code="restored")
    assert ids(queue.claim()) == ([praise] if goes else [])


# pace


def test_each_sender_keeps_its_own_pace(queue: Queue) -> None:
    slow = queue.sender("4646", queue.story.school_id, rate=20, burst=20)
    fast = queue.sender("4747", queue.story.school_id)
    queue.put(slow, 200)
    queue.put(fast, 10)
    before = time.monotonic()
    first = [each.sender for each in queue.claim(200)]
    after = time.monotonic()
    assert (first.count("4646"), first.count("4747")) == (20, 10)
    more = 0
    while time.monotonic() - after < 0.5:
        asked = time.monotonic()
        more += len(queue.claim(200))
    # Whatever the machine does meanwhile, the database asked its clock between these moments.
    assert 20 * (asked - after) - 1 <= more <= 20 * (time.monotonic() - before) + 1


def test_with_more_schools_than_slots_none_waits_for_ever(queue: Queue) -> None:
    others = [queue.school(f"Kura {number}") for number in range(12)]
    shared = queue.sender("4646", *others)
    for school_id in others:
        queue.put(shared, 30, school_id=school_id, due_in=-3600)
    late = queue.school("Kowhai")
    (wanted,) = queue.put(shared, school_id=late)
    assert any(wanted in ids(queue.claim(2)) for _ in range(60))


def test_a_long_lane_hides_no_sender_that_has_room(queue: Queue) -> None:
    paced = queue.sender("4646", queue.story.school_id, rate=0.001, burst=1)
    free = queue.sender("4747", queue.story.school_id)
    queue.put(paced, 60, due_in=-3600)
    put = queue.put(free, 12)
    took = [each.id for _ in range(4) for each in queue.claim(10)]
    assert {*put} < {*took}


def test_a_flood_that_waits_for_its_welcomes_hides_nothing(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (welcome,) = queue.put(sender)
    queue.put(sender, 60, due_in=-600, after=welcome)
    (free,) = queue.put(sender)
    assert {*ids(queue.claim(5))} == {welcome, free}


def test_a_long_text_may_overdraw_and_is_then_paid_off(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id, rate=10, burst=2)
    (long,) = queue.put(sender, units=6, due_in=-600)
    queue.put(sender)
    assert ids(queue.claim()) == [long]
    began = time.monotonic()
    while not queue.claim():
        time.sleep(0.02)
    assert 0.25 < time.monotonic() - began < 2.0


def test_waiting_does_not_save_up_more_than_a_burst(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id, rate=1000, burst=3)
    queue.put(sender, 20)
    queue.claim(1)
    time.sleep(0.1)
    assert len(queue.claim(20)) == 3


# never twice


def test_two_workers_at_once_never_take_the_same_delivery(queue: Queue) -> None:
    senders = [queue.sender(f"46{number}", queue.story.school_id) for number in range(10, 14)]
    put = {each for sender in senders for each in queue.put(sender, 50)}
    gate = threading.Barrier(4)

    def take(worker: str) -> list[uuid.UUID]:
        gate.wait()
        took: list[uuid.UUID] = []
        idle = 0
        while idle < 20:
            claimed = queue.claim(7, worker=worker)
            took += ids(claimed)
            idle = 0 if claimed else idle + 1
        return took

    with ThreadPoolExecutor(4) as pool:
        took = [each for part in pool.map(take, "abcd") for each in part]
    assert len(took) == len(set(took)) == 200
    assert set(took) == put


def test_undoing_and_claiming_at_once_is_one_or_the_other(queue: Queue) -> None:
    story, links = queue.story, queue.runtime.links
    aroha = story.students["aroha"]
    with queue.runtime.lobby() as lobby:
        lobby.session.execute(text("UPDATE senders SET rate = 1000, burst = 1000"))
    ends = []
    for number in range(12):
        with story.work("walsh") as work:
            draft = messages.Draft(words=f"Ka pai {number}")
            message_id = messages.send_praise(work, aroha, draft, links=links).id
        with story.work() as work:
            work.session.execute(text("UPDATE deliveries SET due_at = now() WHERE state = 'queued'"))
        gate = threading.Barrier(2)

        def undo(message_id: uuid.UUID = message_id, gate: threading.Barrier = gate) -> bool:
            gate.wait()
            try:
                with story.work("walsh") as work:
                    messages.undo_message(work, message_id)
            except Conflict:
                return False
            return True

        def claim(gate: threading.Barrier = gate) -> set[uuid.UUID]:
            gate.wait()
            return set(ids(queue.claim(50)))

        with ThreadPoolExecutor(2) as pool:
            undone, took = pool.submit(undo), pool.submit(claim)
        with story.work() as work:
            own = {each.id: each.state for each in messages.written(work, [message_id])[message_id].deliveries}
        ends.append(undone.result())
        if undone.result():
            assert set(own.values()) == {State.CANCELLED}
            assert took.result().isdisjoint(own)
        queue.complete(queue.claim(50))
    assert len(ends) == 12


# what is recorded


def test_only_the_worker_that_holds_it_records_what_became_of_it(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    queue.put(sender)
    claimed = queue.claim(worker="one")
    assert queue.complete(claimed, worker="two") == set()
    assert queue.row(claimed[0].id).state is State.SENDING
    assert queue.complete(claimed, worker="one") == {claimed[0].id}
    kept = queue.row(claimed[0].id)
    assert (kept.state, kept.carrier_id, kept.worker, kept.lease_until) == (
        State.SENT,
        f"SM{kept.id.hex}",
        None,
        None,
    )


def test_an_answer_to_an_earlier_try_is_not_recorded(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    queue.put(sender)
    first = queue.claim()
    queue.complete(first, NotSent(Cause.BUSY, "429", retry_after=0.0))
    second = queue.claim()
    assert second[0].attempt == first[0].attempt + 1
    assert queue.complete(first, Refused(Cause.BLOCKED, "30007")) == set()
    assert queue.row(first[0].id).state is State.SENDING


def test_nothing_finished_is_nothing_recorded(queue: Queue) -> None:
    assert queue.complete([]) == set()


def test_a_refusal_is_final_and_says_why(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    claimed = queue.claim()
    queue.complete(claimed, Refused(Cause.NOT_TEXTABLE, "21614"))
    kept = queue.row(claimed[0].id)
    assert (kept.state, kept.why, kept.code) == (State.FAILED, Cause.NOT_TEXTABLE, "21614")
    assert queue.claim() == []


@pytest.mark.parametrize(("wanted", "seconds"), [(None, 2.0), (0.0, 0.0), (40.0, 40.0)])
def test_what_was_surely_not_sent_waits_as_long_as_the_carrier_asks(
    queue: Queue, wanted: float | None, seconds: float
) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    claimed = queue.claim()
    before = queue.row(claimed[0].id)
    queue.complete(claimed, NotSent(Cause.BUSY, "429", retry_after=wanted))
    kept = queue.row(claimed[0].id)
    assert (kept.state, kept.why, kept.settled_at) == (State.QUEUED, Cause.BUSY, None)
    assert kept.due_at - (before.lease_until or kept.due_at) + timedelta(seconds=60) == pytest.approx(
        timedelta(seconds=seconds), abs=timedelta(seconds=1)
    )


@given(st.integers(1, 500), st.none() | st.floats(0, 3600), st.floats(0, 1))
def test_the_pause_before_another_try_grows_to_a_limit_and_is_spread(
    attempt: int, retry_after: float | None, chance: float
) -> None:
    pause = pause_before(attempt, retry_after, chance)
    if retry_after is not None:
        assert retry_after <= pause <= retry_after * 1.25
    else:
        assert 2.0 <= pause <= LONGEST_PAUSE * 1.25
        assert pause_before(attempt + 1, None, 0.0) >= pause_before(attempt, None, 0.0)


# workers that fall silent


def test_a_worker_that_fell_silent_leaves_doubt_not_a_second_text(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id), 2)
    claimed = queue.claim(2, lease=0.2)
    with queue.runtime.carrier() as session:
        messages.renew(session, [claimed[0].id], worker="one", lease=60)
        messages.renew(session, [claimed[1].id], worker="somebody else", lease=60)
    time.sleep(0.25)
    assert queue.reap() == 1
    assert [queue.row(each.id).state for each in claimed] == [State.SENDING, State.UNCERTAIN]
    assert queue.row(claimed[1].id).code == "lease"
    assert queue.claim() == []


def test_its_own_late_answer_ends_the_doubt(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    claimed = queue.claim(lease=0.05)
    time.sleep(0.1)
    assert queue.reap() == 1
    assert queue.complete(claimed) == {claimed[0].id}
    assert queue.row(claimed[0].id).state is State.SENT


def test_a_late_answer_changes_nothing_once_it_was_tried_again(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    claimed = queue.claim(lease=0.05)
    time.sleep(0.1)
    queue.reap()
    queue.alter(claimed[0].id, state="queued")
    again = queue.claim(worker="two")
    assert queue.complete(claimed, Refused(Cause.BLOCKED, "30007")) == set()
    assert queue.complete(again, Uncertain("timeout"), worker="two") == {again[0].id}
    assert queue.complete(claimed, Accepted("SM9")) == set()
    assert queue.row(claimed[0].id).state is State.UNCERTAIN


def test_a_report_that_comes_before_the_answer_is_the_better_news(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    claimed = queue.claim()
    with queue.story.work() as work:
        receipt = Receipt("token", "SM1", Arrival.DELIVERED, "SM1/delivered")
        assert messages.take_receipt(work, claimed[0].id, receipt)
    assert queue.complete(claimed, Accepted("SM1")) == set()
    kept = queue.row(claimed[0].id)
    assert (kept.state, kept.carrier_id, kept.lease_until) == (State.DELIVERED, "SM1", None)


# senders in trouble


def end_of_hold(queue: Queue) -> None:
    with queue.runtime.lobby() as lobby:
        ended = text("UPDATE senders SET held_until = held_until - make_interval(secs => :pause)")
        lobby.session.execute(ended, {"pause": SENDER_PAUSE_SECONDS})


@pytest.mark.parametrize("cause", [Cause.SENDER, Cause.CREDENTIALS])
def test_a_sender_in_trouble_holds_its_own_queue_alone_and_is_calmed_by_a_success(queue: Queue, cause: Cause) -> None:
    ill, well = (queue.sender(address, queue.story.school_id) for address in ("4646", "4747"))
    queue.put(ill)
    first = queue.claim()
    queue.complete(first, NotSent(cause, "20003", retry_after=0.0))
    assert queue.sender_now(ill).alarm == cause
    queue.put(well)
    others = queue.claim()
    assert [each.sender for each in others] == ["4747"]
    queue.complete(others)
    assert queue.sender_now(ill).alarm == cause
    assert queue.claim() == []
    end_of_hold(queue)
    again = queue.claim()
    assert ids(again) == ids(first)
    queue.complete(again)
    assert (queue.sender_now(ill).alarm, queue.sender_now(ill).held_until) == (None, None)


def test_a_trouble_that_stays_holds_the_queue_again(queue: Queue) -> None:
    ill = queue.sender("4646", queue.story.school_id)
    queue.put(ill)
    for _ in range(2):
        queue.complete(queue.claim(), NotSent(Cause.CREDENTIALS, "20003", retry_after=0.0))
        assert queue.claim() == []
        assert queue.sender_now(ill).alarm == Cause.CREDENTIALS
        end_of_hold(queue)
    assert len(queue.claim()) == 1


def test_an_address_the_sender_cannot_reach_waits_alone(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (unreached,) = queue.put(sender)
    queue.complete(queue.claim(), NotSent(Cause.ROUTE, "21408", retry_after=0.0))
    kept = queue.row(unreached)
    assert (kept.state, kept.why, kept.code) == (State.QUEUED, Cause.ROUTE, "21408")
    assert kept.due_at - kept.made_at > timedelta(seconds=LONGEST_PAUSE)
    assert (queue.sender_now(sender).alarm, queue.sender_now(sender).held_until) == (None, None)
    (other,) = queue.put(sender, address="+64215550102")
    assert ids(queue.claim()) == [other]


def test_many_addresses_it_cannot_reach_are_the_senders_fault_yet_its_queue_goes_on(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    put = [queue.put(sender, address=f"+6421555010{number}")[0] for number in range(MANY_UNREACHED)]
    queue.complete(queue.claim(), NotSent(Cause.ROUTE, "21612"))
    assert (queue.sender_now(sender).alarm, queue.sender_now(sender).held_until) == (Cause.ROUTE, None)
    (well,) = queue.put(sender)
    queue.complete(queue.claim())
    assert queue.row(well).state is State.SENT
    assert queue.sender_now(sender).alarm == Cause.ROUTE
    for each in put:
        queue.alter(each, due_at=queue.row(each).made_at)
    for _ in range(2):
        queue.put(sender)
        queue.complete(queue.claim())
    assert queue.sender_now(sender).alarm is None


# what the worker asks


def test_the_schools_whose_log_lags_behind_are_named(queue: Queue) -> None:
    other = queue.school("Kowhai")
    sender = queue.sender("4646", queue.story.school_id, other)

    def named() -> set[uuid.UUID]:
        with queue.runtime.carrier() as session:
            return set(messages.schools_to_settle(session))

    queue.put(sender)
    queue.put(sender, school_id=other)
    assert named() == set()
    queue.complete([each for each in queue.claim() if each.school_id == other])
    assert named() == {other}
    queue.put(sender, lives=-1)
    assert named() == {other, queue.story.school_id}


def test_doubts_are_asked_about_when_they_have_rested(queue: Queue) -> None:
    texts, mails = (
        queue.sender("4646", queue.story.school_id),
        queue.sender("k@k.test", queue.story.school_id, mail=True),
    )
    (wanted,) = queue.put(texts, body="Ka pai, Aroha!")
    queue.put(mails)
    queue.complete(queue.claim(), Uncertain("timeout"))

    def doubtful(rested: float) -> list[tuple[uuid.UUID, str, str, int]]:
        with queue.runtime.carrier() as session:
            found = messages.doubtful_texts(session, older_than=rested)
        return [(each.id, each.body, each.sender, each.attempt) for each in found]

    assert doubtful(60.0) == []
    assert doubtful(-1.0) == [(wanted, "Ka pai, Aroha!", "4646", 1)]


def test_a_carriers_id_is_known_once_it_is_a_deliverys(queue: Queue) -> None:
    queue.put(queue.sender("4646", queue.story.school_id))
    queue.complete(queue.claim(), Accepted("SM1"))
    with queue.runtime.carrier() as session:
        assert messages.known_carrier_ids(session, ["SM1", "SM2"]) == {"SM1"}
