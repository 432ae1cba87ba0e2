"""Receipts: what carriers report later, folded by rank, each once, in whatever order they come."""

from __future__ import annotations

import uuid

from sqlalchemy.dialects.postgresql import insert

from commsbridge import tasks
from commsbridge.foundation.work import Work
from commsbridge.messages.gateways import Arrival, Receipt
from commsbridge.messages.lessons import cause_of, take_lesson
from commsbridge.messages.models import Delivery, DeliveryReceipt, State
from commsbridge.messages.telling import log_state
from commsbridge.tasks import TaskKind

# Twilio's own order of message statuses; a final one is never overwritten by an earlier (docs: callbacks may come twice
# and out of order). "read" is above all: it proves arrival.
RANK = {
    Arrival.ACCEPTED: 1,
    Arrival.QUEUED: 2,
    Arrival.SENDING: 3,
    Arrival.SENT: 4,
    Arrival.DELIVERED: 6,
    Arrival.UNDELIVERED: 5,
    Arrival.FAILED: 5,
    Arrival.READ: 7,
}
STATE = {
    Arrival.ACCEPTED: State.SENT,
    Arrival.QUEUED: State.SENT,
    Arrival.SENDING: State.SENT,
    Arrival.SENT: State.SENT,
    Arrival.DELIVERED: State.DELIVERED,
    Arrival.UNDELIVERED: State.FAILED,
    Arrival.FAILED: State.FAILED,
    Arrival.READ: State.DELIVERED,
}
OUT = frozenset({State.SENDING, State.SENT, State.UNCERTAIN, State.FAILED, State.DELIVERED})


def take_receipt(work: Work, delivery_id: uuid.UUID, receipt: Receipt) -> bool:
    """Fold one report into its delivery and the log; True when it told something new. A repeat changes nothing.

    A report about a delivery whose sending was in doubt settles the doubt, also where it waits to be tried again: the
    carrier has it. A report about one that was never handed over is nobody's, and changes nothing.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or (delivery.state not in OUT and delivery.attempt == 0):
        return False
    written = insert(DeliveryReceipt).values(
        id=uuid.uuid4(),
        delivery_id=delivery.id,
        key=receipt.key[:160],
        arrival=receipt.arrival.value,
        cause=receipt.cause.value if receipt.cause else None,
        code=receipt.code,
        at=receipt.at or work.now,
    )
    first = work.session.scalar(written.on_conflict_do_nothing().returning(DeliveryReceipt.id))
    rank = RANK[receipt.arrival]
    if first is None or rank <= delivery.rank:
        return False
    delivery.rank = rank
    delivery.carrier_id = delivery.carrier_id or receipt.carrier_id or None
    _advance(work, delivery, receipt)
    work.session.flush()
    return True


def _advance(work: Work, delivery: Delivery, receipt: Receipt) -> None:
    state = STATE[receipt.arrival]
    if delivery.state == State.DELIVERED and state is not State.DELIVERED:
        return
    changed = delivery.state != state
    if delivery.state == State.UNCERTAIN:
        tasks.close_tasks_about(work, TaskKind.SETTLE_UNCERTAIN, delivery.id, outcome=state.value)
    delivery.state, delivery.held_until, delivery.lease_until, delivery.worker = state, None, None, None
    delivery.sent_at = delivery.sent_at or receipt.at or work.now
    delivery.settled_at = work.now
    delivery.code = receipt.code
    delivery.why = receipt.cause.value if receipt.cause else None
    if changed:
        log_state(work, delivery)
    if state is State.FAILED:
        take_lesson(work, delivery, cause_of(delivery))
