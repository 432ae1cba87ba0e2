"""Whose a promise is: who wrote to that home, another teacher of the child, a stand-in, or whom the school named."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from commsbridge import messages, schools, students
from commsbridge.conversations.models import Reply
from commsbridge.conversations.promises.models import Handover
from commsbridge.conversations.promises.rules import Answering
from commsbridge.foundation.errors import NotAllowed, NotFound
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Role, Staff, Viewer

# Whoever wrote to that home in the last fortnight is the one who is answered.
LATELY = timedelta(days=14)


def sees(work: Work, staff_id: uuid.UUID, student_ids: Sequence[uuid.UUID]) -> bool:
    """Whether somebody may read and answer what is about these children: they see every one of them."""
    try:
        viewer = schools.viewer_for(work, staff_id)
        for student_id in student_ids:
            students.student_for(work, viewer, student_id)
    except (NotFound, NotAllowed):
        return False
    return viewer.may(Permission.READ_LOG) and viewer.may(Permission.SEND_PRAISE)


def may_stand_in(work: Work, staff_id: uuid.UUID) -> list[Staff]:
    """Who could take over everything that waits for somebody: whoever answers families and sees all they teach."""
    on = schools.today(work)
    taught = {child.id for child in students.students_taught_by(work, schools.viewer_for(work, staff_id), on)}
    writes = {each.id for each in schools.staff_with(work, Permission.SEND_PRAISE, on)}
    able = [each for each in schools.staff_with(work, Permission.READ_LOG, on) if each.id in writes - {staff_id}]
    return [each for each in able if _sees_all(work, schools.viewer_for(work, each.id), taught, on)]


def _sees_all(work: Work, viewer: Viewer, taught: set[uuid.UUID], on: date) -> bool:
    if viewer.may(Permission.SEE_WHOLE_SCHOOL):
        return not taught & students.barred_from(work, viewer)
    return taught <= {child.id for child in students.students_taught_by(work, viewer, on)}


def who_holds(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID], rules: Answering, on: date) -> Staff | None:
    """Whose a new promise is on a day: somebody here, else the first who is not; None where nobody teaches them."""
    able = list(_able(work, reply, student_ids, rules, on))
    return _first_here(work, able, on) or next(iter(able), None)


def who_takes_over(
    work: Work,
    holder: Staff | None,
    reply: Reply,
    student_ids: Sequence[uuid.UUID],
    *,
    rules: Answering,
    on: date,
) -> Staff | None:
    """Who holds it on a day on which its holder does not: the stand-in first; the holder, where nobody is here."""
    stand_in = schools.stand_in_of(work, holder.id, on) if holder else None
    others = [each for each in _able(work, reply, student_ids, rules, on) if holder is None or each.id != holder.id]
    if stand_in is not None and sees(work, stand_in.id, student_ids):
        others.insert(0, stand_in)
    still_theirs = holder if holder and sees(work, holder.id, student_ids) else None
    return _first_here(work, others, on) or still_theirs or next(iter(others), None)


def is_here(work: Work, holder: Staff, student_ids: Sequence[uuid.UUID], on: date) -> bool:
    """Whether a holder still sees the children and is at school on a day."""
    return bool(schools.here_on(work, [holder.id], on)) and sees(work, holder.id, student_ids)


def _first_here(work: Work, able: Sequence[Staff], on: date) -> Staff | None:
    here = schools.here_on(work, [each.id for each in able], on)
    return next((each for each in able if each.id in here), None)


def handed_to(work: Work, contact_id: uuid.UUID | None) -> Staff | None:
    """Who answers everything a contact writes, where somebody was given it."""
    rows = select(Handover.staff_id).where(Handover.contact_id == contact_id, Handover.ended_at.is_(None))
    found = work.session.scalars(rows).first() if contact_id else None
    return schools.staff_by_id(work, [found]).get(found) if found else None


def hand_over(work: Work, contact_id: uuid.UUID, staff_id: uuid.UUID | None) -> None:
    """From now on all that a contact writes is this person's to answer; None: their teachers' again."""
    open_one = select(Handover).where(Handover.contact_id == contact_id, Handover.ended_at.is_(None))
    for row in work.session.scalars(open_one.with_for_update()):
        row.ended_at = work.now
    work.session.flush()
    if staff_id is not None:
        work.session.add(
            Handover(id=uuid.uuid4(), contact_id=contact_id, staff_id=staff_id, given_by=work.actor.id, at=work.now)
        )
        work.session.flush()


def _able(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID], rules: Answering, on: date) -> Iterator[Staff]:
    """Everybody it may fall to, the nearest first: who wrote, who teaches, kaiako before kaiāwhina, whom they named.

    What somebody wrote who is slowed falls to the one person who is told of it, and to no teacher.
    """
    if reply.told_to is not None and sees(work, reply.told_to, student_ids):
        yield from schools.staff_by_id(work, [reply.told_to]).values()
        return
    handed = handed_to(work, reply.contact_id)
    if handed is not None and sees(work, handed.id, student_ids):
        yield handed
    teaching: dict[uuid.UUID, Staff] = {}
    for student_id in student_ids:
        teaching.update({each.id: each for each in students.teachers_of(work, student_id, on)})
    writers = _writers(work, reply, student_ids)
    kaiako = {each for each in teaching if Role.KAIAKO in schools.roles_of(work, each, on)}
    order = sorted(teaching, key=lambda each: (each not in writers, each not in kaiako))
    yield from (teaching[each] for each in order if sees(work, each, student_ids))
    if rules.named_id is not None and rules.named_id not in teaching and sees(work, rules.named_id, student_ids):
        yield from schools.staff_by_id(work, [rules.named_id]).values()


def _writers(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Who wrote what was answered: the message itself, else what went there about these children lately."""
    told = messages.delivery_of(work, reply.delivery_id) if reply.delivery_id else None
    if told is not None:
        return {told[1].staff_id} if told[1].staff_id else set()
    lately = messages.recent_to(work, reply.from_address, since=reply.received_at - LATELY)
    found = (message.staff_id for _, message in lately if message.student_id in student_ids and message.staff_id)
    return set(list(found)[:1])
