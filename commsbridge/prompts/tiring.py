"""When prompts lead to nothing for two weeks, fewer come, with a kind question; never more."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, or_, select

from commsbridge import partnership, schools
from commsbridge.foundation.columns import among
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import Late, Prompt, PromptedChild, Schedule

# Two weeks of school days without any praise or answer, over two prompts at least.
TWO_WEEKS = 10
FEWEST = 2
# How many school days lie between prompts then: a week, and two weeks for whoever is asked once a week.
THEN_EVERY = 5


def is_tired(work: Work, schedule: Schedule) -> bool:
    """Whether the prompts of the last two school weeks led to nothing: no praise by this adult, and no answer."""
    return schedule.id in tired_among(work, [schedule], schools.calendar_of(work))


def tired_among(work: Work, schedules: Collection[Schedule], calendar: SchoolCalendar) -> set[uuid.UUID]:
    """Those of these schedules (by id) whose prompts of the last two school weeks led to nothing."""
    today = schools.today(work)
    before = [day for day in calendar.last_school_days(TWO_WEEKS + 1, today) if day != today][-TWO_WEEKS:]
    if len(before) < TWO_WEEKS or not schedules:
        return set()
    since = schools.day_begins(work, before[0])
    answered = select(PromptedChild.id).where(PromptedChild.prompt_id == Prompt.id, PromptedChild.answer.is_not(None))
    rows = (
        select(Prompt.schedule_id)
        .where(_asked(schedules), Prompt.due_at >= since)
        .group_by(Prompt.schedule_id)
        .having(func.count() >= FEWEST, ~func.bool_or(answered.exists()))
    )
    silent = set(work.session.scalars(rows))
    if not silent:
        return silent
    owners = {each.id: each.staff_id for each in schedules if each.id in silent}
    praised = partnership.last_praise_by(work, set(owners.values()), since=since)
    # Nobody tires of what has just begun.
    older = select(Prompt.schedule_id).where(
        _asked(schedules), among(Prompt.schedule_id, silent), Prompt.due_at < schools.day_begins(work, before[1])
    )
    return {each for each in work.session.scalars(older.distinct()) if owners[each] not in praised}


def resting(work: Work, tired: Collection[Schedule], calendar: SchoolCalendar) -> set[uuid.UUID]:
    """Those of the tired schedules (by id) that were asked too lately to be asked again."""
    if not tired:
        return set()
    today = schools.today(work)
    rows = select(Prompt.schedule_id, func.max(Prompt.due_at)).where(_asked(tired)).group_by(Prompt.schedule_id)
    last = {schedule_id: calendar.local(at).date() for schedule_id, at in work.session.execute(rows)}
    gaps = {each.id: THEN_EVERY if len(each.weekdays) > 1 else 2 * THEN_EVERY for each in tired}
    return {each for each, on in last.items() if calendar.school_days_since(on, today) < gaps[each]}


def _asked(schedules: Collection[Schedule]) -> ColumnElement[bool]:
    """That a prompt is one of these schedules', and was asked."""
    ids = [each.id for each in schedules]
    return and_(among(Prompt.schedule_id, ids), or_(Prompt.late.is_(None), Prompt.late != Late.DROP))
