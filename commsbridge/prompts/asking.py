"""Asking: a prompt that is due names the children who waited longest, once, and goes by mail where that was chosen."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.dialects.postgresql import insert

from commsbridge import messages, partnership, schools
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.prompts.around import Around, look_around
from commsbridge.prompts.choosing import Waiting
from commsbridge.prompts.models import Prompt, PromptedChild, Schedule
from commsbridge.prompts.schedules import due_moment, running_schedules
from commsbridge.prompts.texting import text_prompt
from commsbridge.schools import Permission, Viewer
from commsbridge.students import Student

# A prompt that is later than this is not made any more: the lesson it was meant for is over.
TOO_LATE = timedelta(hours=2)
# So many prompts in a row without any praise or answer: fewer come, and a kind question.
MANY_UNANSWERED = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was just made, with its children in order."""

    prompt: Prompt
    schedule: Schedule
    children: Sequence[Student]


def ask_due(work: Work, *, links: Links) -> list[Asked]:
    """Make every prompt of this school that is due and not too late; asking twice makes none twice.

    One that was asked for by mail or text goes that way, too, where the school can send any. A teacher of whose
    children nobody is due yet is not asked. However many are due in one minute, what that takes to know is asked for
    once.
    """
    calendar = schools.calendar_of(work)
    due = _due_now(work, calendar)
    viewers = {
        viewer.staff_id: viewer
        for viewer in schools.viewers_for(work, [schedule.staff_id for schedule, _ in due])
        if viewer.may(Permission.SEND_PRAISE)
    }
    tired = _tired(work, [schedule for schedule, _ in due])
    around = look_around(work, viewers.values(), calendar)
    chosen = []
    for schedule, due_at in due:
        rests = schedule.id in tired and due_at.weekday() != _first_weekday(schedule, calendar, due_at)
        if schedule.staff_id not in viewers or rests:
            continue
        found = around.next_for(schedule.staff_id, schedule.how_many)
        if found:
            around.note_asked(schedule.staff_id, [each.student_id for each in found])
            chosen.append((schedule, due_at, found))
    made = _write(work, chosen, around)
    for asked in made:
        _mail(work, asked, links)
        text_prompt(work, asked.prompt, asked.schedule, asked.children, links=links)
    return made


def _due_now(work: Work, calendar: SchoolCalendar) -> list[tuple[Schedule, datetime]]:
    """The schedules that ask now, or should have asked and are not too late, with the moment; none already asked."""
    today = schools.today(work)
    moments = [(schedule, due_moment(schedule, calendar, today)) for schedule in running_schedules(work)]
    due = [(schedule, at) for schedule, at in moments if at is not None and at <= work.now < at + TOO_LATE]
    asked = select(Prompt.schedule_id, Prompt.due_at).where(
        Prompt.schedule_id.in_([schedule.id for schedule, _ in due]), Prompt.due_at > work.now - TOO_LATE
    )
    made = {(schedule_id, at) for schedule_id, at in work.session.execute(asked)} if due else set()
    return [(schedule, at) for schedule, at in due if (schedule.id, at) not in made]


def _write(work: Work, chosen: Sequence[tuple[Schedule, datetime, Sequence[Waiting]]], around: Around) -> list[Asked]:
    """Write prompts down with their children; one that another clock has written meanwhile is left to that one."""
    if not chosen:
        return []
    rows = [
        {
            "id": uuid.uuid4(),
            "schedule_id": schedule.id,
            "staff_id": schedule.staff_id,
            "due_at": due_at,
            "made_at": work.now,
        }
        for schedule, due_at, _ in chosen
    ]
    once = insert(Prompt).on_conflict_do_nothing(index_elements=[Prompt.school_id, Prompt.schedule_id, Prompt.due_at])
    written = {prompt.schedule_id: prompt for prompt in work.session.scalars(once.values(rows).returning(Prompt))}
    made, children = [], []
    for schedule, _due_at, found in chosen:
        if (prompt := written.get(schedule.id)) is None:
            continue
        children += [
            {
                "prompt_id": prompt.id,
                "student_id": each.student_id,
                "place": place,
                "waited": each.waited,
                "concerns": each.concerns,
            }
            for place, each in enumerate(found)
        ]
        taught = around.taught[schedule.staff_id]
        made.append(Asked(prompt, schedule, [taught[each.student_id] for each in found]))
    if children:
        # RETURNING makes it one statement for all of them.
        work.session.scalars(insert(PromptedChild).returning(PromptedChild.id), children).all()
    return made


def _mail(work: Work, asked: Asked, links: Links) -> None:
    """The prompt as a mail; it is worth nothing the day after."""
    schedule = asked.schedule
    if not schedule.by_mail or schools.sender_for_mails(work) is None:
        return
    messages.mail_prompt(
        work,
        schools.staff_by_id(work, [schedule.staff_id])[schedule.staff_id],
        asked.children,
        links=links,
        expires_at=schools.day_begins(work, schools.today(work) + timedelta(days=1)),
    )


def _first_weekday(schedule: Schedule, calendar: SchoolCalendar, due_at: datetime) -> int:
    """The first day of this week on which the schedule asks, as the moment's own weekday (UTC) counts."""
    monday = calendar.local(due_at).date() - timedelta(days=calendar.local(due_at).weekday())
    moments = (due_moment(schedule, calendar, monday + timedelta(days=day)) for day in range(5))
    return next(moment.weekday() for moment in moments if moment is not None)


def who_next(work: Work, viewer: Viewer, *, how_many: int) -> list[tuple[Student, Waiting]]:
    """The children a member of staff would be asked about now, the most due first, with why.

    Left out: who cannot be reached at all, who is paused, who another adult was asked about just now, and whom this
    adult left to somebody else.
    """
    around = look_around(work, [viewer], schools.calendar_of(work))
    taught = around.taught[viewer.staff_id]
    return [(taught[each.student_id], each) for each in around.next_for(viewer.staff_id, how_many)]


def is_tired(work: Work, schedule: Schedule) -> bool:
    """Whether the last MANY_UNANSWERED prompts led to nothing: no praise by this adult, and no answer."""
    return schedule.id in _tired(work, [schedule])


def _tired(work: Work, schedules: Collection[Schedule]) -> set[uuid.UUID]:
    last = (
        select(Prompt.id, Prompt.due_at)
        .where(Prompt.schedule_id == Schedule.id)
        .order_by(Prompt.due_at.desc())
        .limit(MANY_UNANSWERED)
        .lateral("last")
    )
    answered = select(PromptedChild.id).where(PromptedChild.prompt_id == last.c.id, PromptedChild.answer.is_not(None))
    rows = (
        select(Schedule.id, Schedule.staff_id, func.min(last.c.due_at))
        .join(last, true())
        .where(Schedule.id.in_([schedule.id for schedule in schedules]))
        .group_by(Schedule.id, Schedule.staff_id)
        .having(func.count() == MANY_UNANSWERED, ~func.bool_or(answered.exists()))
    )
    silent = list(work.session.execute(rows)) if schedules else []
    if not silent:
        return set()
    first = min(since for _, _, since in silent)
    praised = partnership.last_praise_by(work, [staff_id for _, staff_id, _ in silent], since=first)
    return {schedule_id for schedule_id, staff_id, since in silent if praised.get(staff_id, since) <= since}
