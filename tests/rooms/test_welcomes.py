"""The welcome: ahead of the first message anybody gets, exactly once, whoever writes and whatever happens to it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from commsbridge import messages
from commsbridge.messages import MessageKind, State, Why
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.partnership import Moment
from commsbridge.whanau import Channel, Contact, MayMessage
from tests.rooms.posting import Posting


def kinds(posting: Posting, contact: str) -> list[tuple[MessageKind, State]]:
    """What was written to a contact, a welcome before what waits for it."""
    with posting.story.work() as work:
        found = [messages.delivery_of(work, each.id) for each in posting.all_to(contact)]
        return [(each[1].kind, each[0].state) for each in found if each]


def welcomed(posting: Posting, contact: str) -> bool:
    with posting.story.work() as work:
        return work.session.get_one(Contact, posting.story.contacts[contact].id).welcomed_at is not None


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each act on a thread of its own, all begun at the same moment."""
    gate = threading.Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_the_welcome_goes_first_and_the_praise_waits_for_it(posting: Posting) -> None:
    posting.praise("aroha")
    welcome, praise = posting.all_to("ngaire")
    assert praise.after_id == welcome.id
    assert (welcome.channel, welcome.address) == (praise.channel, praise.address)
    assert welcome.body.startswith("Rimu Road School: Kia ora Ngaire.")
    assert posting.moments("aroha")[0][0] in {Moment.PRAISE, Moment.WELCOME}


def test_nobody_is_welcomed_twice(posting: Posting) -> None:
    posting.arrived(posting.praise("aroha"))
    posting.clock.forward(minutes=1)
    posting.praise("aroha", words="Again!")
    assert [kind for kind, _ in kinds(posting, "ngaire")] == [
        MessageKind.WELCOME,
        MessageKind.PRAISE,
        MessageKind.PRAISE,
    ]
    assert posting.all_to("ngaire")[-1].after_id is None


def test_a_sibling_praised_while_the_welcome_waits_waits_for_the_same_welcome(posting: Posting) -> None:
    posting.praise("aroha")
    posting.clock.forward(seconds=5)
    second = posting.of(posting.praise("wi", by="fox"))["ngaire"]
    (welcome,) = posting.all_to("ngaire", MessageKind.WELCOME)
    assert second.after_id == welcome.id


def test_taking_the_first_praise_back_leaves_the_welcome_to_the_siblings(posting: Posting) -> None:
    first = posting.praise("aroha")
    posting.clock.forward(seconds=5)
    second = posting.praise("wi", by="fox")
    posting.undo(first)
    assert kinds(posting, "ngaire") == [
        (MessageKind.WELCOME, State.QUEUED),
        (MessageKind.PRAISE, State.CANCELLED),
        (MessageKind.PRAISE, State.QUEUED),
    ]
    posting.undo(second, by="fox")
    assert {state for _, state in kinds(posting, "ngaire")} == {State.CANCELLED}
    assert not welcomed(posting, "ngaire")


def test_a_welcome_taken_back_comes_before_the_next_praise(posting: Posting) -> None:
    posting.undo(posting.praise("aroha"))
    posting.clock.forward(minutes=1)
    posting.praise("aroha")
    assert kinds(posting, "ngaire")[2:] == [(MessageKind.WELCOME, State.QUEUED), (MessageKind.PRAISE, State.QUEUED)]


def test_a_welcome_that_has_gone_stays_when_the_praise_after_it_is_taken_back(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    for contact in ("ngaire", "dave"):
        posting.gone(posting.all_to(contact)[0])
    posting.undo(message_id)
    assert kinds(posting, "ngaire") == [(MessageKind.WELCOME, State.SENT), (MessageKind.PRAISE, State.CANCELLED)]
    assert welcomed(posting, "ngaire")


def test_a_welcome_that_did_not_arrive_is_written_again(posting: Posting) -> None:
    posting.praise("aroha")
    posting.refused(posting.all_to("ngaire")[0], Cause.UNREACHABLE)
    assert not welcomed(posting, "ngaire")
    posting.clock.forward(minutes=1)
    posting.praise("aroha")
    assert [kind for kind, _ in kinds(posting, "ngaire")].count(MessageKind.WELCOME) == 2


def test_a_welcome_that_arrives_after_all_is_a_welcome(posting: Posting) -> None:
    posting.praise("aroha")
    welcome = posting.all_to("ngaire")[0]
    posting.gone(welcome)
    posting.receipt(welcome.id, Arrival.FAILED, cause=Cause.UNKNOWN)
    assert not welcomed(posting, "ngaire")
    posting.receipt(welcome.id, Arrival.DELIVERED)
    assert welcomed(posting, "ngaire")


def test_who_said_stop_before_the_welcome_went_is_welcomed_when_they_start_again(posting: Posting) -> None:
    posting.praise("aroha")
    stop = {"channel": Channel.TEXT, "address": "+64215550101", "sender_id": posting.story.texts.id}
    with posting.story.work() as work:
        assert messages.stop_messages(work, evidence="reply", **stop) == 2  # type: ignore[arg-type]
    assert not welcomed(posting, "ngaire")
    with posting.story.work() as work:
        messages.start_messages(work, evidence="reply", **stop)  # type: ignore[arg-type]
    posting.clock.forward(minutes=1)
    posting.praise("aroha")
    assert kinds(posting, "ngaire")[2:] == [(MessageKind.WELCOME, State.QUEUED), (MessageKind.PRAISE, State.QUEUED)]


def test_a_sibling_does_not_wait_for_a_welcome_that_is_held(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        pause = messages.pause(work, student_id=posting.story.students["aroha"].id)
    posting.praise("aroha")
    posting.clock.forward(minutes=1)
    posting.praise("wi", by="fox")
    assert kinds(posting, "ngaire") == [
        (MessageKind.WELCOME, State.HELD),
        (MessageKind.PRAISE, State.HELD),
        (MessageKind.WELCOME, State.QUEUED),
        (MessageKind.PRAISE, State.QUEUED),
    ]
    with posting.story.work("burns") as work:
        messages.end_pause(work, pause.id)
    posting.settle()
    assert [state for _, state in kinds(posting, "ngaire")][:2] == [State.CANCELLED, State.QUEUED]
    assert welcomed(posting, "ngaire")


def test_what_is_held_after_a_held_welcome_waits_for_that_one(posting: Posting) -> None:
    first = posting.of(posting.praise("hemi"))["tia"]
    posting.clock.forward(minutes=1)
    second = posting.of(posting.praise("hemi"))["tia"]
    assert (first.state, second.state, second.why) == (State.HELD, State.HELD, Why.ACCESS_UNCONFIRMED)
    assert first.after_id == second.after_id is not None
    with posting.story.work("leota") as work:
        tia, hemi = posting.story.contacts["tia"], posting.story.students["hemi"]
        messages.set_access(work, tia.id, hemi.id, may_message=MayMessage.YES, reason=None)
    posting.settle()
    assert [state for _, state in kinds(posting, "tia")] == [State.QUEUED] * 3


def test_what_a_person_carries_needs_no_welcome(posting: Posting) -> None:
    posting.praise("leo", by="fox")
    assert [kind for kind, _ in kinds(posting, "sina")] == [MessageKind.PRAISE]
    assert not welcomed(posting, "sina")


# at the same moment, in transactions of their own


CHILDREN = {"walsh": "aroha", "fox": "wi"}  # whom each of them praises: two children of one home


def test_two_teachers_who_praise_two_siblings_at_once_welcome_the_home_once(committed: Posting) -> None:
    for _ in range(3):
        sent = at_once(*(partial(committed.praise, child, by=by) for by, child in CHILDREN.items()))
        (welcome,) = (each for each in committed.all_to("ngaire", MessageKind.WELCOME) if each.state is State.QUEUED)
        assert {committed.of(each)["ngaire"].after_id for each in sent} == {welcome.id}
        for by, message_id in zip(CHILDREN, sent, strict=True):
            committed.undo(message_id, by=by)


def test_taking_back_and_praising_a_sibling_at_once_never_loses_the_welcome(committed: Posting) -> None:
    for _ in range(5):
        first = committed.praise("aroha")
        _, second = at_once(partial(committed.undo, first), partial(committed.praise, "wi", by="fox"))
        assert isinstance(second, uuid.UUID)
        after = committed.of(second)["ngaire"].after_id
        assert after is not None
        assert committed.delivery(after).state is State.QUEUED
        committed.undo(second, by="fox")


def test_the_same_form_sent_twice_at_one_moment_is_one_message(committed: Posting) -> None:
    for number in range(5):
        again = partial(committed.praise, "aroha", words="Ka pai!", once_key=f"form-{number}")
        first, second = at_once(again, again)
        assert first == second
    assert len(committed.all_to("ngaire", MessageKind.PRAISE)) == 5
