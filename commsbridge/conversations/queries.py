"""Reading what came in: replies waiting for a teacher, words parked for a person."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from commsbridge.conversations.models import FamilyQuestion, Reply, ReplyState, ReplyStudent
from commsbridge.conversations.promises.models import Promise
from commsbridge.foundation.work import Work


def replies_about(
    work: Work,
    student_ids: Collection[uuid.UUID],
    *,
    waiting: bool,
    limit: int = 50,
    by: Collection[uuid.UUID] | None = None,
) -> list[tuple[Reply, ReplyStudent]]:
    """Replies about these children, newest first.

    With ``waiting`` only those nobody at school has seen and one person alone is not told of, what the screening could
    not read first. ``by`` are the
    contacts who wrote them: a home reads what was said at home, and never another's.
    """
    rows = (
        select(Reply, ReplyStudent)
        .join(ReplyStudent, (ReplyStudent.school_id == Reply.school_id) & (ReplyStudent.reply_id == Reply.id))
        .where(
            ReplyStudent.student_id.in_(student_ids), Reply.state == ReplyState.FILED, ReplyStudent.moved_at.is_(None)
        )
        .order_by(Reply.unread.desc() if waiting else Reply.received_at.desc(), Reply.received_at.desc())
        .limit(limit)
    )
    if by is not None:
        rows = rows.where(Reply.contact_id.in_(by))
    if waiting:
        rows = rows.where(ReplyStudent.seen_at.is_(None), Reply.told_to.is_(None))
    return [(reply, about) for reply, about in work.session.execute(rows)]


def replies_by_id(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Reply]:
    """Replies by id, for the timeline."""
    return {row.id: row for row in work.session.scalars(select(Reply).where(Reply.id.in_(ids)))} if ids else {}


def parked(work: Work) -> Sequence[Reply]:
    """Words that wait for a person to say whose they are: first what no screening could read, then oldest first."""
    rows = select(Reply).where(Reply.state == ReplyState.PARKED).order_by(Reply.unread.desc(), Reply.received_at)
    return work.session.scalars(rows).all()


def set_aside(work: Work, *, since: datetime) -> Sequence[Reply]:
    """Words a person has said are from nobody of the school's since a time, the last set aside first."""
    rows = select(Reply).where(Reply.state == ReplyState.NOT_OURS, Reply.settled_at >= since)
    return work.session.scalars(rows.order_by(Reply.settled_at.desc())).all()


def reply_by_id(work: Work, reply_id: uuid.UUID) -> Reply | None:
    """One reply."""
    return work.session.get(Reply, reply_id)


def students_of_reply(work: Work, reply_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The children a reply is about."""
    return work.session.scalars(
        select(ReplyStudent.student_id).where(ReplyStudent.reply_id == reply_id, ReplyStudent.moved_at.is_(None))
    ).all()


def told(reader_id: uuid.UUID | None) -> ColumnElement[bool]:
    """That somebody is told of a reply: no other alone is, or it is theirs to answer; None: everybody. Never NULL."""
    if reader_id is None:
        return true()
    theirs = and_(Promise.id.is_not(None), Promise.holder_id.is_not(None), Promise.holder_id == reader_id)
    return or_(Reply.told_to.is_(None), and_(Reply.told_to.is_not(None), or_(Reply.told_to == reader_id, theirs)))


def waiting_count(work: Work, student_ids: Collection[uuid.UUID], *, holder_id: uuid.UUID | None = None) -> int:
    """How many replies are unseen or owed an answer, and what one holds; one about two children counts for each."""
    waiting = (
        select(func.count())
        .select_from(ReplyStudent)
        .join(Reply, (Reply.school_id == ReplyStudent.school_id) & (Reply.id == ReplyStudent.reply_id))
        .outerjoin(Promise, (Promise.school_id == Reply.school_id) & (Promise.reply_id == Reply.id))
        .where(
            ReplyStudent.moved_at.is_(None),
            Reply.state == ReplyState.FILED,
            or_(ReplyStudent.seen_at.is_(None), and_(Promise.id.is_not(None), Promise.kept_at.is_(None))),
            or_(ReplyStudent.student_id.in_(student_ids), Promise.holder_id == holder_id, Reply.told_to == holder_id)
            if holder_id
            else ReplyStudent.student_id.in_(student_ids),
            told(holder_id),
        )
    )
    return work.session.scalar(waiting) or 0


def waiting_for_family(work: Work, student_ids: Collection[uuid.UUID]) -> list[tuple[Reply, FamilyQuestion]]:
    """Words that wait for their writer's answer and may be about one of these children, oldest first."""
    if not student_ids:
        return []
    rows = (
        select(Reply, FamilyQuestion)
        .join(FamilyQuestion, (FamilyQuestion.school_id == Reply.school_id) & (FamilyQuestion.reply_id == Reply.id))
        .where(
            Reply.state == ReplyState.ASKED,
            FamilyQuestion.closed_at.is_(None),
            FamilyQuestion.student_ids.overlap(list(student_ids)),
        )
        .order_by(Reply.received_at)
    )
    return [(reply, question) for reply, question in work.session.execute(rows)]
