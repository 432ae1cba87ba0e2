"""Slowing: what somebody writes who floods or threatens is kept and filed as ever, and told to one person alone.

Nothing is thrown away, hidden or judged: whoever reads the log of the child reads it there. What changes is who is
told: one person, in batches; no answer goes out by itself. What may be about safety, STOP and START take their own way
before. A person ends it, or gives it to another, and each such step stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from commsbridge import messages, schools, students, tasks, whanau
from commsbridge.conversations.models import Reply, ReplyState, SlowedFor, SlowedSender
from commsbridge.conversations.promises.rules import answering_of
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.schools import Permission, Staff
from commsbridge.tasks import TaskKind

# A flood is over by itself once a day went by without another; a threat is over when a person says so.
FLOOD_LASTS = timedelta(days=1)
# Whoever reads for the others is written to at once, and then at most this often, with how many came.
BATCH = timedelta(hours=4)
MAIL_LASTS = timedelta(days=1)
LONGEST_REASON = 400
# Kept, and told to nobody else: what was said to the service, by a machine, or goes to the people named for safety.
_TOLD_ELSEWHERE = frozenset({ReplyState.COMMAND, ReplyState.AUTOMATIC, ReplyState.SAFETY})
_DUE = text("SELECT DISTINCT school_id FROM slowed_senders WHERE ended_at IS NULL AND mail_at <= :now")


def slowed_at(work: Work, address: str) -> SlowedSender | None:
    """How an address is slowed now; None where it is heard as ever."""
    return work.once(("slowed", address), lambda: slowed_among(work, [address]).get(address))


def slowed_among(work: Work, addresses: Collection[str]) -> dict[str, SlowedSender]:
    """Those of these addresses that are slowed now."""
    rows = select(SlowedSender).where(SlowedSender.address.in_(addresses), SlowedSender.ended_at.is_(None))
    return {row.address: row for row in work.session.scalars(rows) if row.until is None or row.until > work.now}


def slow(work: Work, reply: Reply, cause: SlowedFor, *, reason: str = "") -> SlowedSender | None:
    """From now on one person alone is told of what comes from there: whom the school named, else a leader.

    Slowed already, a flood lasts longer and all else stays. None where nobody may read of the children of whoever
    writes from there.
    """
    address = reply.from_address
    until = work.now + FLOOD_LASTS if cause is SlowedFor.FLOOD else None
    if (known := slowed_at(work, address)) is not None:
        if known.until is not None:
            known.until = until
        return known
    reader = next(_readers(work, address), None)
    if reader is None or not address:
        return None
    _end_over(work, address)
    row = _begin(work, address, reader.id, cause, reply.id, reason=reason, until=until)
    if reply.state is not ReplyState.SAFETY:
        row.came, row.mail_at = 1, work.now
    if cause is not SlowedFor.FLOOD:
        tasks.give_task(work, TaskKind.SLOWED, staff_id=reader.id, subject_id=subject_of(work, address))
    return row


def note_came(work: Work, reply: Reply) -> None:
    """Mark what has just come from somebody who is slowed: one person is told, in the next batch."""
    if reply.state in _TOLD_ELSEWHERE or (row := slowed_at(work, reply.from_address)) is None:
        return
    reply.told_to = row.staff_id
    row.came += 1
    if row.mail_at is None:
        row.mail_at = max(work.now, row.mailed_at + BATCH) if row.mailed_at else work.now


def slow_by_hand(work: Work, reply_id: uuid.UUID, *, reason: str) -> SlowedSender:
    """A person hands what comes from there to the one the school named. Raises NotFound, Invalid without a reason.

    Conflict where it is slowed already, or nobody may take it.
    """
    reply = work.session.get(Reply, reply_id)
    if reply is None or reply.state is not ReplyState.FILED:
        raise NotFound(N_("That message is not here."))
    if slowed_at(work, reply.from_address) is not None:
        raise Conflict(N_("What comes from there goes to one person already."))
    row = slow(work, reply, SlowedFor.PERSON, reason=_reason(reason))
    if row is None:
        raise Conflict(N_("Nobody at school could read it instead. Ask a leader."))
    reply.told_to = row.staff_id
    return row


def give_on(work: Work, slowed_id: uuid.UUID, staff_id: uuid.UUID) -> SlowedSender:
    """Another person reads what comes from there, and what came already. Raises NotFound, Conflict, Invalid."""
    row = _open(work, slowed_id)
    if staff_id == row.staff_id or all(each.id != staff_id for each in may_read(work, row.address)):
        raise Invalid(N_("Choose somebody who sees these students."), field="staff")
    _end(work, row, "")
    cause = SlowedFor(row.cause)
    following = _begin(work, row.address, staff_id, cause, row.reply_id, reason=row.reason, until=row.until)
    following.came, following.mail_at = len(came_while_slowed(work, following)), work.now
    theirs = update(Reply).where(Reply.from_address == row.address, Reply.told_to.is_not(None))
    work.session.execute(theirs.values(told_to=staff_id))
    tasks.close_tasks_about(work, TaskKind.SLOWED, subject_of(work, row.address), outcome="given on")
    tasks.give_task(work, TaskKind.SLOWED, staff_id=staff_id, subject_id=subject_of(work, row.address))
    return following


def end_slowing(work: Work, slowed_id: uuid.UUID, *, reason: str) -> SlowedSender:
    """What comes from there is heard as ever again; what nobody has seen goes to whoever teaches the child.

    Raises NotFound, Conflict where it was ended, Invalid without a reason.
    """
    row = _open(work, slowed_id)
    _end(work, row, _reason(reason))
    work.session.execute(
        update(Reply).where(Reply.from_address == row.address, Reply.told_to.is_not(None)).values(told_to=None)
    )
    for kind in (TaskKind.SLOWED, TaskKind.FLOOD):
        tasks.close_tasks_about(work, kind, subject_of(work, row.address), outcome="ended")
    return row


def slowed_by_id(work: Work, slowed_id: uuid.UUID) -> SlowedSender:
    """One row of the history. Raises NotFound."""
    row = work.session.get(SlowedSender, slowed_id)
    if row is None:
        raise NotFound(N_("That is not here any more."))
    return row


def slowed_senders(work: Work, *, since: datetime) -> Sequence[SlowedSender]:
    """Who is slowed now, and who was since a time, the latest first."""
    rows = select(SlowedSender).where(SlowedSender.ended_at.is_(None) | (SlowedSender.at >= since))
    return work.session.scalars(rows.order_by(SlowedSender.at.desc(), SlowedSender.id)).all()


def came_while_slowed(work: Work, row: SlowedSender, *, limit: int = 50) -> Sequence[Reply]:
    """What came from there for a person since it was slowed, the latest first; not what safety keeps to its own."""
    began = select(Reply.received_at).where(Reply.id == row.reply_id).scalar_subquery()
    rows = select(Reply).where(
        Reply.from_address == row.address,
        Reply.received_at >= began,
        Reply.state.in_([ReplyState.FILED, ReplyState.PARKED, ReplyState.ASKED]),
    )
    return work.session.scalars(rows.order_by(Reply.received_at.desc(), Reply.id).limit(limit)).all()


def children_at(work: Work, address: str) -> set[uuid.UUID]:
    """The children of everybody who has that address, those they may not hear of among them."""
    writers = whanau.writers_at(work, address, on=schools.today(work))
    return {child for each in writers for child in (*each.students, *each.barred)}


def may_read(work: Work, address: str) -> list[Staff]:
    """Who could read what comes from an address for the others: whoever reads the log and sees all its children."""
    about = children_at(work, address)
    able = schools.staff_with(work, Permission.READ_LOG, schools.today(work))
    return [each for each in able if _sees(work, each, about)]


def subject_of(work: Work, address: str) -> uuid.UUID:
    """What a task about an address is about: the same, however often it is given."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{work.school_id} {address}")


def schools_with_slowed_to_tell(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The schools where somebody is to be told of a batch, through the carrier's door, which sees no more of it."""
    return session.scalars(_DUE, {"now": now}).all()


def tell_of_slowed(work: Work, *, links: Links) -> int:
    """Write to whoever reads for the others: how many came since the last time. Returns how many mails were queued.

    Once whoever read for the others has left, another does.
    """
    due = select(SlowedSender).where(SlowedSender.ended_at.is_(None), SlowedSender.mail_at <= work.now)
    told = 0
    for row in work.session.scalars(due.with_for_update(skip_locked=True)).all():
        reader = _still(work, row)
        came, row.came = row.came, 0
        row.mailed_at, row.mail_at = work.now, None
        if reader is not None and came and schools.sender_for_mails(work) is not None:
            messages.mail_slowed(work, reader, came, links=links, expires_at=work.now + MAIL_LASTS)
            told += 1
    work.session.flush()
    return told


def _still(work: Work, row: SlowedSender) -> Staff | None:
    """Whoever reads it, while they are here; else the next, who has it from then on."""
    able = {each.id: each for each in may_read(work, row.address)}
    if row.staff_id not in able and (other := next(_readers(work, row.address), None)) is not None:
        theirs = update(Reply).where(Reply.from_address == row.address, Reply.told_to == row.staff_id)
        work.session.execute(theirs.values(told_to=other.id))
        row.staff_id = other.id
    return able.get(row.staff_id)


def _readers(work: Work, address: str) -> Iterator[Staff]:
    """Whom the school named for it, whom it named for what nobody answered, then its leaders: who may read it."""
    rules = answering_of(work)
    able = {each.id: each for each in may_read(work, address)}
    yield from (able[each] for each in (rules.slowed_id, rules.named_id) if each in able)
    leaders = schools.staff_with(work, Permission.SET_PROMISE, schools.today(work))
    yield from (each for each in leaders if each.id in able)


def _sees(work: Work, staff: Staff, about: Collection[uuid.UUID]) -> bool:
    viewer = schools.viewer_for(work, staff.id)
    try:
        for student_id in about:
            students.student_for(work, viewer, student_id)
    except (NotFound, NotAllowed):
        return False
    return True


def _begin(
    work: Work,
    address: str,
    staff_id: uuid.UUID,
    cause: SlowedFor,
    reply_id: uuid.UUID,
    *,
    reason: str,
    until: datetime | None,
) -> SlowedSender:
    row = SlowedSender(
        id=uuid.uuid4(), address=address, staff_id=staff_id, cause=cause, reply_id=reply_id, at=work.now,
        by=work.actor.id, reason=reason, until=until,
    )  # fmt: skip
    work.write(row)
    work.forget(("slowed", address))
    return row


def _end_over(work: Work, address: str) -> None:
    """What ended by itself is written down as ended, before it begins anew."""
    over = select(SlowedSender).where(
        SlowedSender.address == address, SlowedSender.ended_at.is_(None), SlowedSender.until <= work.now
    )
    for row in work.session.scalars(over).all():
        row.ended_at = row.until
    work.session.flush()


def _end(work: Work, row: SlowedSender, reason: str) -> None:
    row.ended_at, row.ended_by, row.end_reason = work.now, work.actor.id, reason
    work.session.flush()
    work.forget(("slowed", row.address))


def _open(work: Work, slowed_id: uuid.UUID) -> SlowedSender:
    row = work.session.get(SlowedSender, slowed_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("That is not here any more."))
    if row.ended_at is not None:
        raise Conflict(N_("Somebody has ended this already."))
    return row


def _reason(written: str) -> str:
    reason = " ".join(written.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(N_("Write why, in 1 to %(longest)s letters."), field="reason", longest=LONGEST_REASON)
    return reason
