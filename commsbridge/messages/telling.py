"""Telling: the log hears where a delivery stands, and a person hears what is theirs to carry."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from commsbridge import partnership, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, MessageKind, State
from commsbridge.partnership import Line, Moment
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel

MOMENT = {
    State.SENT: Moment.SENT,
    State.DELIVERED: Moment.ARRIVED,
    State.FAILED: Moment.DID_NOT_ARRIVE,
    State.UNCERTAIN: Moment.UNCERTAIN,
    State.HELD: Moment.HELD,
    State.CANCELLED: Moment.CANCELLED,
}
OFFICE = "office"
PERSON_TASKS = (TaskKind.RING, TaskKind.SLIP, TaskKind.INTERPRETER)
GOING = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED)


def log_state(work: Work, delivery: Delivery) -> None:
    """Tell the log where a delivery stands, once for each state it reaches; and a person of a mail lost outside."""
    delivery.logged_state = delivery.state
    if delivery.state == State.FAILED:
        _give_lost_mail(work, delivery)
    line = work.session.get(Line, delivery.line_id) if delivery.line_id else None
    moment = MOMENT.get(State(delivery.state))
    if line is None or moment is None:
        return
    partnership.fold_onto(
        work,
        line,
        moment,
        contact_id=delivery.contact_id,
        channel=delivery.channel,
        language=delivery.language,
        subject=("delivery", delivery.id),
        at=delivery.settled_at or work.now,
        why=delivery.why,
    )
    if line.moment is Moment.WELCOME and delivery.contact_id is not None:
        _keep_welcome(work, delivery, delivery.contact_id)


def _keep_welcome(work: Work, delivery: Delivery, contact_id: uuid.UUID) -> None:
    """A welcome that never came is no welcome: the next message will be preceded by it again."""
    if delivery.state is State.DELIVERED:
        whanau.mark_welcomed(work, [contact_id])
    elif delivery.state in {State.FAILED, State.CANCELLED} and not welcome_goes(work, contact_id):
        whanau.forget_welcome(work, [contact_id])


def welcome_goes(work: Work, contact_id: uuid.UUID) -> bool:
    """Whether a welcome of this contact has gone, or is about to go without anybody letting it."""
    work.session.flush()
    rows = (
        select(Delivery.id)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Delivery.contact_id == contact_id, Delivery.state.in_(GOING), Message.kind == MessageKind.WELCOME)
    )
    return work.session.scalar(rows.limit(1)) is not None


def give_to_person(work: Work, delivery: Delivery, message: Message) -> None:
    """A delivery that a person carries (a call, a slip, an interpreter) becomes a task of the teacher who wrote it."""
    kind = {Channel.CALL: TaskKind.RING, Channel.SLIP: TaskKind.SLIP}.get(
        Channel(delivery.channel), TaskKind.INTERPRETER
    )
    _give(work, kind, delivery, message)


def give_doubt_to_person(work: Work, delivery: Delivery, message: Message) -> None:
    """Nobody can be asked whether it went: whoever wrote it finds out from the family."""
    _give(work, TaskKind.SETTLE_UNCERTAIN, delivery, message)


def _give_lost_mail(work: Work, delivery: Delivery) -> None:
    """A mail to somebody from outside did not arrive: whoever of the staff it went for rings them."""
    if delivery.contact_id is not None or delivery.staff_id is not None:
        return
    message = work.session.get_one(Message, delivery.message_id)
    if message.kind is MessageKind.STAFF and message.staff_id is not None:
        tasks.give_task(
            work, TaskKind.GUEST_MAIL, staff_id=message.staff_id, subject_id=delivery.id, words=message.words
        )


def _give(work: Work, kind: TaskKind, delivery: Delivery, message: Message) -> None:
    tasks.give_task(
        work,
        kind,
        staff_id=message.staff_id,
        role=None if message.staff_id else OFFICE,
        student_id=message.student_id,
        contact_id=delivery.contact_id,
        subject_id=delivery.id,
        due_on=delivery.expires_at.date(),
    )


def take_from_person(work: Work, delivery: Delivery) -> None:
    """What was given to a person to carry no longer needs them."""
    for kind in PERSON_TASKS:
        tasks.close_tasks_about(work, kind, delivery.id, outcome="cancelled")
