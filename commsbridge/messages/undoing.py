"""Undoing: a message is taken back while there is time, and nothing of it leaves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from commsbridge import partnership, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, Notice, State
from commsbridge.messages.planning import Why
from commsbridge.messages.telling import take_from_person
from commsbridge.messages.waiting import WAITING
from commsbridge.messages.welcomes import welcomes_only_for
from commsbridge.partnership import Line, Moment

TOO_LATE = N_("It is too late to undo: the message has gone.")


def undo_message(work: Work, message_id: uuid.UUID) -> Message:
    """Take a message back before any of it has gone, with the welcomes ahead of it that nothing else waits for.

    Raises NotFound, or Conflict when the time is over: what has left cannot be called back.
    """
    message = work.session.get(Message, message_id, with_for_update=True)
    if message is None or message.staff_id != work.actor.id:
        raise NotFound(N_("That message is not here."))
    if message.undone_at is not None:
        return message
    if message.undo_until is None or work.now > message.undo_until:
        raise Conflict(TOO_LATE)
    _take_back(work, [message])
    return message


def undo_notice(work: Work, notice_id: uuid.UUID) -> Notice:
    """Take a notice back from everybody before any of it has gone. Raises as undo_message does."""
    notice = work.session.get(Notice, notice_id, with_for_update=True)
    if notice is None or notice.staff_id != work.actor.id:
        raise NotFound(N_("That message is not here."))
    if notice.undone_at is not None:
        return notice
    if work.now > notice.undo_until:
        raise Conflict(TOO_LATE)
    rows = select(Message).where(Message.notice_id == notice.id).order_by(Message.id).with_for_update()
    _take_back(work, work.session.scalars(rows).all())
    notice.undone_at = work.now
    work.session.flush()
    return notice


def _take_back(work: Work, messages: Sequence[Message]) -> None:
    deliveries = _locked_deliveries(work, messages)
    if any(delivery.state not in {*WAITING, State.CANCELLED} for delivery in deliveries):
        raise Conflict(TOO_LATE)
    welcomes = welcomes_only_for(work, deliveries)
    for delivery in [*(each for each in deliveries if each.state in WAITING), *welcomes]:
        was_by_hand = delivery.state == State.BY_HAND
        delivery.state, delivery.why, delivery.settled_at = State.CANCELLED, Why.UNDONE, work.now
        delivery.logged_state = State.CANCELLED
        if was_by_hand:
            take_from_person(work, delivery)
    whanau.forget_welcome(work, [each.contact_id for each in welcomes if each.contact_id])
    line_ids = {message.line_id for message in messages} | {welcome.line_id for welcome in welcomes}
    for line in work.session.scalars(select(Line).where(Line.id.in_(line_ids - {None}))):
        partnership.fold_onto(work, line, Moment.UNDONE)
    for message in messages:
        message.undone_at = work.now
    work.session.flush()


def _locked_deliveries(work: Work, messages: Sequence[Message]) -> Sequence[Delivery]:
    ids = [message.id for message in messages]
    rows = select(Delivery).where(Delivery.message_id.in_(ids)).order_by(Delivery.id)
    locked = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    return work.session.scalars(locked).all()
