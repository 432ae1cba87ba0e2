"""A hui about the individual plan once a term: whose is due, for whoever holds the plan; or why not this term."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import or_, select

from commsbridge import plans, schools
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import Term
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiKind, HuiState
from commsbridge.meetings.opening import words_kept
from commsbridge.meetings.term_models import HuiNotThisTerm
from commsbridge.schools import Permission, Viewer

# A term has settled by then, and nine weeks are left to find a time (guidance: an IEP meeting once a term).
SETTLED_AFTER = 10


def iep_due(work: Work, viewer: Viewer) -> list[uuid.UUID]:
    """The students whose hui about their plan is due this term, of plans this person holds.

    Nothing before the term has settled, in the holidays and on days without school. A plan whose holder has left is
    for whoever leads support. One that is open, set or was held this term, or put off with a reason, is not due.
    """
    term = _term(work)
    today = schools.today(work)
    calendar = schools.calendar_of(work)
    if term is None or not calendar.is_school_day(today) or not viewer.may(Permission.HOLD_HUI):
        return []
    if len(calendar.school_days(term.first_on, today)) <= SETTLED_AFTER:
        return []
    able = {each.id for each in schools.staff_with(work, Permission.HOLD_HUI, today)}
    leads = viewer.may(Permission.SEE_LIMITS)
    mine = [
        each.student_id
        for each in plans.open_plans(work)
        if each.begun_by == viewer.staff_id or (leads and each.begun_by not in able)
    ]
    settled = _settled(work, term, mine)
    return [each for each in mine if each not in settled]


def _term(work: Work) -> Term | None:
    return schools.calendar_of(work).term_of(schools.today(work))


def _settled(work: Work, term: Term, student_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those who have such a hui this term, or will, and those of whom somebody wrote why not."""
    if not student_ids:
        return set()
    begins = schools.day_begins(work, term.first_on)
    ends = schools.day_begins(work, term.last_on + timedelta(days=1))
    ahead = Hui.state.in_((HuiState.PREPARED, HuiState.ASKED))
    then = Hui.state.in_((HuiState.SET, HuiState.HELD)) & (Hui.begins_at >= begins) & (Hui.begins_at < ends)
    rows = select(Hui.student_id).where(Hui.student_id.in_(student_ids), Hui.kind == HuiKind.IEP, or_(ahead, then))
    put_off = select(HuiNotThisTerm.student_id).where(
        HuiNotThisTerm.student_id.in_(student_ids), HuiNotThisTerm.term_on == term.first_on
    )
    return {*work.session.scalars(rows), *work.session.scalars(put_off)}


def not_this_term(work: Work, student_id: uuid.UUID, why: str) -> HuiNotThisTerm:
    """Keep why there is no such hui this term; nobody is asked again before the next one.

    Raises Invalid without a reason, Conflict in the holidays, NotAllowed for who is not of the staff.
    """
    if work.actor.kind is not ActorKind.STAFF or work.actor.id is None:
        raise NotAllowed(N_("Sign in first."))
    term = _term(work)
    if term is None:
        raise Conflict(N_("It is no term now. Nobody is asked for a hui."))
    kept = words_kept(why, "why")
    if not kept:
        raise Invalid(N_("Say in a few words why not this term."), field="why")
    said = HuiNotThisTerm(
        id=uuid.uuid4(), student_id=student_id, term_on=term.first_on, staff_id=work.actor.id, why=kept, at=work.now
    )
    work.session.add(said)
    work.session.flush()
    return said


def why_not_this_term(work: Work, student_id: uuid.UUID) -> HuiNotThisTerm | None:
    """What somebody wrote last of why there is none this term."""
    term = _term(work)
    if term is None:
        return None
    rows = select(HuiNotThisTerm).where(
        HuiNotThisTerm.student_id == student_id, HuiNotThisTerm.term_on == term.first_on
    )
    return work.session.scalars(rows.order_by(HuiNotThisTerm.at.desc()).limit(1)).first()
