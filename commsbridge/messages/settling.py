"""Settling: the log is told what became of each delivery, and what was learnt on the way is kept."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import or_, select

from commsbridge import partnership, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.gateways import Cause
from commsbridge.messages.models import Delivery, Message, State
from commsbridge.messages.planning import NEWS_LASTS, Rules, Why, window_end
from commsbridge.partnership import Line, Moment
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, ConsentKind, WayState

MOMENT = {
    State.SENT: Moment.SENT,
    State.DELIVERED: Moment.ARRIVED,
    State.FAILED: Moment.DID_NOT_ARRIVE,
    State.UNCERTAIN: Moment.UNCERTAIN,
    State.HELD: Moment.HELD,
    State.CANCELLED: Moment.CANCELLED,
}
OFFICE = "office"
# What a refusal teaches about the way it went (CARRIERS: the table of Twilio's codes).
LESSON = {
    Cause.BAD_ADDRESS: WayState.WRONG,
    Cause.NOT_IN_SERVICE: WayState.WRONG,
    Cause.NOT_TEXTABLE: WayState.NOT_TEXTABLE,
}


def log_state(work: Work, delivery: Delivery) -> None:
    """Tell the log where a delivery stands, once for each state it reaches."""
    delivery.logged_state = delivery.state
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


def take_lesson(work: Work, delivery: Delivery, cause: Cause) -> None:
    """Keep what a refusal taught: a dead number is marked and given to the office, an opt-out enters the ledger."""
    if delivery.address is None or delivery.contact_id is None:
        return
    if cause is Cause.OPTED_OUT and delivery.sender_id is not None:
        whanau.note_consent(
            work,
            ConsentKind.STOP,
            channel=Channel(delivery.channel),
            address=delivery.address,
            sender_id=delivery.sender_id,
            evidence="carrier",
            evidence_id=delivery.id,
            contact_id=delivery.contact_id,
        )
        return
    state = LESSON.get(cause)
    if state is None:
        return
    for way in whanau.mark_ways(work, address=delivery.address, state=state, why=cause.value):
        tasks.give_task(
            work, TaskKind.MEND_ADDRESS, role=OFFICE, contact_id=way.contact_id, subject_id=way.id, words=cause.value
        )


def settle(work: Work, rules: Rules, *, limit: int = 500) -> int:
    """Bring one school's log and deliveries together after the carrier's door changed them. Returns how many.

    What was sent, failed or is in doubt is told to the log; what could not leave in its hours waits for the next ones,
    and after NEWS_LASTS is given up and said so; what a pause held goes when the pause has ended.
    """
    told = work.session.scalars(
        select(Delivery)
        .where(
            Delivery.logged_state.is_distinct_from(Delivery.state),
            Delivery.state.in_([State.SENT, State.FAILED, State.UNCERTAIN]),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in told:
        log_state(work, delivery)
        if delivery.state == State.FAILED:
            take_lesson(work, delivery, Cause(delivery.why) if delivery.why else Cause.UNKNOWN)
    late = work.session.scalars(
        select(Delivery)
        .where(
            or_(
                (Delivery.state == State.QUEUED) & (Delivery.expires_at <= work.now),
                (Delivery.state == State.HELD) & (Delivery.held_until <= work.now),
            )
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in late:
        _let_go_later(work, delivery, rules)
    work.session.flush()
    return len(told) + len(late)


def _let_go_later(work: Work, delivery: Delivery, rules: Rules) -> None:
    if work.now - delivery.made_at > NEWS_LASTS and delivery.state == State.QUEUED:
        delivery.state, delivery.why, delivery.settled_at = State.FAILED, Why.NEWS_TOO_OLD, work.now
        log_state(work, delivery)
        return
    opens = rules.calendar.next_opening(work.now, rules.quiet if delivery.channel == Channel.TEXT else None)
    delivery.state, delivery.held_until, delivery.due_at = State.QUEUED, None, opens
    delivery.why = Why.QUIET_HOURS if opens > work.now else None
    delivery.expires_at = (
        window_end(opens, rules.quiet, rules.calendar) if delivery.channel == Channel.TEXT else opens + NEWS_LASTS
    )


def settle_doubt(work: Work, delivery_id: uuid.UUID, *, carrier_id: str | None) -> None:
    """The carrier was asked about an uncertain text: it has it (``carrier_id``), or it has it not and it goes again.

    A text whose time is over is not sent again: the teacher is told it did not arrive.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != State.UNCERTAIN:
        return
    if carrier_id is not None:
        delivery.state, delivery.carrier_id, delivery.sent_at = State.SENT, carrier_id, work.now
        delivery.settled_at = work.now
        log_state(work, delivery)
    elif delivery.expires_at <= work.now + timedelta(minutes=1):
        delivery.state, delivery.why, delivery.settled_at = State.FAILED, Why.NEWS_TOO_OLD, work.now
        log_state(work, delivery)
    else:
        delivery.state, delivery.due_at, delivery.logged_state = State.QUEUED, work.now, State.QUEUED
    work.session.flush()


def give_to_person(work: Work, delivery: Delivery, message: Message) -> None:
    """A delivery that a person carries (a call, a slip, an interpreter) becomes a task of the teacher who wrote it."""
    kind = {Channel.CALL: TaskKind.RING, Channel.SLIP: TaskKind.SLIP}.get(
        Channel(delivery.channel), TaskKind.INTERPRETER
    )
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


PERSON_TASKS = (TaskKind.RING, TaskKind.SLIP, TaskKind.INTERPRETER)


def take_from_person(work: Work, delivery: Delivery) -> None:
    """What was given to a person to carry no longer needs them."""
    for kind in PERSON_TASKS:
        tasks.close_tasks_about(work, kind, delivery.id, outcome="cancelled")
