"""Sending a concern: a neutral line with a link of their own for each contact, or words for a person to say."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.composing import Composed
from commsbridge.messages.concerns.models import Concern, ConcernState
from commsbridge.messages.links import Links
from commsbridge.messages.models import Message, MessageKind, State
from commsbridge.messages.planning import Planned, plan
from commsbridge.messages.praise import open_note
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import (
    Letterhead,
    Written,
    letterhead_of,
    queue_delivery,
    wake_workers,
    write_welcome,
)
from commsbridge.partnership import Line, Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, MayMessage, Recipient


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What each delivery of one concern is written with."""

    head: Letterhead
    student: Student
    concern: Concern
    message: Message
    line: Line


def may_hear(work: Work, student: Student) -> list[Recipient]:
    """Whoever may hear about the child today, as far as the school knows; nobody of a child who left."""
    on = schools.today(work)
    if student.left_on is not None and student.left_on <= on:
        return []
    sender_ids = [sender.id for sender in schools.senders_of(work)]
    with_child = whanau.recipients_of(work, student.id, on=on, sender_ids=sender_ids)
    return [each for each in with_child if each.may_message is not MayMessage.NO]


def send_out(work: Work, student: Student, concern: Concern, *, links: Links) -> None:
    """Write one delivery for each chosen contact who may hear it. Raises Invalid when there is none."""
    head = letterhead_of(work, links)
    chosen = [each for each in may_hear(work, student) if each.contact_id in set(concern.recipient_ids)]
    planned = [(each, plan(MessageKind.CONCERN, each, head.rules, work.now, earliest=work.now)) for each in chosen]
    going = [(each, to) for each, to in planned if isinstance(to, Planned)]
    if not going or concern.line_id is None:
        raise Invalid(
            N_("Nobody you chose can be written to about %(name)s now. Ring them, and keep this in the log."),
            field="to",
            name=student.preferred_name,
        )
    message = _write_message(work, concern)
    envelope = _Envelope(head, student, concern, message, partnership.line_by_id(work, concern.line_id))
    welcomes = Welcomes(work, [each.contact_id for each, to in going if to.sender_id])
    wanted = [to.contact_id for _, to in going if welcomes.wanted(to)]
    for recipient, to in going:
        _deliver(work, envelope, recipient, to, welcomes)
    whanau.mark_welcomed(work, wanted)
    concern.state, concern.message_id = ConcernState.GONE, message.id
    work.session.flush()
    wake_workers(work)


def _write_message(work: Work, concern: Concern) -> Message:
    message = Message(
        id=uuid.uuid4(),
        kind=MessageKind.CONCERN,
        staff_id=concern.staff_id,
        student_id=concern.student_id,
        as_link=True,
        line_id=concern.line_id,
        made_at=work.now,
    )
    work.session.add(message)
    work.session.flush()
    return message


def _deliver(work: Work, envelope: _Envelope, recipient: Recipient, to: Planned, welcomes: Welcomes) -> None:
    first = welcomes.before(to)
    if first is None and welcomes.wanted(to):
        staff_id = envelope.concern.staff_id
        first = write_welcome(work, envelope.head, envelope.student, recipient, to, staff_id=staff_id)
    delivery_id = uuid.uuid4()
    composed = _compose(work, envelope, recipient, to, delivery_id)
    written = Written(envelope.message, envelope.line, first)
    delivery = queue_delivery(work, envelope.head, written, to, composed, delivery_id=delivery_id)
    if delivery.state is State.BY_HAND:
        give_to_person(work, delivery, envelope.message)
    elif delivery.state is State.HELD:
        partnership.fold_onto(
            work, envelope.line, Moment.HELD, contact_id=to.contact_id, channel=to.channel,
            subject=("delivery", delivery.id), why=to.why,
        )  # fmt: skip


def _compose(work: Work, envelope: _Envelope, recipient: Recipient, to: Planned, delivery_id: uuid.UUID) -> Composed:
    head, concern = envelope.head, envelope.concern
    if to.channel not in CARRIED:
        said = "\n\n".join(filter(None, (concern.happened, concern.helped, concern.suggested, concern.asked)))
        return Composed(None, said, None, 0, None, to.language)
    return composing.compose_note(
        head.paper,
        head.sender(to),
        recipient,
        to,
        child=envelope.student.preferred_name,
        link=open_note(work, head, delivery_id),
        change_url=head.change_url(delivery_id),
    )
