"""The claim through the real carrier's door: who goes first, at what pace, and never twice."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from commsbridge import messages
from commsbridge.foundation.errors import Conflict
from commsbridge.messages import Claimed, State
from commsbridge.messages.models import Lane
from tests.rooms.queue import Queue

# What the transaction has read of the table so far, whether it could use it or not.
READ_OF_DELIVERIES = text(
    "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables "
    "WHERE relname = 'deliveries'"
)


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
    slow = queue.sender("4646", queue.story.school_id, rate=5, burst=20)
    fast = queue.sender("4747", queue.story.school_id)
    queue.put(slow, 200)
    queue.put(fast, 10)
    before = time.monotonic()
    first = [each.sender for each in queue.claim(200)]
    after = time.monotonic()
    assert (first.count("4646"), first.count("4747")) == (20, 10)
    more = 0
    while time.monotonic() - after < 1:
        asked = time.monotonic()
        more += len(queue.claim(200))
    # Whatever the machine does meanwhile, the database asked its clock between these moments.
    assert 5 * (asked - after) - 1 <= more <= 5 * (time.monotonic() - before) + 1


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
    assert time.monotonic() - began > 0.25


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


def test_a_claim_reads_no_more_where_the_statistics_do_not_know_how_much_waits(queue: Queue) -> None:
    ours = [queue.school(f"School {number}") for number in range(30)]
    sender = queue.sender("4000", *ours)
    for school_id in ours:
        queue.put(sender, 50, school_id=school_id)
    with queue.runtime.carrier() as session:
        taken = messages.claim(session, worker="one", slots=10)
        read = session.scalar(READ_OF_DELIVERIES)
    assert len(taken) == 10
    assert read < 200, "of 1,500 that wait"
