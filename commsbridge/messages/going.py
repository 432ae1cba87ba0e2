"""One message on its way to several people about a child: who may hear it, its deliveries, welcomes and log."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.composing import Composed
from commsbridge.messages.models import Delivery, Message, MessageKind, State
from commsbridge.messages.planning import Planned, plan
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import Letterhead, Written, queue_delivery, wake_workers, write_welcome
from commsbridge.partnership import Line, Moment
from commsbridge.students import Student
from commsbridge.whanau import MayMessage, Recipient


@dataclass(frozen=True, slots=True)
class Going:
    """A message on its way to several people: what it is written with, and who gets the welcome first."""

    head: Letterhead
    student: Student
    message: Message
    line: Line
    welcomes: Welcomes


def may_hear(work: Work, student: Student) -> list[Recipient]:
    """Whoever may hear about the child today; nobody of a child who left."""
    on = schools.today(work)
    if student.left_on is not None and student.left_on <= on:
        return []
    sender_ids = [sender.id for sender in schools.senders_of(work)]
    with_child = whanau.recipients_of(work, student.id, on=on, sender_ids=sender_ids)
    return [each for each in with_child if each.may_message is not MayMessage.NO]


def planned_for(
    work: Work, student: Student, kind: MessageKind, head: Letterhead, to: Collection[uuid.UUID]
) -> list[tuple[Recipient, Planned]]:
    """Those of these contacts to whom a message of that kind may go today, each with its plan."""
    chosen = [each for each in may_hear(work, student) if each.contact_id in set(to)]
    planned = [(each, plan(kind, each, head.rules, work.now, earliest=work.now)) for each in chosen]
    return [(each, way) for each, way in planned if isinstance(way, Planned)]


def begin_going(
    work: Work, head: Letterhead, student: Student, message: Message, going: Sequence[tuple[Recipient, Planned]]
) -> Going:
    """Begin to write the deliveries of a message that has its line in the log."""
    if message.line_id is None:
        raise ValueError("a message that goes home has its line")
    line = partnership.line_by_id(work, message.line_id)
    return Going(
        head, student, message, line, Welcomes(work, [each.contact_id for each, way in going if way.sender_id])
    )


def end_going(work: Work, act: Going, going: Sequence[tuple[Recipient, Planned]], done: Collection[uuid.UUID]) -> None:
    """All deliveries are written: whoever was welcomed is marked so, and the workers are woken."""
    wanted = [way.contact_id for _, way in going if act.welcomes.wanted(way)]
    whanau.mark_welcomed(work, [each for each in wanted if each in done])
    wake_workers(work)


def deliver(
    work: Work, act: Going, recipient: Recipient, to: Planned, compose: Callable[[uuid.UUID], Composed]
) -> Delivery:
    """Write one delivery down, with the welcome before it where that is due, and tell the log or a person."""
    first = act.welcomes.before(to)
    if first is None and act.welcomes.wanted(to):
        first = write_welcome(work, act.head, act.student, recipient, to, staff_id=act.message.staff_id)
    delivery_id = uuid.uuid4()
    delivery = queue_delivery(
        work, act.head, Written(act.message, act.line, first), to, compose(delivery_id), delivery_id=delivery_id
    )
    if delivery.state is State.BY_HAND:
        give_to_person(work, delivery, act.message)
    elif delivery.state is State.HELD:
        partnership.fold_onto(
            work, act.line, Moment.HELD, contact_id=to.contact_id, channel=to.channel,
            subject=("delivery", delivery.id), why=to.why,
        )  # fmt: skip
    return delivery
