"""The inbox: replies for whoever asks, what is owed first; searched by their words, macrons folded."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select

from commsbridge import partnership
from commsbridge.conversations.models import Reply, ReplyState, ReplyStudent
from commsbridge.conversations.promises.models import Promise
from commsbridge.conversations.queries import told
from commsbridge.foundation.work import Work


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A reply about one child with what is owed to it, if anything."""

    reply: Reply
    about: ReplyStudent
    promise: Promise | None

    @property
    def owed(self) -> bool:
        """Whether somebody owes an answer still."""
        return self.promise is not None and self.promise.kept_at is None


def inbox(
    work: Work,
    student_ids: Collection[uuid.UUID],
    *,
    holder_id: uuid.UUID | None = None,
    reader_id: uuid.UUID | None = None,
    search: str = "",
    waiting: bool | None = None,
    before: datetime | None = None,
    limit: int = 50,
) -> list[InboxRow]:
    """Replies about these children, newest first; ``before`` is when the last one already shown came.

    ``waiting``: True for those nobody has seen or that are owed an answer, False for the others. With ``holder_id``
    only what is owed by that person, and what nobody has seen and nobody else owes. For ``reader_id`` that does not
    wait of which another alone is told; None: for everybody.
    """
    rows = _rows().where(ReplyStudent.student_id.in_(student_ids))
    open_promise = and_(Promise.id.is_not(None), Promise.kept_at.is_(None))
    unseen = ReplyStudent.seen_at.is_(None)
    if holder_id is not None:
        rows = rows.where(or_(and_(open_promise, Promise.holder_id == holder_id), and_(unseen, ~open_promise)))
    waits = or_(unseen, open_promise)
    waits = and_(waits, told(reader_id))
    if waiting is not None:
        rows = rows.where(waits if waiting else ~waits)
    if search:
        rows = rows.where(ReplyStudent.line_id.in_(partnership.lines_saying(search)))
    if before is not None:
        rows = rows.where(Reply.received_at < before)
    found = work.session.execute(rows.order_by(Reply.received_at.desc(), Reply.id).limit(limit))
    return [InboxRow(reply, about, promise) for reply, about, promise in found]


def inbox_of(work: Work, reply_id: uuid.UUID) -> list[InboxRow]:
    """One filed reply, once for each child it is about."""
    found = work.session.execute(_rows().where(Reply.id == reply_id))
    return [InboxRow(reply, about, promise) for reply, about, promise in found]


def children_owed_by(work: Work, staff_id: uuid.UUID) -> set[uuid.UUID]:
    """The children about whom somebody owes an answer, or is told for the others, whether they teach them or not."""
    owed = and_(Promise.id.is_not(None), Promise.holder_id == staff_id, Promise.kept_at.is_(None))
    rows = _rows().where(or_(owed, and_(Reply.told_to == staff_id, ReplyStudent.seen_at.is_(None))))
    return {about.student_id for _, about, _ in work.session.execute(rows)}


def _rows() -> Select[Reply, ReplyStudent, Promise]:
    return (
        select(Reply, ReplyStudent, Promise)
        .join(ReplyStudent, and_(ReplyStudent.school_id == Reply.school_id, ReplyStudent.reply_id == Reply.id))
        .outerjoin(Promise, and_(Promise.school_id == Reply.school_id, Promise.reply_id == Reply.id))
        .where(Reply.state == ReplyState.FILED, ReplyStudent.moved_at.is_(None))
    )
