"""Receipts: folded by rank in whatever order they come, each once; what they teach is kept and told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from commsbridge import messages, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.messages import Answered, Delivery, State, Why
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.messages.models import DeliveryReceipt
from commsbridge.messages.receipts import RANK, STATE
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, ConsentEntry, ConsentKind, WayState
from tests.rooms.posting import Posting

NGAIRE = "+64215550101"
FOLDED = {
    Moment.SENT: State.SENT,
    Moment.ARRIVED: State.DELIVERED,
    Moment.DID_NOT_ARRIVE: State.FAILED,
    Moment.UNCERTAIN: State.UNCERTAIN,
}


def written(posting: Posting, child: str = "aroha", contact: str = "ngaire", *, words: str = "Ka pai!") -> Delivery:
    """A praise that waits, to somebody welcomed long since."""
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts[contact].id])
    return posting.of(posting.praise(child, words=words))[contact]


def sent(posting: Posting, child: str = "aroha", contact: str = "ngaire", *, words: str = "Ka pai!") -> Delivery:
    """A praise that the carrier has taken, to somebody welcomed long since."""
    delivery = written(posting, child, contact, words=words)
    posting.gone(delivery)
    return posting.delivery(delivery.id)


def ways(posting: Posting, contact: str) -> list[tuple[Channel, WayState]]:
    with posting.story.work() as work:
        found = whanau.ways_in_use(work, posting.story.contacts[contact].id)
        return [(each.channel, each.state) for each in found]


# order


@pytest.mark.parametrize("arrival", Arrival)
def test_every_report_is_told_in_our_own_words(posting: Posting, arrival: Arrival) -> None:
    delivery = sent(posting)
    assert posting.receipt(delivery.id, arrival)
    assert posting.delivery(delivery.id).state is STATE[arrival]


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(Arrival), min_size=1, max_size=8),
    st.sampled_from(["sending", "sent", "uncertain", "queued"]),
)
def test_in_any_order_the_highest_report_stands_and_the_log_says_what_the_delivery_says(
    posting: Posting, arrivals: Sequence[Arrival], begins: str
) -> None:
    delivery = written(posting)
    posting.in_state(delivery, begins)
    for arrival in arrivals:
        posting.receipt(delivery.id, arrival)
    posting.settle()
    kept = posting.delivery(delivery.id)
    highest = max(arrivals, key=lambda arrival: RANK[arrival])
    assert kept.state is STATE[highest]
    told = [moment for moment in posting.about(delivery) if moment in FOLDED]
    assert FOLDED[told[-1]] is kept.state
    assert len(told) <= len(set(arrivals)) + 2


def test_a_report_that_comes_twice_is_kept_once(posting: Posting) -> None:
    delivery = sent(posting)
    assert posting.receipt(delivery.id, Arrival.DELIVERED)
    assert not posting.receipt(delivery.id, Arrival.DELIVERED)
    with posting.story.work() as work:
        kept = work.session.scalars(select(DeliveryReceipt).where(DeliveryReceipt.delivery_id == delivery.id)).all()
    assert [each.arrival for each in kept] == ["delivered"]
    assert posting.about(delivery) == [Moment.SENT, Moment.ARRIVED]


def test_an_earlier_report_that_comes_later_is_kept_and_changes_nothing(posting: Posting) -> None:
    delivery = sent(posting)
    posting.receipt(delivery.id, Arrival.DELIVERED)
    assert not posting.receipt(delivery.id, Arrival.SENT)
    assert posting.delivery(delivery.id).state is State.DELIVERED


# whose


@pytest.mark.parametrize("state", ["queued", "held", "cancelled", "by_hand"])
def test_a_report_about_what_was_never_handed_over_is_nobodys(posting: Posting, state: str) -> None:
    delivery = posting.of(posting.praise("aroha"))["ngaire"]
    posting.in_state(delivery, state, attempt=0)
    assert not posting.receipt(delivery.id, Arrival.DELIVERED)
    assert posting.delivery(delivery.id).state is State(state)
    assert posting.about(delivery) == []


def test_a_report_about_an_unknown_delivery_changes_nothing(posting: Posting) -> None:
    assert not posting.receipt(uuid.uuid4(), Arrival.DELIVERED)


@pytest.mark.parametrize("state", ["queued", "held", "cancelled"])
def test_what_turns_out_to_have_gone_is_not_sent_a_second_time(posting: Posting, state: str) -> None:
    delivery = posting.of(posting.praise("aroha"))["ngaire"]
    posting.in_state(delivery, state, attempt=1)
    assert posting.receipt(delivery.id, Arrival.SENT)
    assert posting.delivery(delivery.id).state is State.SENT


# lessons


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        (Cause.BAD_ADDRESS, WayState.WRONG),
        (Cause.NOT_IN_SERVICE, WayState.WRONG),
        (Cause.NOT_TEXTABLE, WayState.NOT_TEXTABLE),
        (Cause.UNREACHABLE, WayState.OK),
        (Cause.BLOCKED, WayState.OK),
        (Cause.UNKNOWN, WayState.OK),
        (None, WayState.OK),
    ],
)
def test_a_failure_teaches_what_it_can(posting: Posting, cause: Cause | None, state: WayState) -> None:
    delivery = sent(posting)
    posting.receipt(delivery.id, Arrival.FAILED, cause=cause, code="30000")
    assert ways(posting, "ngaire") == [(Channel.TEXT, state)]
    assert posting.about(delivery)[-1] is Moment.DID_NOT_ARRIVE
    given_to_office = posting.tasks_of("jan", Role.OFFICE)
    assert [each.kind for each in given_to_office] == ([] if state is WayState.OK else [TaskKind.MEND_ADDRESS])


def test_a_phone_that_cannot_get_texts_can_still_be_rung(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        ngaire = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        messages.change_ways(work, ngaire, [(Channel.TEXT, NGAIRE), (Channel.CALL, NGAIRE)])
    posting.receipt(sent(posting).id, Arrival.UNDELIVERED, cause=Cause.NOT_TEXTABLE, code="30006")
    assert ways(posting, "ngaire") == [(Channel.TEXT, WayState.NOT_TEXTABLE), (Channel.CALL, WayState.OK)]
    assert len(posting.tasks_of("jan", Role.OFFICE)) == 1
    assert posting.of(posting.praise("aroha"))["ngaire"].channel == "call"


def test_the_same_dead_number_is_one_task_however_many_texts_fail(posting: Posting) -> None:
    for number in range(3):
        delivery = sent(posting, words=f"{number}")
        posting.receipt(delivery.id, Arrival.FAILED, cause=Cause.UNREACHABLE)
        posting.receipt(delivery.id, Arrival.READ)
    gone = [sent(posting, words=f"more {number}") for number in range(2)]
    for delivery in gone:
        posting.receipt(delivery.id, Arrival.FAILED, cause=Cause.NOT_IN_SERVICE, code="30005")
    assert len(posting.tasks_of("jan", Role.OFFICE)) == 1


def test_what_still_waits_for_a_dead_number_is_given_up_and_the_teacher_told(posting: Posting) -> None:
    posting.praise("aroha")
    welcome, praise = posting.all_to("ngaire")
    posting.refused(welcome, Cause.NOT_IN_SERVICE, "30005")
    kept = posting.delivery(praise.id)
    assert (kept.state, kept.why) == (State.FAILED, Why.ADDRESS_WRONG)
    with posting.story.work("walsh") as work:
        told = messages.did_not_arrive(work, [posting.story.students["aroha"].id], since=posting.clock())
    assert {delivery.id for delivery, _ in told} == {welcome.id, praise.id}


def test_a_stop_that_only_the_carrier_knew_enters_the_ledger_and_stops_what_waits(posting: Posting) -> None:
    posting.praise("aroha")
    welcome, praise = posting.all_to("ngaire")
    posting.refused(welcome, Cause.OPTED_OUT, "21610")
    with posting.story.work() as work:
        (entry,) = work.session.scalars(select(ConsentEntry)).all()
    assert (entry.kind, entry.address, entry.evidence, entry.evidence_id) == (
        ConsentKind.STOP,
        NGAIRE,
        "carrier",
        welcome.id,
    )
    assert posting.opt_outs() == {NGAIRE}
    assert (posting.delivery(praise.id).state, posting.delivery(praise.id).why) == (State.CANCELLED, Why.STOPPED)


def test_a_mailbox_that_unsubscribed_at_the_carrier_is_unsubscribed(posting: Posting) -> None:
    delivery = sent(posting, contact="dave")
    posting.receipt(delivery.id, Arrival.FAILED, cause=Cause.OPTED_OUT)
    with posting.story.work() as work:
        assert [each.kind for each in work.session.scalars(select(ConsentEntry))] == [ConsentKind.UNSUBSCRIBE]
    assert "dave" not in posting.of(posting.praise("aroha"))


def test_a_strangers_stop_is_kept_though_nobody_knows_them(posting: Posting) -> None:
    stranger = "+64215559999"
    with posting.story.work() as work:
        answer = messages.answer_stranger(work, Answered(stranger, posting.story.texts, None, "both"))
    assert answer is not None
    posting.refused(answer, Cause.OPTED_OUT, "21610")
    with posting.story.work() as work:
        (entry,) = work.session.scalars(select(ConsentEntry)).all()
    assert (entry.address, entry.contact_id) == (stranger, None)


# doubts that only a person can settle


def doubtful_mail(posting: Posting) -> Delivery:
    delivery = written(posting, contact="dave")
    posting.in_state(delivery, "uncertain")
    posting.settle()
    return delivery


def test_a_mail_in_doubt_is_given_to_the_teacher_who_wrote_it(posting: Posting) -> None:
    delivery = doubtful_mail(posting)
    posting.settle()
    (task,) = posting.tasks_of("walsh")
    assert (task.kind, task.subject_id) == (TaskKind.SETTLE_UNCERTAIN, delivery.id)
    assert posting.about(delivery)[-1] is Moment.UNCERTAIN


def test_a_text_in_doubt_is_the_carriers_to_answer(posting: Posting) -> None:
    posting.in_state(written(posting), "uncertain")
    posting.settle()
    assert posting.tasks_of("walsh") == []


def test_a_late_report_closes_the_task(posting: Posting) -> None:
    delivery = doubtful_mail(posting)
    posting.receipt(delivery.id, Arrival.DELIVERED)
    assert posting.tasks_of("walsh") == []
    assert posting.delivery(delivery.id).state is State.DELIVERED


@pytest.mark.parametrize(("reached", "state"), [(True, State.DELIVERED), (False, State.FAILED)])
def test_a_teacher_says_what_came_of_it(posting: Posting, *, reached: bool, state: State) -> None:
    delivery = doubtful_mail(posting)
    (task,) = posting.tasks_of("walsh")
    with posting.story.work("walsh") as work:
        messages.close_by_hand(work, task.id, told=reached)
    assert posting.delivery(delivery.id).state is state
    assert posting.tasks_of("walsh") == []
    with pytest.raises(Conflict), posting.story.work("walsh") as work:
        messages.close_by_hand(work, task.id, told=reached)
    with pytest.raises(NotFound), posting.story.work("walsh") as work:
        messages.close_by_hand(work, uuid.uuid4(), told=reached)
