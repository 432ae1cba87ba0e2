"""The outbox through the real carrier's door: what is recorded, who fell silent, and senders in trouble."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from commsbridge import messages
from commsbridge.messages import Claimed, State
from commsbridge.messages.gateways import Accepted, Arrival, Cause, NotSent, Receipt, Refused, Uncertain
from commsbridge.messages.outbox import LONGEST_PAUSE, MANY_UNREACHED, SENDER_PAUSE_SECONDS, pause_before
from tests.rooms.queue import Queue


def ids(claimed: list[Claimed]) -> list[uuid.UUID]:
    return [each.id for each in claimed]


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
    most = max(LONGEST_PAUSE, retry_after or 0.0)
    assert (retry_after or 0.0) <= pause <= most * 1.25
    if retry_after is None or attempt > 1:
        assert pause >= 2.0
        assert pause_before(attempt + 1, retry_after, 0.0) >= pause_before(attempt, retry_after, 0.0)


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
    (waiting,) = queue.put(ill)
    for _ in range(2):
        queue.complete(queue.claim(), NotSent(Cause.CREDENTIALS, "20003", retry_after=0.0))
        queue.alter(waiting, due_at=queue.row(waiting).made_at)
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

    def named() -> dict[uuid.UUID, bool]:
        with queue.runtime.carrier() as session:
            return {each.school_id: each.only_sent for each in messages.schools_to_settle(session)}

    queue.put(sender)
    queue.put(sender, school_id=other)
    assert named() == {}
    queue.complete([each for each in queue.claim() if each.school_id == other])
    assert named() == {other: True}
    queue.put(sender, lives=-1)
    assert named() == {other: True, queue.story.school_id: False}
    queue.put(sender, school_id=other, lives=-1)
    assert named() == {other: False, queue.story.school_id: False}


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
