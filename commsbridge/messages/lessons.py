"""Lessons: what a refusal teaches about a phone or a mailbox is kept, and spares what still waits for it."""

from __future__ import annotations

import uuid

from commsbridge import tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.gateways import Cause
from commsbridge.messages.models import Delivery
from commsbridge.messages.planning import Why
from commsbridge.messages.telling import OFFICE
from commsbridge.messages.waiting import cancel, give_up, waiting_deliveries
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, ConsentKind, WayState

# What a refusal teaches about the way it went; every other cause may be gone by tomorrow.
LESSON = {
    Cause.BAD_ADDRESS: WayState.WRONG,
    Cause.NOT_IN_SERVICE: WayState.WRONG,
    Cause.NOT_TEXTABLE: WayState.NOT_TEXTABLE,
}


def cause_of(delivery: Delivery) -> Cause:
    """What the carrier said stood against a delivery; UNKNOWN for what it gave no reason for."""
    return Cause(delivery.why) if delivery.why in set(Cause) else Cause.UNKNOWN


def take_lesson(work: Work, delivery: Delivery, cause: Cause) -> None:
    """Keep what a refusal taught: a dead number is marked and given to the office, an opt-out enters the ledger.

    What else waits for that address does not go: to a dead number it is given up, so that somebody hears of it.
    """
    if delivery.address is None or delivery.sender_id is None:
        return
    if cause is Cause.OPTED_OUT:
        _note_opt_out(work, delivery, delivery.address, delivery.sender_id)
    elif cause in LESSON:
        _mark_ways(work, delivery, delivery.address, cause)


def _note_opt_out(work: Work, delivery: Delivery, address: str, sender_id: uuid.UUID) -> None:
    """The carrier knows of a STOP that we were never told."""
    mail = delivery.channel == Channel.EMAIL
    whanau.note_consent(
        work,
        ConsentKind.UNSUBSCRIBE if mail else ConsentKind.STOP,
        channel=Channel(delivery.channel),
        address=address,
        sender_id=sender_id,
        evidence="carrier",
        evidence_id=delivery.id,
        contact_id=delivery.contact_id,
    )
    same = Delivery.address == address, Delivery.sender_id == sender_id
    cancel(work, waiting_deliveries(work, *same), Why.STOPPED)


def _mark_ways(work: Work, delivery: Delivery, address: str, cause: Cause) -> None:
    for way in whanau.mark_ways(work, address=address, state=LESSON[cause], why=cause.value):
        tasks.give_task(
            work, TaskKind.MEND_ADDRESS, role=OFFICE, contact_id=way.contact_id, subject_id=way.id, words=cause.value
        )
    same = Delivery.address == address, Delivery.channel == delivery.channel
    give_up(work, [each for each in waiting_deliveries(work, *same) if each.sender_id], Why.ADDRESS_WRONG)
