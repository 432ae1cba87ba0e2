"""Asking: a prompt that is due names the children who waited longest, once, and goes by mail where that was chosen."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import messages, partnership, schools, students, whanau
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.prompts.choosing import Waiting, choose
from commsbridge.prompts.models import Answer, Prompt, PromptedChild, Schedule
from commsbridge.prompts.schedules import due_moment, running_schedules
from commsbridge.prompts.texting import text_prompt
from commsbridge.schools import Permission, Viewer
from commsbridge.students import Student

# A prompt that is later than this is not made any more: the lesson it was meant for is over.
TOO_LATE = timedelta(hours=2)
# How long a child who was asked about is left to that adult (school days, the day itself included).
LEFT_TO_OTHERS = 2
# "Somebody else sees more of this child": so long they are not asked about again (school days).
SPARED_FOR = 10
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
    children nobody is due yet is not asked.
    """
    calendar = schools.calendar_of(work)
    today = schools.today(work)
    present = {person.id for person in schools.staff_all(work, today)}
    made = []
    for schedule in running_schedules(work):
        if schedule.staff_id not in present:
            continue
        due_at = due_moment(schedule, calendar, today)
        if due_at is None or not due_at <= work.now < due_at + TOO_LATE:
            continue
        asked = _ask(work, schedule, calendar, due_at)
        if asked is not None:
            made.append(asked)
            _mail(work, asked, links)
            text_prompt(work, asked.prompt, asked.schedule, asked.children, links=links)
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


def _ask(work: Work, schedule: Schedule, calendar: SchoolCalendar, due_at: datetime) -> Asked | None:
    if is_tired(work, schedule) and due_at.weekday() != _first_weekday(schedule, calendar, due_at):
        return None
    viewer = schools.viewer_for(work, schedule.staff_id)
    if not viewer.may(Permission.SEND_PRAISE):
        return None
    chosen = who_next(work, viewer, how_many=schedule.how_many)
    if not chosen:
        return None
    row = insert(Prompt).values(
        id=uuid.uuid4(), schedule_id=schedule.id, staff_id=schedule.staff_id, due_at=due_at, made_at=work.now
    )
    once = row.on_conflict_do_nothing(index_elements=[Prompt.school_id, Prompt.schedule_id, Prompt.due_at])
    prompt = work.session.scalar(once.returning(Prompt))
    if prompt is None:
        return None
    for place, (_student, waiting) in enumerate(chosen):
        work.session.add(
            PromptedChild(
                prompt_id=prompt.id,
                student_id=waiting.student_id,
                place=place,
                waited=waiting.waited,
                concerns=waiting.concerns,
            )
        )
    work.session.flush()
    return Asked(prompt, schedule, [student for student, _ in chosen])


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
    today = schools.today(work)
    calendar = schools.calendar_of(work)
    taught = {child.id: child for child in students.students_taught_by(work, viewer, today)}
    if not taught:
        return []
    reached = partnership.good_news_reached(work, list(taught))
    waiting = [_waiting(child, reached.get(child.id), calendar, today) for child in taught.values()]
    spare = _spared(work, viewer.staff_id, taught, calendar, today)
    chosen = choose(waiting, how_many, spare=spare, turn=today.isoformat())
    return [(taught[each.student_id], each) for each in chosen]


def _waiting(child: Student, reached: datetime | None, calendar: SchoolCalendar, today: date) -> Waiting:
    here = calendar.school_days_since(calendar.local(child.created_at).date(), today)
    waited = calendar.school_days_since(calendar.local(reached).date(), today) if reached else None
    return Waiting(child.id, waited, here)


def _spared(
    work: Work, staff_id: uuid.UUID, taught: Collection[uuid.UUID], calendar: SchoolCalendar, today: date
) -> set[uuid.UUID]:
    reachable = whanau.reachable(work, list(taught), on=today)
    paused = {pause.student_id for pause in whanau.running_pauses(work, on=today, student_ids=list(taught))}
    return {
        *(each for each in taught if each not in reachable),
        *(each for each in paused if each is not None),
        *_asked_elsewhere(work, staff_id, _back(calendar, today, LEFT_TO_OTHERS)),
        *_left_to_others(work, staff_id, _back(calendar, today, SPARED_FOR)),
    }


def _back(calendar: SchoolCalendar, today: date, days: int) -> date:
    """The first of the last ``days`` school days."""
    return next(iter(calendar.last_school_days(days, today)), today)


def _asked_elsewhere(work: Work, staff_id: uuid.UUID, since: date) -> set[uuid.UUID]:
    rows = (
        select(PromptedChild.student_id)
        .join(Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id))
        .where(
            Prompt.staff_id != staff_id,
            Prompt.due_at >= schools.day_begins(work, since),
            PromptedChild.answer.is_(None) | (PromptedChild.answer == Answer.LATER),
        )
    )
    return set(work.session.scalars(rows))


def _left_to_others(work: Work, staff_id: uuid.UUID, since: date) -> set[uuid.UUID]:
    rows = (
        select(PromptedChild.student_id)
        .join(Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id))
        .where(
            Prompt.staff_id == staff_id,
            Prompt.due_at >= schools.day_begins(work, since),
            PromptedChild.answer == Answer.SOMEONE_ELSE,
        )
    )
    return set(work.session.scalars(rows))


def is_tired(work: Work, schedule: Schedule) -> bool:
    """Whether the last MANY_UNANSWERED prompts led to nothing: no praise by this adult, and no answer."""
    last = list(
        work.session.scalars(
            select(Prompt)
            .where(Prompt.schedule_id == schedule.id)
            .order_by(Prompt.due_at.desc())
            .limit(MANY_UNANSWERED)
        )
    )
    if len(last) < MANY_UNANSWERED:
        return False
    answered = select(PromptedChild.id).where(
        PromptedChild.prompt_id.in_([prompt.id for prompt in last]), PromptedChild.answer.is_not(None)
    )
    if work.session.scalar(answered.limit(1)) is not None:
        return False
    return not partnership.praised_since(work, since=last[-1].due_at, staff_id=schedule.staff_id)
