"""Verbs of schedules: when somebody wants to be asked, a pause, an end; and when they will be asked next."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import schools
from commsbridge.foundation.columns import among
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import MONDAY_TO_FRIDAY, PromptMove, PromptTime, Schedule
from commsbridge.prompts.rules import EARLIEST, LATEST, NO_DAY, OUTSIDE_HOURS
from commsbridge.schools import Lobby, School

MOST_CHILDREN = 3
MOVES_AHEAD = timedelta(days=28)
Moves = Mapping[date, datetime | None]
NO_MOVES: Moves = {}
# A time chosen just after it passed still counts today.
BEGINS_BACK = timedelta(hours=1)


def schedule_of(work: Work, staff_id: uuid.UUID, about: uuid.UUID | None = None) -> Schedule | None:
    """When somebody is asked about all they teach (or the class, group or child ``about``); None when they are not."""
    narrowed = func.coalesce(Schedule.class_id, Schedule.student_id, Schedule.group_id)
    which = narrowed.is_(None) if about is None else narrowed == about
    return work.session.scalar(
        select(Schedule).where(Schedule.staff_id == staff_id, Schedule.ended_at.is_(None), which)
    )


def schedules_of(work: Work, staff_id: uuid.UUID) -> list[Schedule]:
    """All that somebody chose, the one about all they teach first."""
    found = [each for each in running_schedules(work) if each.staff_id == staff_id]
    return sorted(found, key=lambda each: each.about is not None)


def set_schedule(
    work: Work,
    staff_id: uuid.UUID,
    *,
    days: Collection[int],
    at: time,
    how_many: int,
    by_mail: bool,
    by_text: bool = False,
    by_push: bool = False,
    class_id: uuid.UUID | None = None,
    student_id: uuid.UUID | None = None,
    group_id: uuid.UUID | None = None,
    until_on: date | None = None,
) -> Schedule:
    """Ask somebody on these weekdays (Monday 0) at this time on the school's clock, from now on, to ``until_on``.

    With ``class_id``, ``group_id`` or ``student_id`` it is a schedule of its own, about that class, group or child
    alone; that they may see them is the caller's to know.

    Raises Invalid for no day, a weekend, a time outside EARLIEST to LATEST, or more than MOST_CHILDREN children,
    or ``by_text`` without a proven phone, or ``by_push`` without a device.
    """
    if not days or not set(days) <= set(MONDAY_TO_FRIDAY):
        raise Invalid(NO_DAY, field="days")
    if not EARLIEST <= at <= LATEST:
        raise Invalid(OUTSIDE_HOURS, field="at")
    if not 1 <= how_many <= MOST_CHILDREN:
        raise Invalid(N_("A prompt names one, two or three children."), field="how_many")
    if by_text and schools.phone_in_use(work, staff_id) is None:
        raise Invalid(
            N_("Add your mobile first: a text about a child only goes to a phone that is yours."), field="by_text"
        )
    if by_push and not schools.devices_in_use(work, [staff_id])[staff_id]:
        raise Invalid(N_("Add this device first, so that a notice can come to it."), field="by_push")
    schedule = schedule_of(work, staff_id, class_id or student_id or group_id) or Schedule(
        staff_id=staff_id, class_id=class_id, student_id=student_id, group_id=group_id, made_at=work.now
    )
    schedule.days = sum(1 << day for day in set(days))
    schedule.at, schedule.how_many, schedule.paused_until = at, how_many, None
    schedule.by_mail, schedule.by_text, schedule.by_push, schedule.until_on = by_mail, by_text, by_push, until_on
    schedule.asked_until = work.now - BEGINS_BACK
    work.session.add(schedule)
    work.session.flush()
    _note_times(work)
    return schedule


def pause_schedule(work: Work, schedule: Schedule, *, until_on: date | None) -> None:
    """Ask nothing until the end of a day; None asks again from now on. Raises Invalid for a day that is over."""
    if until_on is not None and until_on < schools.today(work):
        raise Invalid(N_("That day has passed. Choose a later one."), field="until_on")
    schedule.paused_until = until_on
    schedule.asked_until = work.now - BEGINS_BACK
    work.session.flush()


def stop_schedule(work: Work, schedule: Schedule) -> None:
    """Ask no more; what was asked stays written down."""
    schedule.ended_at = work.now
    work.session.flush()
    _note_times(work)


def running_schedules(work: Work) -> list[Schedule]:
    """Every schedule of the school that has not ended."""
    return list(work.session.scalars(select(Schedule).where(Schedule.ended_at.is_(None)).order_by(Schedule.id)))


def schedules_to_look_at(work: Work) -> list[Schedule]:
    """The running schedules, held until the act is over; what another clock is looking at now is left to it."""
    rows = select(Schedule).where(Schedule.ended_at.is_(None)).order_by(Schedule.id)
    return list(work.session.scalars(rows.with_for_update(skip_locked=True)))


def _note_times(work: Work) -> None:
    """Tell the clock at which times this school asks anybody."""
    running = {schedule.id: schedule for schedule in running_schedules(work)}
    wanted = {(day, schedule.at) for schedule in running.values() for day in schedule.weekdays}
    calendar = schools.calendar_of(work)
    for moved in moves_of(work, list(running), from_on=schools.today(work) - MOVES_AHEAD).values():
        local = [calendar.local(to_at) for to_at in moved.values() if to_at is not None and to_at > work.now]
        wanted |= {(each.weekday(), each.time()) for each in local}
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
    """The moment (UTC) at which a schedule asks on ``day``, or None: another weekday, no school, a pause, its end.

    Over a night of changing clocks as SchoolCalendar.moment says: never twice, never left out.
    """
    if day.weekday() not in schedule.weekdays or not calendar.is_school_day(day):
        return None
    if schedule.paused_until is not None and day <= schedule.paused_until:
        return None
    if schedule.until_on is not None and day > schedule.until_on:
        return None
    return calendar.moment(day, schedule.at)


def moments_between(
    schedule: Schedule, calendar: SchoolCalendar, since: datetime, until: datetime, moves: Moves = NO_MOVES
) -> list[tuple[date, datetime]]:
    """The moments (UTC) after ``since``, up to ``until``, at which a schedule asks, each with the day it belongs to.

    ``moves`` are those days whose prompt was moved, or left out (None).
    """
    days = calendar.school_days(calendar.local(since).date(), calendar.local(until).date())
    own = [(day, due_moment(schedule, calendar, day)) for day in days if day not in moves]
    resumes = calendar.moment(schedule.paused_until + timedelta(days=1), time.min) if schedule.paused_until else since
    moved = [(day, moment) for day, moment in moves.items() if moment is not None and moment >= resumes]
    found = [(day, moment) for day, moment in (*own, *moved) if moment is not None and since < moment <= until]
    return sorted(found, key=lambda each: each[1])


def next_moment(
    schedule: Schedule, calendar: SchoolCalendar, now: datetime, moves: Moves = NO_MOVES
) -> datetime | None:
    """When a schedule asks next (UTC) after ``now``; None when no such day is known in the school's calendar."""
    found = moments_between(schedule, calendar, now, now + timedelta(days=366), moves)
    return found[0][1] if found else None


def moves_of(
    work: Work, schedule_ids: Collection[uuid.UUID], *, from_on: date
) -> dict[uuid.UUID, dict[date, datetime | None]]:
    """The days from ``from_on`` on whose prompt was moved or left out, by schedule."""
    rows = select(PromptMove).where(among(PromptMove.schedule_id, schedule_ids), PromptMove.from_on >= from_on)
    found: dict[uuid.UUID, dict[date, datetime | None]] = {each: {} for each in schedule_ids}
    for row in work.session.scalars(rows):
        found[row.schedule_id][row.from_on] = row.to_at
    return found


def move_prompt(work: Work, schedule: Schedule, from_on: date, *, to: tuple[date, time] | None) -> None:
    """Let the prompt of a day come on another day or time, once; None: leave it out.

    Raises Invalid when no prompt of that day is still to come, or ``to`` is no school day of the next four weeks, or a
    time outside EARLIEST to LATEST.
    """
    calendar, today = schools.calendar_of(work), schools.today(work)
    own = due_moment(schedule, calendar, from_on)
    if own is None or own <= work.now:
        raise Invalid(N_("There is no prompt on that day that could be moved."))
    to_at = None
    if to is not None:
        day, at = to
        if not EARLIEST <= at <= LATEST:
            raise Invalid(OUTSIDE_HOURS, field="at")
        to_at = calendar.moment(day, at)
        if not calendar.is_school_day(day) or to_at <= work.now or day > today + MOVES_AHEAD:
            raise Invalid(N_("Choose a school day in the next four weeks."), field="day")
    row = insert(PromptMove).values(
        id=uuid.uuid4(), schedule_id=schedule.id, from_on=from_on, to_at=to_at, moved_at=work.now
    )
    keys = [PromptMove.school_id, PromptMove.schedule_id, PromptMove.from_on]
    work.session.execute(row.on_conflict_do_update(index_elements=keys, set_={"to_at": to_at, "moved_at": work.now}))
    _note_times(work)


def put_back(work: Work, schedule: Schedule, from_on: date) -> None:
    """The prompt of a day comes at its own time again."""
    work.session.execute(delete(PromptMove).where(PromptMove.schedule_id == schedule.id, PromptMove.from_on == from_on))
    _note_times(work)


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


def schools_asking(lobby: Lobby, time_zone: str | None = None) -> list[uuid.UUID]:
    """The schools (of a zone) in which anybody is asked at any time."""
    rows = select(PromptTime.school_id).distinct().order_by(PromptTime.school_id)
    if time_zone is not None:
        rows = rows.join(School, School.id == PromptTime.school_id).where(School.time_zone == time_zone)
    return list(lobby.session.scalars(rows))
