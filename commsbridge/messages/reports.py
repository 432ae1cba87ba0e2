"""What became of a notice, and what still waits or did not arrive: for whoever must see to it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, MessageKind, Notice, State
from commsbridge.messages.planning import Why

TO_FAMILIES = (
    MessageKind.PRAISE,
    MessageKind.WELCOME,
    MessageKind.NOTICE,
    MessageKind.ANSWER,
    MessageKind.BOOK,
    MessageKind.HUI,
    MessageKind.ON_PAGE,
    MessageKind.WORK_ON,
    MessageKind.CONCERN,
)
STANDING = (State.QUEUED, State.HELD, State.BY_HAND, State.SENDING)
CARRIED_WITH = (Why.SAME_PHONE, Why.TOLD_ONCE)


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """A notice with each delivery of it and the child it was about; ``counts`` by state, each person once."""

    notice: Notice
    deliveries: Sequence[tuple[Delivery, uuid.UUID]]
    counts: Counter[State]


def notice_report(work: Work, notice_id: uuid.UUID) -> NoticeReport | None:
    """What became of a notice; None when there is none."""
    notice = work.session.get(Notice, notice_id)
    if notice is None:
        return None
    rows = (
        select(Delivery, Message.student_id)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Message.notice_id == notice_id, Message.kind == MessageKind.NOTICE)
        .order_by(Delivery.made_at, Delivery.id)
    )
    found = [(delivery, student_id) for delivery, student_id in work.session.execute(rows) if student_id is not None]
    replaced = {delivery.instead_of_id for delivery, _ in found if delivery.state is not State.CANCELLED}
    alone = (each for each, _ in found if each.why not in CARRIED_WITH and each.id not in replaced)
    return NoticeReport(notice, found, Counter(State(delivery.state) for delivery in alone))


def notices_sent(work: Work, *, by: uuid.UUID | None = None, limit: int = 30) -> Sequence[Notice]:
    """The newest notices, of one member of staff or (None) of all."""
    wanted = select(Notice).order_by(Notice.made_at.desc(), Notice.id).limit(limit)
    return work.session.scalars(wanted.where(Notice.staff_id == by) if by else wanted).all()


@dataclass(frozen=True, slots=True)
class Watched:
    """A delivery to a family that wants somebody's eye, with its message."""

    delivery: Delivery
    message: Message


def waiting_deliveries_about(work: Work, student_ids: Collection[uuid.UUID], *, limit: int = 300) -> list[Watched]:
    """What waits to go about these children, the first to go first."""
    return _found(work, student_ids, Delivery.state.in_(STANDING), limit=limit)


def troubled_deliveries_about(
    work: Work, student_ids: Collection[uuid.UUID], *, since: datetime, limit: int = 300
) -> list[Watched]:
    """What did not arrive since a time, or nobody knows of, about these children; not what goes again already."""
    again = aliased(Delivery)
    instead = exists().where(
        again.school_id == Delivery.school_id, again.instead_of_id == Delivery.id, again.state != State.CANCELLED
    )
    trouble = or_((Delivery.state == State.FAILED) & ~instead, Delivery.state == State.UNCERTAIN)
    return _found(work, student_ids, trouble & (Delivery.made_at >= since), limit=limit)


def _found(work: Work, student_ids: Collection[uuid.UUID], wanted: ColumnElement[bool], *, limit: int) -> list[Watched]:
    rows = (
        select(Delivery, Message)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(wanted, Message.kind.in_(TO_FAMILIES), Message.student_id.in_(student_ids))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    )
    return [Watched(delivery, message) for delivery, message in work.session.execute(rows)]
