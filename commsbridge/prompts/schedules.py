"""Verbs of schedules: when somebody wants to be asked, a pause, an end; and when they will be asked next."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import MONDAY_TO_FRIDAY, PromptTime, Schedule
from commsbridge.schools import Lobby, School

# The hours in which a teacher may be asked anything: never at night, whatever was typed.
EARLIEST, LATEST = time(7, 0), time(18, 0)
MOST_CHILDREN = 3


def schedule_of(work: Work, staff_id: uuid.UUID) -> Schedule | None:
    """When somebody is asked; None when they never chose to be, or no longer."""
    return work.session.scalar(select(Schedule).where(Schedule.staff_id == staff_id, Schedule.ended_at.is_(None)))


def set_schedule(
    work: Work,
    staff_id: uuid.UUID,
    *,
    days: Collection[int],
    at: time,
    how_many: int,
    by_mail: bool,
    by_text: bool = False,
) -> Schedule:
    """Ask somebody on these weekdays (Monday 0) at this time on the school's clock, from now on.

    Raises Invalid for no day, a weekend, a time outside EARLIEST to LATEST, or more than MOST_CHILDREN children,
    or ``by_text`` without a proven phone.
    """
    if not days or not set(days) <= set(MONDAY_TO_FRIDAY):
        raise Invalid(N_("Choose at least one day from Monday to Friday."), field="days")
    if not EARLIEST <= at <= LATEST:
        raise Invalid(N_("Choose a time between 7 am and 6 pm."), field="at")
    if not 1 <= how_many <= MOST_CHILDREN:
        raise Invalid(N_("A prompt names one, two or three children."), field="how_many")
    if by_text and schools.phone_in_use(work, staff_id) is None:
        raise Invalid(
            N_("Add your mobile first: a text about a child only goes to a phone that is yours."), field="by_text"
        )
    schedule = schedule_of(work, staff_id) or Schedule(staff_id=staff_id, made_at=work.now)
    schedule.days = sum(1 << day for day in set(days))
    schedule.at, schedule.how_many, schedule.paused_until = at, how_many, None
    schedule.by_mail, schedule.by_text = by_mail, by_text
    work.session.add(schedule)
    work.session.flush()
    _note_times(work)
    return schedule


def pause_schedule(work: Work, schedule: Schedule, *, until_on: date | None) -> None:
    """Ask nothing until the end of a day; None asks again from now on. Raises Invalid for a day that is over."""
    if until_on is not None and until_on < schools.today(work):
        raise Invalid(N_("That day has passed. Choose a later one."), field="until_on")
    schedule.paused_until = until_on
    work.session.flush()


def stop_schedule(work: Work, schedule: Schedule) -> None:
    """Ask no more; what was asked stays written down."""
    schedule.ended_at = work.now
    work.session.flush()
    _note_times(work)


def running_schedules(work: Work) -> list[Schedule]:
    """Every schedule of the school that has not ended."""
    return list(work.session.scalars(select(Schedule).where(Schedule.ended_at.is_(None)).order_by(Schedule.id)))


def _note_times(work: Work) -> None:
    """Tell the clock at which times this school asks anybody."""
    wanted = {(day, schedule.at) for schedule in running_schedules(work) for day in schedule.weekdays}
    ours = select(PromptTime.weekday, PromptTime.at).where(PromptTime.school_id == work.school_id)
    known = {(weekday, at) for weekday, at in work.session.execute(ours)}
    for weekday, at in known - wanted:
        work.session.execute(
            delete(PromptTime).where(
                PromptTime.school_id == work.school_id, PromptTime.weekday == weekday, PromptTime.at == at
            )
        )
    for weekday, at in wanted - known:
        row = insert(PromptTime).values(school_id=work.school_id, weekday=weekday, at=at)
        work.session.execute(row.on_conflict_do_nothing())


def due_moment(schedule: Schedule, calendar: SchoolCalendar, day: date) -> datetime | None:
    """The moment (UTC) at which a schedule asks on ``day``, or None: another weekday, no school, a pause.

    A clock time that a night of changing clocks shows twice is its first; one it skips, the moment after.
    """
    if day.weekday() not in schedule.weekdays or not calendar.is_school_day(day):
        return None
    if schedule.paused_until is not None and day <= schedule.paused_until:
        return None
    return datetime.combine(day, schedule.at, ZoneInfo(calendar.time_zone)).astimezone(UTC)


def next_moment(schedule: Schedule, calendar: SchoolCalendar, now: datetime) -> datetime | None:
    """When a schedule asks next (UTC) after ``now``; None when no such day is known in the school's calendar."""
    today = calendar.local(now).date()
    for day in calendar.school_days(today, today + timedelta(days=366)):
        moment = due_moment(schedule, calendar, day)
        if moment is not None and moment > now:
            return moment
    return None


def times_chosen(lobby: Lobby) -> set[tuple[str, int, time]]:
    """(time zone, weekday, time) of every time at which anybody is asked, in all schools."""
    rows = select(School.time_zone, PromptTime.weekday, PromptTime.at).join(School, School.id == PromptTime.school_id)
    return {(zone, weekday, at) for zone, weekday, at in lobby.session.execute(rows.distinct())}


def schools_at(lobby: Lobby, time_zone: str, weekday: int, at: time) -> list[uuid.UUID]:
    """The schools of a zone in which somebody is asked then."""
    rows = (
        select(PromptTime.school_id)
        .join(School, School.id == PromptTime.school_id)
        .where(School.time_zone == time_zone, PromptTime.weekday == weekday, PromptTime.at == at)
        .order_by(PromptTime.school_id)
    )
    return list(lobby.session.scalars(rows))


def schools_lately(lobby: Lobby, *, within: timedelta) -> list[uuid.UUID]:
    """The schools in which somebody was to be asked, by the school's own clock, in this last part of its day."""
    here = func.timezone(School.time_zone, lobby.now)
    day_began = func.date_trunc("day", here)
    rows = (
        select(PromptTime.school_id)
        .join(School, School.id == PromptTime.school_id)
        .where(
            PromptTime.weekday == func.extract("isodow", here) - 1,
            day_began + PromptTime.at <= here,
            day_began + PromptTime.at > here - within,
        )
        .distinct()
        .order_by(PromptTime.school_id)
    )
    return list(lobby.session.scalars(rows))
