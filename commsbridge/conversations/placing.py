"""Placing: a person says whose parked words are, moves what was filed wrongly, and says that they have read it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from commsbridge import partnership, schools, tasks, whanau
from commsbridge.conversations.asking import close_question, question_of
from commsbridge.conversations.matching import How
from commsbridge.conversations.models import Reply, ReplyMove, ReplyState, ReplyStudent
from commsbridge.conversations.writing_down import file_in_logs, give_to_match
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.tasks import TaskKind


def settle_parked(work: Work, reply_id: uuid.UUID, *, contact_id: uuid.UUID, student_ids: Sequence[uuid.UUID]) -> Reply:
    """A person says whose parked words are and which child they are about.

    Raises NotFound; Conflict when somebody was first; Invalid when the contact may not hear of one of the children.
    """
    reply = _parked(work, reply_id, ReplyState.PARKED, ReplyState.ASKED)
    writer = whanau.writer_for(work, contact_id, on=schools.today(work))
    if writer is None or not student_ids or any(student_id not in writer.students for student_id in student_ids):
        raise Invalid(N_("Choose a contact, and a child we may tell them about."), field="student")
    if question := question_of(work, reply.id):
        close_question(work, question, "person")
    reply.contact_id, reply.how = contact_id, How.PERSON
    _settle_as(work, reply, ReplyState.FILED)
    file_in_logs(work, reply, student_ids)
    tasks.close_tasks_about(work, TaskKind.MATCH_REPLY, reply.id, outcome="placed")
    return reply


def settle_asked(work: Work, reply_id: uuid.UUID, *, student_ids: Sequence[uuid.UUID]) -> Reply:
    """A person at school says which child words are about that wait for the family's answer.

    Raises NotFound; Conflict when the answer came first; Invalid for a child who was not one of the choices.
    """
    reply = _parked(work, reply_id, ReplyState.ASKED)
    question = question_of(work, reply.id)
    if question is None or not student_ids or not {*student_ids} <= {*question.student_ids}:
        raise Invalid(N_("Choose one of the children this may be about."), field="student")
    writers = whanau.writers_at(work, reply.from_address, on=schools.today(work))
    able = [writer.contact.id for writer in writers if {*student_ids} <= {*writer.students}]
    if not able:
        raise Invalid(N_("Choose one of the children this may be about."), field="student")
    close_question(work, question, "person")
    reply.contact_id = reply.contact_id or (able[0] if len(able) == 1 else None)
    reply.how, reply.why = How.PERSON, None
    _settle_as(work, reply, ReplyState.FILED)
    file_in_logs(work, reply, student_ids)
    return reply


def dismiss_parked(work: Work, reply_id: uuid.UUID) -> Reply:
    """A person says that parked words are from nobody of the school's; they are set aside, and kept.

    Raises NotFound, or Conflict when somebody was first.
    """
    reply = _parked(work, reply_id, ReplyState.PARKED)
    _settle_as(work, reply, ReplyState.NOT_OURS)
    tasks.close_tasks_about(work, TaskKind.MATCH_REPLY, reply.id, outcome="not ours")
    return reply


def recall_parked(work: Work, reply_id: uuid.UUID) -> Reply:
    """Words that were set aside wait for a person again. Raises NotFound, or Conflict when somebody was first."""
    reply = _parked(work, reply_id, ReplyState.NOT_OURS)
    reply.state, reply.settled_by, reply.settled_at = ReplyState.PARKED, None, None
    work.session.flush()
    give_to_match(work, reply)
    return reply


def move_reply(work: Work, reply_id: uuid.UUID, *, contact_id: uuid.UUID, student_ids: Sequence[uuid.UUID]) -> Reply:
    """A person says that words were filed with the wrong child, or as somebody else's; the history is for staff alone.

    Raises NotFound; Invalid when the contact may not hear of one of the children, or nothing would change.
    """
    reply = _parked(work, reply_id, ReplyState.FILED)
    writer = whanau.writer_for(work, contact_id, on=schools.today(work))
    if writer is None or not student_ids or any(student_id not in writer.students for student_id in student_ids):
        raise Invalid(N_("Choose a contact, and a child we may tell them about."), field="student")
    current = select(ReplyStudent).where(ReplyStudent.reply_id == reply_id, ReplyStudent.moved_at.is_(None))
    rows = work.session.scalars(current.with_for_update()).all()
    before = [row.student_id for row in rows]
    if {*before} == {*student_ids} and reply.contact_id == contact_id:
        raise Invalid(N_("It is there already."), field="student")
    work.session.add(
        ReplyMove(
            id=uuid.uuid4(), reply_id=reply.id, staff_id=work.actor.id, at=work.now, from_student_ids=before,
            to_student_ids=list(student_ids), from_contact_id=reply.contact_id, to_contact_id=contact_id,
        )
    )  # fmt: skip
    for row in rows:
        row.moved_at = work.now
        line = partnership.entry_of(work, row.line_id)
        if line is not None:
            partnership.fold_onto(work, line.line, Moment.MOVED)
    reply.contact_id, reply.how = contact_id, How.PERSON
    file_in_logs(work, reply, student_ids)
    return reply


def moves_of(work: Work, reply_ids: Collection[uuid.UUID]) -> list[ReplyMove]:
    """How replies were moved, the first move first: for staff alone."""
    rows = select(ReplyMove).where(ReplyMove.reply_id.in_(reply_ids)).order_by(ReplyMove.at, ReplyMove.id)
    return list(work.session.scalars(rows))


def _parked(work: Work, reply_id: uuid.UUID, *states: ReplyState) -> Reply:
    """The reply in one of these states, held until the act ends. Raises NotFound; Conflict when it is in another."""
    reply = work.session.get(Reply, reply_id, with_for_update=True)
    if reply is None:
        raise NotFound(N_("That message is not here."))
    if reply.state not in states:
        raise Conflict(N_("Someone has already filed this message."))
    return reply


def _settle_as(work: Work, reply: Reply, state: ReplyState) -> None:
    reply.state, reply.settled_by, reply.settled_at = state, work.actor.id, work.now
    work.session.flush()


def see_reply(work: Work, reply_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """A member of staff has read a reply about a child; the log says who, once."""
    row = work.session.scalars(
        select(ReplyStudent)
        .where(
            ReplyStudent.reply_id == reply_id,
            ReplyStudent.student_id == student_id,
            ReplyStudent.moved_at.is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(N_("That message is not here."))
    if row.seen_at is None:
        row.seen_at, row.seen_by = work.now, work.actor.id
        line = partnership.entry_of(work, row.line_id)
        if line is not None:
            partnership.fold_onto(work, line.line, Moment.SEEN)
        work.session.flush()


def read_to_child(work: Work, reply_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """Good news from home was read to the child: a stroke in their tally, once; and the reply is seen.

    Raises NotFound.
    """
    see_reply(work, reply_id, student_id)
    row = work.session.scalars(
        select(ReplyStudent).where(
            ReplyStudent.reply_id == reply_id, ReplyStudent.student_id == student_id, ReplyStudent.moved_at.is_(None)
        )
    ).one()
    entry = partnership.entry_of(work, row.line_id)
    if entry is not None and not entry.has(Moment.READ_TO_CHILD):
        partnership.fold_onto(work, entry.line, Moment.READ_TO_CHILD)
