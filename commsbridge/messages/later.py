"""Praise that goes later: kept until its moment, changed or cancelled until then, and sent once when it comes.

Whom it reaches, how and in which language is decided when it goes, as for praise written at that moment: what a family
wished, a limit or a pause since then all hold, and nothing of it stands in the log before.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from commsbridge import schools, students
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages.links import Links
from commsbridge.messages.models import LaterPraise, LaterState, Message, Photo, Shows
from commsbridge.messages.praise import Draft, check_draft, send_praise
from commsbridge.schools import Permission
from commsbridge.students import Student

# Praise that is older than a term's half is no news; the day to come stays one that a teacher can picture.
FURTHEST = timedelta(days=60)
# Why it stops when it comes to go, by the field that the refusal names.
STOPPED_BY = {"phrase": "phrase_retired", "photo": "photo", "photo_shows": "photo"}
SHOWN_AFTER = timedelta(days=7)
_DUE = text("SELECT DISTINCT school_id FROM later_praises WHERE state = 'waiting' AND goes_at <= :now")


def keep_for_later(
    work: Work,
    student: Student,
    draft: Draft,
    *,
    goes_at: datetime,
    once_key: str | None = None,
    together_id: uuid.UUID | None = None,
) -> LaterPraise:
    """Keep praise until ``goes_at`` (aware UTC). The same ``once_key`` again gives back what was kept already.

    Raises Invalid for a moment that is past, too far away, or on a day without school, and as send_praise does for the
    words.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    checked = check_draft(work, student, draft)
    _check_moment(work, goes_at)
    written = insert(LaterPraise).values(
        id=uuid.uuid4(),
        staff_id=work.actor.id,
        student_id=student.id,
        phrase_id=draft.phrase_id,
        words=checked.words,
        as_link=draft.as_link,
        te_reo_first=draft.te_reo_first,
        once_key=once_key,
        together_id=together_id,
        photo_id=draft.photo_id,
        goes_at=goes_at,
        state=LaterState.WAITING,
        made_at=work.now,
        changed_at=work.now,
    )
    once = written.on_conflict_do_nothing(index_elements=[LaterPraise.school_id, LaterPraise.once_key])
    kept = work.session.scalar(once.returning(LaterPraise))
    return kept or work.session.scalars(select(LaterPraise).where(LaterPraise.once_key == once_key)).one()


def _check_moment(work: Work, goes_at: datetime) -> None:
    if goes_at <= work.now:
        raise Invalid(N_("That time has passed. Choose a later one."), field="goes_at")
    if goes_at > work.now + FURTHEST:
        raise Invalid(
            N_("Choose a day in the next %(days)s days, while it is still news."),
            field="goes_at",
            days=FURTHEST.days,
        )
    calendar = schools.calendar_of(work)
    day = calendar.local(goes_at).date()
    if calendar.is_school_day(day):
        return
    following = calendar.next_school_day(day)
    if following is None:
        raise Invalid(N_("We do not know the school days that far ahead. Choose an earlier day."), field="goes_at")
    raise Invalid(
        N_("There is no school on %(day)s. The next school day is %(following)s."),
        field="goes_at",
        day=_in_figures(day),
        following=_in_figures(following),
    )


def _in_figures(day: date) -> str:
    """A day as both languages write it in figures."""
    return f"{day.day}/{day.month}/{day.year}"


def change_later(work: Work, later_id: uuid.UUID, draft: Draft, *, goes_at: datetime) -> LaterPraise:
    """Write what waits anew, for the moment given.

    Raises NotFound for what somebody else wrote, Conflict when it no longer waits, Invalid as keep_for_later does.
    """
    later = own_waiting(work, later_id)
    student = work.session.get_one(Student, later.student_id)
    checked = check_draft(work, student, draft)
    _check_moment(work, goes_at)
    later.phrase_id, later.words, later.as_link = draft.phrase_id, checked.words, draft.as_link
    later.te_reo_first = draft.te_reo_first
    later.photo_id = draft.photo_id
    later.goes_at, later.changed_at = goes_at, work.now
    work.session.flush()
    return later


def cancel_later(work: Work, later_id: uuid.UUID) -> LaterPraise:
    """It does not go. Raises NotFound for what somebody else wrote, Conflict when it no longer waits."""
    later = own_waiting(work, later_id)
    later.state, later.changed_at = LaterState.CANCELLED, work.now
    work.session.flush()
    return later


def send_now(work: Work, later_id: uuid.UUID, draft: Draft, *, links: Links) -> Message:
    """What waits goes now instead, as ``draft`` says it, with the usual time to undo. Raises as both verbs do."""
    later = own_waiting(work, later_id)
    student = work.session.get_one(Student, later.student_id)
    message = send_praise(work, student, draft, links=links, once_key=_key_of(later))
    later.state, later.message_id, later.changed_at = LaterState.GONE, message.id, work.now
    work.session.flush()
    return message


def own_waiting(work: Work, later_id: uuid.UUID) -> LaterPraise:
    """What the actor wrote and still waits, locked. Raises NotFound, or Conflict when it has gone or was cancelled."""
    later = work.session.get(LaterPraise, later_id, with_for_update=True, populate_existing=True)
    if later is None or later.staff_id != work.actor.id:
        raise NotFound(N_("That message is not here."))
    if later.state is not LaterState.WAITING:
        raise Conflict(N_("It is no longer waiting: it has gone, or was cancelled."))
    return later


def became(work: Work, later_id: uuid.UUID | None) -> uuid.UUID | None:
    """The message that what the actor kept for later has become."""
    later = work.session.get(LaterPraise, later_id) if later_id else None
    return later.message_id if later and later.staff_id == work.actor.id else None


def stop_photos(work: Work, student_id: uuid.UUID) -> None:
    """Nothing that waits goes with a photo that shows this child."""
    showing = select(Photo.id).where(Photo.student_id == student_id, Photo.shows == Shows.CHILD)
    rows = select(LaterPraise).where(LaterPraise.state == LaterState.WAITING, LaterPraise.photo_id.in_(showing))
    for later in work.session.scalars(rows.with_for_update()):
        _stop(work, later, "photo")
    work.session.flush()


def draft_of(later: LaterPraise) -> Draft:
    """What was chosen and written."""
    return Draft(
        phrase_id=later.phrase_id,
        words=later.words,
        as_link=later.as_link,
        te_reo_first=later.te_reo_first,
        photo_id=later.photo_id,
    )


def waiting_praise(work: Work, student_ids: Collection[uuid.UUID]) -> Sequence[LaterPraise]:
    """What waits for these children, the next to go first, and before it what could not go in the last days."""
    return _shown(work, LaterPraise.student_id.in_(student_ids))


def _shown(work: Work, about: ColumnElement[bool]) -> Sequence[LaterPraise]:
    lately = (LaterPraise.state == LaterState.STOPPED) & (LaterPraise.changed_at > work.now - SHOWN_AFTER)
    rows = select(LaterPraise).where(about, (LaterPraise.state == LaterState.WAITING) | lately)
    return work.session.scalars(rows.order_by(LaterPraise.state, LaterPraise.goes_at, LaterPraise.id)).all()


def schools_with_due_praise(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools where praise has come to its moment; through the carrier's door, which sees no more of it."""
    return list(session.scalars(_DUE, {"now": now}))


def send_due(work: Work, *, links: Links, limit: int = 200) -> int:
    """Send one school's praise whose moment has come, each once, as its writer. Returns how many were looked at.

    On a day that has become one without school it waits for the next school day, at the same time. Where its writer no
    longer sees the child, or nobody can be reached, it is stopped, and the writer's list says so.
    """
    due = work.session.scalars(
        select(LaterPraise)
        .where(LaterPraise.state == LaterState.WAITING, LaterPraise.goes_at <= work.now)
        .order_by(LaterPraise.goes_at, LaterPraise.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    calendar = schools.calendar_of(work) if due else None
    for later in due:
        if calendar is not None and not calendar.is_school_day(calendar.local(work.now).date()):
            _put_off(work, later, calendar)
        else:
            _send(work, later, links)
    work.session.flush()
    return len(due)


def _put_off(work: Work, later: LaterPraise, calendar: SchoolCalendar) -> None:
    following = calendar.next_school_day(calendar.local(work.now).date())
    if following is None:
        _stop(work, later, "no_school_day")
    else:
        later.goes_at = calendar.moment(following, calendar.local(later.goes_at).time())


def _send(work: Work, later: LaterPraise, links: Links) -> None:
    as_writer = replace(work, actor=Actor.staff(later.staff_id))
    try:
        viewer = schools.viewer_for(work, later.staff_id)
        schools.allow(viewer, Permission.SEND_PRAISE)
        student = students.student_for(as_writer, viewer, later.student_id)
        with work.session.begin_nested():
            message = send_praise(
                as_writer, student, draft_of(later), links=links, once_key=_key_of(later), undo=timedelta(0)
            )
    except (NotFound, NotAllowed):
        _stop(work, later, "not_seen")
    except Invalid as refusal:
        _stop(work, later, STOPPED_BY.get(refusal.field or "", "nobody"))
    else:
        later.state, later.message_id, later.changed_at = LaterState.GONE, message.id, work.now


def _stop(work: Work, later: LaterPraise, why: str) -> None:
    later.state, later.why, later.changed_at = LaterState.STOPPED, why, work.now


def _key_of(later: LaterPraise) -> str:
    return f"later {later.id}"
