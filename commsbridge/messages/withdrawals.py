"""Withdrawals: whatever takes a permission away stops what is already waiting, in the same transaction.

So a claim needs no other table, and nothing that was stopped can leave later.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, time

from sqlalchemy import select

from commsbridge import schools, students, tasks, whanau
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.later import stop_photos
from commsbridge.messages.models import Delivery, Message, Photo, Shows
from commsbridge.messages.planning import Why, is_wished
from commsbridge.messages.sharing import pass_on
from commsbridge.messages.waiting import cancel, hold, look_again, release, waiting_deliveries
from commsbridge.students import Student
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Asked, Channel, ConsentKind, Contact, Guardianship, MayMessage, Pause


def stop_messages(
    work: Work,
    *,
    channel: Channel,
    address: str,
    sender_id: uuid.UUID,
    evidence: str,
    evidence_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
) -> int:
    """STOP (a text) or unsubscribe (a mail): holds for every contact on that phone or address, at once.

    Everything waiting for that address from that sender is cancelled, but the answer that says it stopped. Returns how
    many were.
    """
    kind = ConsentKind.UNSUBSCRIBE if channel is Channel.EMAIL else ConsentKind.STOP
    whanau.note_consent(
        work, kind, channel=channel, address=address, sender_id=sender_id, evidence=evidence, evidence_id=evidence_id,
        contact_id=contact_id,
    )  # fmt: skip
    waiting = waiting_deliveries(work, Delivery.address == address, Delivery.sender_id == sender_id)
    return cancel(work, waiting, Why.STOPPED)


def start_messages(
    work: Work,
    *,
    channel: Channel,
    address: str,
    sender_id: uuid.UUID,
    evidence: str,
    evidence_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
) -> None:
    """START: messages may come to this address again. What was cancelled stays cancelled."""
    kind = ConsentKind.RESUBSCRIBE if channel is Channel.EMAIL else ConsentKind.START
    whanau.note_consent(
        work, kind, channel=channel, address=address, sender_id=sender_id, evidence=evidence, evidence_id=evidence_id,
        contact_id=contact_id,
    )  # fmt: skip


def set_access(
    work: Work, contact_id: uuid.UUID, student_id: uuid.UUID, *, may_message: MayMessage, reason: str | None
) -> Guardianship:
    """Say whether a contact may be messaged about a child; what waits for them is cancelled, held or let go."""
    ties = whanau.ties_of(work, [contact_id], on=schools.today(work))[contact_id]
    guardianship = whanau.set_access(work, contact_id, student_id, may_message=may_message, reason=reason)
    waiting = waiting_deliveries(work, Delivery.contact_id == contact_id, Message.student_id == student_id)
    if may_message is not MayMessage.ASK:
        for tie in ties:
            if tie.student_id == student_id:
                tasks.close_tasks_about(work, TaskKind.CONFIRM_ACCESS, tie.id, outcome=may_message.value)
    if may_message is MayMessage.NO:
        cancel(work, waiting, Why.NOT_ALLOWED)
        pass_on(work, waiting)
    elif may_message is MayMessage.ASK:
        hold(work, waiting, Why.ACCESS_UNCONFIRMED, until_on=None)
        pass_on(work, waiting)
    else:
        release(work, [each for each in waiting if each.why == Why.ACCESS_UNCONFIRMED])
    return guardianship


def set_wishes(
    work: Work, contact_id: uuid.UUID, asked: Asked, *, evidence: str, evidence_id: uuid.UUID | None = None
) -> int:
    """A contact asks for less, or for more again: what waits and is no longer wished for is cancelled. How many were.

    What was cancelled stays so; what still goes, goes in the hours they now like. ``evidence``: "staff" or "link".
    """
    whanau.set_wishes(work, contact_id, asked, evidence=evidence, evidence_id=evidence_id)
    waiting = waiting_deliveries(work, Delivery.contact_id == contact_id)
    unwished = [each for each in waiting if not _is_wished(work, each)]
    pass_on(work, unwished)
    look_again(work, [each for each in waiting if each not in unwished])
    return cancel(work, unwished, Why.WISHED_OTHERWISE)


def _is_wished(work: Work, delivery: Delivery) -> bool:
    message = work.session.get_one(Message, delivery.message_id)
    if message.student_id is None or delivery.contact_id is None:
        return True
    as_writer = replace(work, actor=Actor.staff(message.staff_id)) if message.staff_id else work
    with_child = whanau.recipients_of(as_writer, message.student_id, on=schools.today(work), sender_ids=())
    recipient = next((each for each in with_child if each.contact_id == delivery.contact_id), None)
    return recipient is None or is_wished(message.kind, recipient, urgent=delivery.urgent)


def set_hours(work: Work, contact: Contact, *, quiet_from: time | None, quiet_until: time | None) -> None:
    """The hours in which a contact wants quiet; what waits for them goes in the hours that are left."""
    if whanau.set_hours(work, contact, quiet_from=quiet_from, quiet_until=quiet_until):
        look_again(work, waiting_deliveries(work, Delivery.contact_id == contact.id))


def pause(
    work: Work,
    *,
    student_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    until_on: date | None = None,
    by_family: bool = False,
    for_safety: bool = False,
) -> Pause:
    """A quiet time for a child's whānau or for one contact: everything waiting is held at once, whoever wrote it."""
    begun = whanau.start_pause(
        work,
        student_id=student_id,
        contact_id=contact_id,
        until_on=until_on,
        by_family=by_family,
        for_safety=for_safety,
    )
    about = Message.student_id == student_id if student_id else Delivery.contact_id == contact_id
    waiting = waiting_deliveries(work, about)
    hold(work, waiting, Why.PAUSED, until_on=until_on)
    if contact_id is not None:
        pass_on(work, waiting)
    return begun


def end_pause(work: Work, pause_id: uuid.UUID, *, for_safety: bool = False) -> Pause:
    """End a quiet time: what it held goes in the hours that fit, unless it has grown old meanwhile.

    Raises Conflict for one that began for somebody's safety, unless those who decide about that end it.
    """
    pause = work.session.get(Pause, pause_id)
    if pause is not None and pause.for_safety and not for_safety:
        raise Conflict(
            N_("This quiet time began for somebody’s safety. Those who are named for it decide when it ends.")
        )
    ended = whanau.end_pause(work, pause_id)
    about = Message.student_id == ended.student_id if ended.student_id else Delivery.contact_id == ended.contact_id
    release(work, [each for each in waiting_deliveries(work, about) if each.why == Why.PAUSED])
    return ended


def set_photo_permission(
    work: Work, student: Student, *, given: bool, said_by: str, said_on: date
) -> whanau.PhotoPermission:
    """Note whether photos that show a child may go home; where they no longer may, what waits with one is stopped."""
    noted = whanau.note_photo_permission(work, student.id, given=given, said_by=said_by, said_on=said_on)
    if not noted.given:
        showing = select(Photo.id).where(Photo.student_id == student.id, Photo.shows == Shows.CHILD)
        cancel(work, waiting_deliveries(work, Message.photo_id.in_(showing)), Why.PHOTO_WITHDRAWN)
        stop_photos(work, student.id)
    return noted


def student_leaves(work: Work, student: Student, *, on: date) -> int:
    """A child leaves the school: nothing more goes out about them. Returns how many deliveries were cancelled."""
    students.leave_student(work, student, on=on)
    return cancel(work, waiting_deliveries(work, Message.student_id == student.id), Why.NOT_ALLOWED)


def hold_address(work: Work, address: str, *, why: str) -> int:
    """An address may have changed hands: nothing goes there until a person confirms it. Returns how many were held."""
    whanau.mark_ways(work, address=address, state=whanau.WayState.HELD, why=why)
    return hold(work, waiting_deliveries(work, Delivery.address == address), Why.ADDRESS_HELD, until_on=None)
