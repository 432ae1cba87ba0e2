"""Undoing: a message is taken back while there is time, and nothing of it leaves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from commsbridge import partnership, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, State
from commsbridge.messages.planning import Why
from commsbridge.messages.telling import take_from_person
from commsbridge.messages.waiting import WAITING
from commsbridge.messages.welcomes import welcomes_only_for
from commsbridge.partnership import Line, Moment


def undo_message(work: Work, message_id: uuid.UUID) -> Message:
    """Take a message back before any of it has gone, with the welcomes ahead of it that nothing else waits for.

    Raises NotFound, or Conflict when the time is over: what has left cannot be called back.
    """
    message = work.session.get(Message, message_id, with_for_update=True)
    if message is None or message.staff_id != work.actor.id:
        raise NotFound(N_("That message is not here."))
    if message.undone_at is not None:
        return message
    deliveries = _locked_deliveries(work, message)
    gone = any(delivery.state not in {*WAITING, State.CANCELLED} for delivery in deliveries)
    if gone or message.undo_until is None or work.now > message.undo_until:
        raise Conflict(N_("It is too late to undo: the message has gone."))
    welcomes = welcomes_only_for(work, deliveries)
    for delivery in [*(each for each in deliveries if each.state in WAITING), *welcomes]:
        delivery.state, delivery.why, delivery.settled_at = State.CANCELLED, Why.UNDONE, work.now
        delivery.logged_state = State.CANCELLED
        take_from_person(work, delivery)
    whanau.forget_welcome(work, [each.contact_id for each in welcomes if each.contact_id])
    for line_id in {message.line_id, *(each.line_id for each in welcomes)}:
        line = work.session.get(Line, line_id) if line_id else None
        if line is not None:
            partnership.fold_onto(work, line, Moment.UNDONE)
    message.undone_at = work.now
    work.session.flush()
    return message


def _locked_deliveries(work: Work, message: Message) -> Sequence[Delivery]:
    rows = select(Delivery).where(Delivery.message_id == message.id).order_by(Delivery.id)
    locked = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    return work.session.scalars(locked).all()
