"""Verbs of promises: owed when words ask something, assigned, passed on, and kept; each step is written down."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from commsbridge import schools
from commsbridge.conversations.models import Reply, ReplyState, ReplyStudent
from commsbridge.conversations.owed import asks
from commsbridge.conversations.promises.holding import is_here, sees, who_holds, who_takes_over
from commsbridge.conversations.promises.hours import Hours
from commsbridge.conversations.promises.models import Kept, Promise, PromiseStep, Step
from commsbridge.conversations.promises.rules import Answering, answering_of, hours_of
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Staff

# Where no school days are known the clock looks once a day.
LOOKS_AGAIN = timedelta(days=1)


def note_asked(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID], *, new: bool) -> None:
    """Words were filed: where they ask something somebody owes an answer; moved, it goes to who sees the child."""
    promise = None if new else promise_of(work, reply.id)
    if promise is None:
        if asks(reply.words).owed:
            _open(work, reply, student_ids, Step.FOUND)
    elif promise.kept_at is None:
        pass_on_if_away(work, promise, reply, student_ids)


def ask(work: Work, reply_id: uuid.UUID) -> Promise:
    """A person says that a reply asks something: its promise runs, again if it had ended. Raises NotFound, Conflict."""
    reply, student_ids = _filed(work, reply_id)
    promise = promise_of(work, reply_id, lock=True)
    if promise is None:
        return _open(work, reply, student_ids, Step.ASKED)
    if promise.kept_at is None:
        return promise
    promise.spent_minutes, promise.held_since = promise.took_minutes or 0, work.now
    promise.kept_at = promise.kept_how = promise.kept_by = promise.took_minutes = promise.message_id = None
    write_step(work, promise, Step.ASKED)
    pass_on_if_away(work, promise, reply, student_ids)
    set_next_look(work, promise)
    return promise


def keep(
    work: Work,
    reply_id: uuid.UUID,
    how: Kept,
    *,
    message_id: uuid.UUID | None = None,
    until: datetime | None = None,
) -> Promise | None:
    """An answer was sent, or they talked, or none is needed; the first to say so counts. None where none was owed.

    ``until`` is when an answer goes that was written to go later: home waits till then.
    """
    promise = promise_of(work, reply_id, lock=True)
    if promise is None or promise.kept_at is not None:
        return promise
    holder = holder_of(work, promise)
    ran = hours_of(work, answering_of(work), holder).minutes_between(promise.held_since, until or work.now)
    promise.took_minutes = promise.spent_minutes + ran
    promise.kept_at, promise.kept_how, promise.kept_by = work.now, how, work.actor.id
    promise.message_id = message_id
    write_step(work, promise, Step.KEPT, kept_how=how)
    return promise


def assign(work: Work, reply_id: uuid.UUID, staff_id: uuid.UUID) -> Promise:
    """Give a reply to somebody to answer; it asks for an answer from then on, if it did not before.

    Raises NotFound; Invalid for somebody who does not see the children it is about.
    """
    _, student_ids = _filed(work, reply_id)
    if not sees(work, staff_id, student_ids):
        raise Invalid(N_("Choose somebody who sees this student and may write home."), field="staff")
    promise = ask(work, reply_id)
    if promise.holder_id != staff_id:
        _give(work, promise, schools.staff_by_id(work, [staff_id])[staff_id], Step.ASSIGNED)
    return promise


def may_be_assigned(work: Work, reply_id: uuid.UUID) -> list[Staff]:
    """Who could be given a reply: everybody here today who sees its children and may write home, by name."""
    _, student_ids = _filed(work, reply_id)
    on = schools.today(work)
    return [each for each in schools.staff_all(work, on) if sees(work, each.id, student_ids)]


def promise_of(work: Work, reply_id: uuid.UUID, *, lock: bool = False) -> Promise | None:
    """The promise about one reply."""
    rows = select(Promise).where(Promise.reply_id == reply_id)
    return work.session.scalars(rows.with_for_update() if lock else rows).first()


def promises_of(work: Work, reply_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Promise]:
    """The promises about replies, by reply."""
    rows = select(Promise).where(Promise.reply_id.in_(reply_ids))
    return {row.reply_id: row for row in work.session.scalars(rows)} if reply_ids else {}


def steps_of(work: Work, promise: Promise) -> Sequence[PromiseStep]:
    """What happened to a promise, the first step first."""
    rows = select(PromiseStep).where(PromiseStep.promise_id == promise.id)
    return work.session.scalars(rows.order_by(PromiseStep.number)).all()


def holder_of(work: Work, promise: Promise) -> Staff | None:
    """Who holds it, also after they left."""
    return schools.staff_by_id(work, [promise.holder_id]).get(promise.holder_id) if promise.holder_id else None


def pass_on_if_away(work: Work, promise: Promise, reply: Reply, student_ids: Sequence[uuid.UUID]) -> None:
    """Give it to somebody who is here on the day whose hours run or come next, where its holder is not."""
    rules = answering_of(work)
    on = hours_of(work, rules, None).day_of(work.now) or schools.today(work)
    holder = holder_of(work, promise)
    if holder is not None and is_here(work, holder, student_ids, on):
        return
    taker = who_takes_over(work, holder, reply, student_ids, rules=rules, on=on)
    if (taker.id if taker else None) != promise.holder_id:
        _give(work, promise, taker, Step.PASSED)


def set_next_look(work: Work, promise: Promise) -> None:
    """Say when the clock looks again: when something may fall due, or the next day begins."""
    rules = answering_of(work)
    hours = hours_of(work, rules, holder_of(work, promise))
    due = promise.due_at if promise.raised_at is None else None
    wanted = remind_at(promise, hours), due, hours.next_opening(work.now), _whole(work, rules).next_opening(work.now)
    promise.look_at = min((each for each in wanted if each and each > work.now), default=work.now + LOOKS_AGAIN)
    work.session.flush()


def remind_at(promise: Promise, hours: Hours) -> datetime | None:
    """When its holder is reminded: after half of the school hours that were promised; None once they were."""
    if promise.reminded_at is not None:
        return None
    return hours.after(promise.held_since, promise.allowed_minutes // 2 - promise.spent_minutes)


def write_step(
    work: Work, promise: Promise, step: Step, *, to_id: uuid.UUID | None = None, kept_how: Kept | None = None
) -> None:
    """Write a step down."""
    work.session.add(
        PromiseStep(
            id=uuid.uuid4(), promise_id=promise.id, at=work.now, step=step, staff_id=work.actor.id, to_id=to_id,
            kept_how=kept_how,
        )
    )  # fmt: skip
    work.session.flush()


def _open(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID], step: Step) -> Promise:
    rules = answering_of(work)
    whole = _whole(work, rules)
    on: date = whole.day_of(work.now) or schools.today(work)
    holder = who_holds(work, reply, student_ids, rules, on)
    allowed = rules.days * whole.day_minutes
    hours = hours_of(work, rules, holder)
    promise = Promise(
        id=uuid.uuid4(), reply_id=reply.id, holder_id=holder.id if holder else None, asked_at=reply.received_at,
        held_since=reply.received_at, allowed_minutes=allowed, spent_minutes=0,
        due_at=hours.after(reply.received_at, allowed), look_at=work.now,
    )  # fmt: skip
    work.session.add(promise)
    work.session.flush()
    write_step(work, promise, step, to_id=promise.holder_id)
    soon = remind_at(promise, hours)
    if holder is not None and (soon is None or soon > work.now):
        set_next_look(work, promise)
    return promise


def _give(work: Work, promise: Promise, taker: Staff | None, step: Step) -> None:
    """Its minutes go on with the new holder, in their hours; one that is late already stays as late as it was."""
    rules = answering_of(work)
    earlier = hours_of(work, rules, holder_of(work, promise))
    promise.spent_minutes += earlier.minutes_between(promise.held_since, work.now)
    promise.held_since, promise.holder_id = work.now, taker.id if taker else None
    promise.reminded_at = None
    left = promise.allowed_minutes - promise.spent_minutes
    if left > 0:
        promise.due_at = hours_of(work, rules, taker).after(work.now, left)
    promise.look_at = work.now
    write_step(work, promise, step, to_id=promise.holder_id)


def _whole(work: Work, rules: Answering) -> Hours:
    return hours_of(work, rules, None)


def _filed(work: Work, reply_id: uuid.UUID) -> tuple[Reply, list[uuid.UUID]]:
    reply = work.session.get(Reply, reply_id)
    if reply is None:
        raise NotFound(N_("That message is not here."))
    if reply.state is not ReplyState.FILED:
        raise Conflict(N_("First say whose words these are."))
    return reply, students_of(work, reply_id)


def students_of(work: Work, reply_id: uuid.UUID) -> list[uuid.UUID]:
    """The children a reply is about, as it is filed now."""
    rows = select(ReplyStudent.student_id).where(ReplyStudent.reply_id == reply_id, ReplyStudent.moved_at.is_(None))
    return list(work.session.scalars(rows))
