"""Answering: what a teacher sees of the prompts they were sent, and what they say to them in one step."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from commsbridge import partnership, schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.prompts.models import Answer, Prompt, PromptedChild

# A prompt stays on the page for the day it was made and the school day after.
SHOWN_FOR = 2
LATE_SHOWN_FOR = 10
TALKED = N_("We talked at the gate.")


@dataclass(frozen=True, slots=True)
class OpenChild:
    """A child that somebody was asked about and has not praised or answered for yet."""

    id: uuid.UUID
    student_id: uuid.UUID
    waited: int | None
    concerns: int
    asked_at: datetime
    texted_at: datetime | None = None


def open_children(work: Work, staff_id: uuid.UUID) -> list[OpenChild]:
    """The children somebody is asked about now, the latest prompt first: not praised since, by anybody, not answered.

    One put off for later comes back on its day.
    """
    today = schools.today(work)
    days = schools.calendar_of(work).last_school_days(SHOWN_FOR, today)
    since = schools.day_begins(work, days[0] if days else today)
    rows = (
        select(PromptedChild, Prompt.due_at, Prompt.texted_at)
        .join(Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id))
        .where(
            Prompt.staff_id == staff_id,
            or_(
                PromptedChild.answer.is_(None) & (Prompt.due_at >= since),
                (PromptedChild.answer == Answer.LATER) & (PromptedChild.again_on == today),
            ),
        )
        .order_by(Prompt.due_at.desc(), PromptedChild.place)
    )
    found: dict[uuid.UUID, OpenChild] = {}
    for row, asked_at, texted_at in work.session.execute(rows):
        child = OpenChild(row.id, row.student_id, row.waited, row.concerns, asked_at, texted_at)
        found.setdefault(row.student_id, child)
    if not found:
        return []
    praised = partnership.praised_since(work, since=min(child.asked_at for child in found.values()))
    return [child for child in found.values() if praised.get(child.student_id, child.asked_at) <= child.asked_at]


def late_lately(work: Work, staff_id: uuid.UUID) -> list[Prompt]:
    """The prompts of the last two school weeks that could not be made in time, the latest first."""
    today = schools.today(work)
    days = schools.calendar_of(work).last_school_days(LATE_SHOWN_FOR, today)
    since = schools.day_begins(work, days[0] if days else today)
    rows = select(Prompt).where(Prompt.staff_id == staff_id, Prompt.late.is_not(None), Prompt.due_at >= since)
    return list(work.session.scalars(rows.order_by(Prompt.due_at.desc())))


def texted_children(work: Work, staff_id: uuid.UUID) -> list[OpenChild]:
    """The children of the prompt that last went to somebody's phone, as far as they are still asked about."""
    texted = [child for child in open_children(work, staff_id) if child.texted_at is not None]
    latest = max((child.texted_at for child in texted if child.texted_at), default=None)
    return [child for child in texted if child.texted_at == latest]


def prompted_student(work: Work, prompted_id: uuid.UUID, staff_id: uuid.UUID) -> uuid.UUID:
    """The child that somebody was asked about. Raises NotFound for a prompt of somebody else."""
    return _mine(work, prompted_id, staff_id).student_id


def answer(work: Work, prompted_id: uuid.UUID, staff_id: uuid.UUID, said: Answer, *, language: Language) -> Answer:
    """Say what is with a child one was asked about.

    A talk at the gate is written into the log; later is the next school day. Saying the same twice changes nothing.
    Raises NotFound for a prompt of somebody else.
    """
    row = _mine(work, prompted_id, staff_id)
    if row.answer is said:
        return said
    if said is Answer.GATE:
        partnership.write_korero(
            work,
            student_id=row.student_id,
            moment=Moment.GATE,
            words=say(language, TALKED),
            happened_at=work.now,
            once_key=f"prompt/{row.id}",
        )
    row.answer, row.answered_at = said, work.now
    row.again_on = _next_school_day(work) if said is Answer.LATER else None
    work.session.flush()
    return said


def take_back(work: Work, prompted_id: uuid.UUID, staff_id: uuid.UUID) -> None:
    """Take an answer back, so that the child is asked about again. What the log has of a talk stays.

    Raises NotFound for a prompt of somebody else.
    """
    row = _mine(work, prompted_id, staff_id)
    row.answer = row.answered_at = row.again_on = None
    work.session.flush()


def _mine(work: Work, prompted_id: uuid.UUID, staff_id: uuid.UUID) -> PromptedChild:
    row = work.session.scalar(
        select(PromptedChild)
        .join(Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id))
        .where(PromptedChild.id == prompted_id, Prompt.staff_id == staff_id)
    )
    if row is None:
        raise NotFound(N_("That prompt is not here."))
    return row


def _next_school_day(work: Work) -> date:
    calendar, today = schools.calendar_of(work), schools.today(work)
    later = calendar.school_days(today, date(today.year + 1, 12, 31))
    return next((day for day in later if day > today), today)
