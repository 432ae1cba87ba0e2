"""What went at a moment gone by: history that is written down afterwards, as the demo's school has one.

A worker's claim asks the database's clock, so it never takes a delivery whose hours are over. These two ask the clock
of the act instead; they are for one hand at a time, with no worker beside it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commsbridge.foundation.work import Work
from commsbridge.messages.claiming import Claimed
from commsbridge.messages.gateways import Accepted, Refused
from commsbridge.messages.lessons import take_lesson
from commsbridge.messages.models import Delivery, State
from commsbridge.messages.outbox import Finished
from commsbridge.messages.telling import log_state
from commsbridge.schools import Sender


def due_then(work: Work, *, by: datetime) -> list[tuple[datetime, Claimed]]:
    """This school's deliveries that fell due by a moment (UTC), each with when, in the order they would have gone."""
    rows = work.session.execute(
        select(Delivery, Sender.address)
        .join(Sender, Sender.id == Delivery.sender_id)
        .where(Delivery.state == State.QUEUED, Delivery.due_at <= by)
        .order_by(Delivery.due_at, Delivery.lane, Delivery.after_id.is_not(None), Delivery.made_at, Delivery.id)
        .with_for_update(of=Delivery)
    )
    return [(delivery.due_at, _claimed(delivery, sender)) for delivery, sender in rows]


def record_then(work: Work, finished: Finished) -> None:
    """Record what the carrier answered to a delivery of ``due_then`` at ``work.now``, and tell the log.

    Raises ValueError for anything but a yes or a no: history has nothing in doubt.
    """
    delivery = work.session.get_one(Delivery, finished.claimed.id)
    delivery.attempt, delivery.settled_at = finished.claimed.attempt, work.now
    match finished.outcome:
        case Accepted(carrier_id):
            delivery.state, delivery.carrier_id, delivery.sent_at, delivery.why = State.SENT, carrier_id, work.now, None
            log_state(work, delivery)
        case Refused(cause, code):
            delivery.state, delivery.why, delivery.code = State.FAILED, cause.value, code
            log_state(work, delivery)
            take_lesson(work, delivery, cause)
        case _:
            raise ValueError("the carrier gave no answer")
    work.session.flush()


def _claimed(delivery: Delivery, sender: str) -> Claimed:
    if delivery.sender_id is None or delivery.address is None:
        raise ValueError("a queued delivery has a sender and an address")
    return Claimed(
        id=delivery.id,
        school_id=delivery.school_id,
        sender_id=delivery.sender_id,
        contact_id=delivery.contact_id,
        channel=delivery.channel,
        address=delivery.address,
        subject=delivery.subject,
        body=delivery.body,
        html=delivery.html,
        units=delivery.units,
        lane=delivery.lane,
        attempt=delivery.attempt + 1,
        lives=(delivery.expires_at - delivery.due_at).total_seconds(),
        sender=sender,
        alarm=None,
        language=delivery.language,
    )
