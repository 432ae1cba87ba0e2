"""Verbs of concerns: write one, let it go or give it back, and send it as a neutral line with a link."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from commsbridge import partnership, schools, tasks
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.concerns.hard_days import hold_good_news
from commsbridge.messages.concerns.models import Concern, ConcernKind, ConcernState, Rang
from commsbridge.messages.concerns.sending import send_out
from commsbridge.messages.going import may_hear
from commsbridge.messages.links import Links
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.students import Student
from commsbridge.tasks import TaskKind

LONGEST_PART = 2000


@dataclass(frozen=True, slots=True)
class Call:
    """Ringing first: whom, when (aware UTC), and what came of it."""

    contact_id: uuid.UUID
    at: datetime
    came: Rang


@dataclass(frozen=True, slots=True)
class Account:
    """What a concern tells: what happened, what helped, what we suggest, and what is asked of whānau."""

    happened: str
    helped: str = ""
    suggested: str = ""
    asked: str = ""
    offers_talk: bool = False


def send_concern(
    work: Work,
    student: Student,
    kind: ConcernKind,
    account: Account,
    *,
    to: Sequence[uuid.UUID],
    call: Call | None,
    links: Links,
    once_key: str | None = None,
) -> Concern:
    """Tell the chosen contacts ``to`` of a concern, at once, or once a second person has read it where the school asks.

    The same ``once_key`` again returns the concern already written. Raises Invalid when nothing is told, when nobody
    is chosen, or when nobody was rung on a hard day.
    """
    if known := _known(work, once_key):
        return known
    if not to:
        raise Invalid(N_("Choose who should get it, or keep it in the log."), field="to")
    concern = _write(work, student, kind, account, to=to, call=call, once_key=once_key)
    if schools.school_of(work).concerns_read_first:
        concern.state = ConcernState.WAITING
        tasks.give_task(
            work, TaskKind.READ_CONCERN, role=Role.LEARNING_SUPPORT, student_id=student.id, subject_id=concern.id
        )
        work.session.flush()
        return concern
    send_out(work, student, concern, links=links)
    return concern


def keep_concern(
    work: Work,
    student: Student,
    kind: ConcernKind,
    account: Account,
    *,
    call: Call | None,
    once_key: str | None = None,
) -> Concern:
    """Keep a concern in the log alone: it was told by voice, and nothing goes out. Raises Invalid as send_concern."""
    return _known(work, once_key) or _write(work, student, kind, account, to=(), call=call, once_key=once_key)


def release_concern(work: Work, concern_id: uuid.UUID, student: Student, *, links: Links) -> Concern:
    """A second person has read it: it goes. Raises NotAllowed for its own writer, Conflict when somebody was first."""
    concern = _waiting(work, concern_id)
    send_out(work, student, concern, links=links)
    return _settle(work, concern, ConcernState.GONE, "")


def return_concern(work: Work, concern_id: uuid.UUID, *, note: str) -> Concern:
    """A second person gives it back to its writer with a note; nothing goes out. Raises as release_concern."""
    concern = _waiting(work, concern_id)
    words = tidy(note)
    if not words:
        raise Invalid(N_("Say in a few words what should change."), field="note")
    return _settle(work, concern, ConcernState.RETURNED, words[:LONGEST_PART])


def close_returned(work: Work, concern_id: uuid.UUID | None) -> None:
    """One that was given back has been written anew, by its own writer; None closes nothing."""
    concern = work.session.get(Concern, concern_id) if concern_id else None
    if concern is not None and concern.staff_id == work.actor.id:
        tasks.close_tasks_about(work, TaskKind.REWRITE_CONCERN, concern.id, outcome="rewritten")


def _known(work: Work, once_key: str | None) -> Concern | None:
    return work.session.scalar(select(Concern).where(Concern.once_key == once_key)) if once_key else None


def _write(
    work: Work,
    student: Student,
    kind: ConcernKind,
    account: Account,
    *,
    to: Sequence[uuid.UUID],
    call: Call | None,
    once_key: str | None,
) -> Concern:
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    _check_call(work, student, kind, call)
    parts = {name: _part(name, getattr(account, name)) for name in ("happened", "helped", "suggested", "asked")}
    if not parts["happened"]:
        raise Invalid(N_("Say what happened, as you would to their face."), field="happened")
    concern = Concern(
        id=uuid.uuid4(),
        kind=kind,
        student_id=student.id,
        staff_id=work.actor.id,
        offers_talk=account.offers_talk,
        recipient_ids=list(to),
        rang_contact_id=call.contact_id if call else None,
        rang_at=call.at if call else None,
        rang=call.came if call else None,
        state=ConcernState.KEPT,
        once_key=once_key,
        made_at=work.now,
        **parts,
    )
    work.session.add(concern)
    work.session.flush()
    line = partnership.write_line(
        work, Moment.CONCERN, student_id=student.id, staff_id=work.actor.id, subject=("concern", concern.id)
    )
    concern.line_id = line.id
    if kind is ConcernKind.HARD_DAY:
        hold_good_news(work, student)
    work.session.flush()
    return concern


def _part(name: str, words: str) -> str:
    kept = tidy(words)
    if len(kept) > LONGEST_PART:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field=name, limit=LONGEST_PART)
    return kept


def _check_call(work: Work, student: Student, kind: ConcernKind, call: Call | None) -> None:
    if call is None:
        if kind is ConcernKind.HARD_DAY:
            raise Invalid(N_("Ring first. Then say here who you rang, and whether they answered."), field="rang")
        return
    if call.at > work.now:
        raise Invalid(N_("That time is still to come. Say when it happened."), field="rang_at")
    if call.contact_id not in {each.contact_id for each in may_hear(work, student)}:
        raise Invalid(N_("Choose who you rang."), field="rang_contact_id")


def _waiting(work: Work, concern_id: uuid.UUID) -> Concern:
    concern = work.session.get(Concern, concern_id, with_for_update=True)
    if concern is None or concern.state is not ConcernState.WAITING:
        raise Conflict(N_("Somebody has already read this one."))
    if concern.staff_id == work.actor.id:
        raise NotAllowed(N_("You wrote this one: ask a colleague to read it."))
    return concern


def _settle(work: Work, concern: Concern, state: ConcernState, note: str) -> Concern:
    concern.state, concern.settled_note = state, note
    concern.settled_by, concern.settled_at = work.actor.id, work.now
    tasks.close_tasks_about(work, TaskKind.READ_CONCERN, concern.id, outcome=state.value)
    if state is ConcernState.RETURNED:
        tasks.give_task(
            work,
            TaskKind.REWRITE_CONCERN,
            staff_id=concern.staff_id,
            student_id=concern.student_id,
            subject_id=concern.id,
        )
    work.session.flush()
    return concern
