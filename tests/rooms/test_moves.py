"""Moves: the database lets a delivery go only where the code says one may go, and writes every move down."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from commsbridge import messages
from commsbridge.messages import Delivery, IllegalMove, State
from commsbridge.messages.gateways import Arrival, Cause, NotSent, Receipt
from commsbridge.messages.moves import MOVES, diagram
from tests.rooms.posting import Posting
from tests.rooms.queue import Queue

GUARDS: dict[tuple[State, State], dict[str, object]] = {
    (State.QUEUED, State.SENDING): {"attempt": 2, "worker": "one"},
    (State.QUEUED, State.UNCERTAIN): {"code": "restored"},
}


@pytest.fixture
def waiting(posting: Posting) -> Delivery:
    return posting.of(posting.praise("aroha"))["ngaire"]


def copy_in(posting: Posting, delivery: Delivery, state: str) -> str:
    """A delivery that stands somewhere without having moved there, as a restored backup has them."""
    lease = "now()" if state == "sending" else "NULL"
    with posting.story.work() as work:
        made = work.session.scalar(
            text(
                "INSERT INTO deliveries (message_id, channel, address, sender_id, language, body, state, due_at, "
                "expires_at, made_at, attempt, why, lease_until) SELECT message_id, channel, address, sender_id, "
                f"language, body, :state, due_at, expires_at, made_at, 1, 'same_phone', {lease} FROM deliveries "
                "WHERE id = :id RETURNING id"
            ),
            {"id": delivery.id, "state": state},
        )
    return str(made)


def move(posting: Posting, moved: str, state: str, **columns: object) -> None:
    lease = "now()" if state == "sending" else "NULL"
    assigned = "".join(f", {name} = :{name}" for name in columns)
    statement = f"UPDATE deliveries SET state = :state, lease_until = {lease}{assigned} WHERE id = :id"
    with posting.story.work() as work:
        work.session.execute(text(statement), {"state": state, "id": moved, **columns})


def test_the_database_knows_the_same_moves_as_the_code(posting: Posting, waiting: Delivery) -> None:
    allowed = set()
    for before, after in itertools.permutations(State, 2):
        moved = copy_in(posting, waiting, before)
        try:
            move(posting, moved, after, **GUARDS.get((before, after), {}))
        except IntegrityError:
            continue
        allowed.add((before, after))
    assert allowed == set(MOVES)


@pytest.mark.parametrize(
    ("before", "after", "columns", "fault"),
    [
        ("queued", "sending", {"attempt": 1, "worker": "one"}, "counts the try"),
        ("queued", "sending", {"attempt": 2}, "names its worker"),
        ("sending", "sent", {"attempt": 2}, "the try that was claimed"),
        ("queued", "sent", {"attempt": 0}, "never tried"),
        ("cancelled", "failed", {"attempt": 0}, "never tried"),
        ("cancelled", "queued", {}, "stays withdrawn"),
        ("queued", "uncertain", {}, "in no doubt"),
        ("delivered", "queued", {}, "no delivery goes so"),
    ],
)
def test_what_guards_a_move_is_guarded_by_the_database(
    posting: Posting, waiting: Delivery, before: str, after: str, columns: dict[str, object], fault: str
) -> None:
    moved = copy_in(posting, waiting, before)
    if fault == "stays withdrawn":
        with posting.story.work() as work:
            work.session.execute(text("UPDATE deliveries SET why = 'stopped' WHERE id = :id"), {"id": moved})
    with pytest.raises(IntegrityError, match=fault):
        move(posting, moved, after, **columns)


def test_code_that_moves_a_delivery_as_none_may_go_is_told_so_at_once(posting: Posting, waiting: Delivery) -> None:
    with posting.story.work() as work:
        delivery = work.session.get_one(Delivery, waiting.id)
        with pytest.raises(IllegalMove, match="from queued to by_hand"):
            delivery.state = State.BY_HAND


def test_every_move_is_written_down_with_its_time_its_hands_and_its_cause(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (put,) = queue.put(sender)
    queue.complete(queue.claim(worker="one", lease=-1), busy())
    queue.alter(put, due_at=queue.row(put).made_at)
    queue.complete(queue.claim(worker="two"), worker="two")
    with queue.story.work() as work:
        messages.take_receipt(work, put, receipt())
        moves = messages.moves_of(work, put)
        told = [(each.name, each.attempt, each.worker, each.why) for each in moves]
        assert told == [
            ("claimed", 1, "one", None),
            ("surely not sent", 1, "one", "busy"),
            ("claimed", 2, "two", None),
            ("accepted", 2, "two", None),
            ("arrived", 2, None, None),
        ]
        assert [each.at for each in moves] == sorted(each.at for each in moves)


def busy() -> NotSent:
    return NotSent(Cause.BUSY, "429", retry_after=0.0)


def receipt() -> Receipt:
    return Receipt("token", "SM1", Arrival.DELIVERED, "SM1/delivered")


def test_what_is_undone_was_never_moved(posting: Posting, waiting: Delivery) -> None:
    with pytest.raises(RuntimeError), posting.story.work() as work:  # noqa: PT012 - the act is what fails
        work.session.get_one(Delivery, waiting.id).state = State.CANCELLED
        work.session.flush()
        raise RuntimeError
    with posting.story.work() as work:
        assert messages.moves_of(work, waiting.id) == []


@pytest.mark.parametrize("statement", ["UPDATE delivery_moves SET attempt = 9", "DELETE FROM delivery_moves"])
def test_a_move_that_was_written_down_stays(queue: Queue, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), queue.story.work() as work:
        work.session.execute(text(statement))


def test_nobody_writes_a_move_that_never_was(queue: Queue) -> None:
    forged = text(
        "INSERT INTO delivery_moves (school_id, delivery_id, came_from, went_to, attempt) "
        "VALUES (current_school(), gen_random_uuid(), 'sending', 'sent', 1)"
    )
    with pytest.raises(DBAPIError, match="permission denied"), queue.story.work() as work:
        work.session.execute(forged)


def test_the_diagram_shows_the_moves_as_they_are(checkout: Path) -> None:
    written = (checkout / "docs" / "architecture.md").read_text("utf-8")
    assert "\n".join(["```mermaid", *diagram(), "```"]) in written
