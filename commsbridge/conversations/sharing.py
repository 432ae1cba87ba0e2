"""Sharing: whoever wrote words at home opens them to everybody who cares for the child, or closes them again.

Another home reads them only where both homes asked to be named to one another (``whanau.named_to``), and nothing tells
a writer whether there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from commsbridge import schools, whanau
from commsbridge.conversations.models import Reply, ReplyState, ReplyStudent
from commsbridge.conversations.safety.models import SafetyAlert
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.whanau import Contact

_NOT_HERE = N_("Those words are not here, or they are not yours.")


def share_words(work: Work, contact: Contact, reply_id: uuid.UUID, *, may_see: Collection[uuid.UUID], on: bool) -> None:
    """Open words to everybody who cares for the children they are about, or close them; ``may_see`` are the writer's.

    Raises NotFound, in the same words, for words that are another's, that no child of the school has been found for
    yet or that are about a child the writer may not hear of today.
    """
    rows = (
        select(ReplyStudent)
        .join(Reply, (Reply.school_id == ReplyStudent.school_id) & (Reply.id == ReplyStudent.reply_id))
        .where(
            Reply.id == reply_id,
            Reply.contact_id == contact.id,
            Reply.state == ReplyState.FILED,
            ReplyStudent.moved_at.is_(None),
        )
        .order_by(ReplyStudent.id)
        .with_for_update()
    )
    found = work.session.scalars(rows).all()
    if not found or not {each.student_id for each in found} <= {*may_see}:
        raise NotFound(_NOT_HERE)
    for each in found:
        each.shared_by, each.shared_at = (contact.id, work.now) if on else (None, None)
    work.session.flush()


def shared_with(
    work: Work, contact: Contact, student_id: uuid.UUID, *, may_see: Collection[uuid.UUID], limit: int
) -> list[Reply]:
    """What another home opened to this contact about a child, newest first; ``may_see`` are the contact's children.

    Never what anybody was told of for safety, what the screening could not read, what one person alone is told of, a
    mail whose own words nobody could tell from what it answers, or words about a child whose homes did not both ask.
    A home that is let be for somebody's safety reads nothing, and nothing of it is read.
    """
    open_to = {each: _open_to(work, contact, each) for each in {student_id, *may_see}}
    if not open_to[student_id] or student_id not in may_see:
        return []
    other = aliased(ReplyStudent)
    may_read = or_(*(and_(other.student_id == child, Reply.contact_id.in_(who)) for child, who in open_to.items()))
    not_for_them = select(other.id).where(
        other.school_id == Reply.school_id,
        other.reply_id == Reply.id,
        other.moved_at.is_(None),
        or_(other.shared_by.is_distinct_from(Reply.contact_id), ~may_read),
    )
    for_safety = select(SafetyAlert.id).where(
        SafetyAlert.school_id == Reply.school_id, SafetyAlert.reply_id == Reply.id
    )
    rows = (
        select(Reply)
        .join(ReplyStudent, (ReplyStudent.school_id == Reply.school_id) & (ReplyStudent.reply_id == Reply.id))
        .where(
            ReplyStudent.student_id == student_id,
            ReplyStudent.moved_at.is_(None),
            Reply.contact_id.in_(open_to[student_id]),
            Reply.state == ReplyState.FILED,
            Reply.words != "",
            ~Reply.unread,
            ~Reply.whole,
            Reply.told_to.is_(None),
            ~for_safety.exists(),
            ~not_for_them.exists(),
        )
        .order_by(Reply.received_at.desc(), Reply.id)
    )
    return list(work.session.scalars(rows.limit(limit)))


def _open_to(work: Work, contact: Contact, student_id: uuid.UUID) -> set[uuid.UUID]:
    """Whoever of another home may be read by this contact about a child today."""
    key = whanau.home_of(contact)
    if key not in whanau.homes_asking(work, student_id):
        return set()
    on = schools.today(work)
    homes = whanau.homes_about(work, student_id, on=on)
    own = next((each for each in homes if each.key == key), None)
    if own is None or all(person.id != contact.id for person, _ in own.people):
        return set()
    others = whanau.named_to(work, homes, student_id, key, on=on)
    everybody = {each for home in (own, *others) for each in home.everybody}
    let_be = {
        each.contact_id
        for each in whanau.running_pauses(work, on=on, student_ids=[student_id], contact_ids=everybody)
        if each.for_safety
    }
    if None in let_be or own.everybody & let_be:
        return set()
    return {person.id for home in others if not home.everybody & let_be for person, _ in home.people}
