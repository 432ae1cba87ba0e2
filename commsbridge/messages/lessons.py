"""Lessons: what a refusal teaches about a phone or a mailbox is kept, and spares what still waits for it."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from sqlalchemy import func, select

from commsbridge import schools, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.gateways import Cause
from commsbridge.messages.models import Delivery, State
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

# So many texts of a term that found a phone off or out of reach: the number is worth a look.
MANY_UNREACHABLE = 4
# In the holidays there is no term to count in: as long as one.
OUT_OF_TERM = timedelta(weeks=10)


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
    elif cause is Cause.UNREACHABLE:
        _note_silence(work, delivery, delivery.address)


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


def _note_silence(work: Work, delivery: Delivery, address: str) -> None:
    """A phone that was off time after time in a term may be the wrong one: the office is asked to check the number."""
    today = schools.today(work)
    calendar = schools.calendar_of(work)
    term = calendar.term_of(today)
    began = calendar.moment(term.first_on, time()) if term else work.now - OUT_OF_TERM
    failed = select(func.count(Delivery.id)).where(
        Delivery.address == address,
        Delivery.state == State.FAILED,
        Delivery.why == Cause.UNREACHABLE,
        Delivery.made_at >= began,
    )
    work.session.flush()
    if delivery.contact_id is None or (work.session.scalar(failed) or 0) < MANY_UNREACHABLE:
        return
    for way in whanau.ways_in_use(work, delivery.contact_id):
        if way.address == address and way.channel == delivery.channel:
            tasks.give_task(
                work,
                TaskKind.MEND_ADDRESS,
                role=OFFICE,
                contact_id=way.contact_id,
                subject_id=way.id,
                words=Cause.UNREACHABLE.value,
            )


def _mark_ways(work: Work, delivery: Delivery, address: str, cause: Cause) -> None:
    for way in whanau.mark_ways(work, address=address, state=LESSON[cause], why=cause.value):
        tasks.give_task(
            work, TaskKind.MEND_ADDRESS, role=OFFICE, contact_id=way.contact_id, subject_id=way.id, words=cause.value
        )
    same = Delivery.address == address, Delivery.channel == delivery.channel
    give_up(work, [each for each in waiting_deliveries(work, *same) if each.sender_id], Why.ADDRESS_WRONG)
