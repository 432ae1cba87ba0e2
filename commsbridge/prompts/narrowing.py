"""Times of their own: a teacher is asked about one class, group or child at other times than about all they teach."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from commsbridge import schools, students, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import long_date, short_date
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import Schedule
from commsbridge.prompts.schedules import next_moment, running_schedules, schedule_of, set_schedule, stop_schedule
from commsbridge.schools import Viewer
from commsbridge.students import Class, Group, Student

NOBODY_TAUGHT = N_(
    "You do not teach a class here yet, so there is nobody to ask you about. The office can put you down for one."
)
NOT_TAUGHT = N_("Choose a class, a group or a child that you teach.")
EMPTY_GROUP = N_("You teach nobody of that group any more. Put other children in it first.")
NONE_LEFT = N_(
    "There is no such day at school before the term ends on %(last)s. The first that would count is %(day)s: choose "
    "“From now on”, or another day."
)
NONE_KNOWN = N_("There is no such day at school before the term ends on %(last)s. Choose another day.")
EMPTY_CLASS = N_("Nobody is in that class yet, so there is nobody to ask you about.")
UNREACHABLE = N_("Nobody at home can be reached about %(name)s yet, so praise would not arrive. Add a contact first.")
NO_TERM = N_("We do not know the days of the next term yet. The office can write them down under The school year.")
NOTHING_OF_ITS_OWN = N_("There are no times of their own to end any more.")


@dataclass(frozen=True, slots=True)
class Taught:
    """Whom somebody may have times of their own for: classes they teach today, children in them, groups they know."""

    classes: Sequence[Class]
    groups: Sequence[Group]
    children: Sequence[Student]


def taught_by(work: Work, viewer: Viewer) -> Taught:
    """The classes and children somebody teaches today, and the groups they keep or share, each by name."""
    today = schools.today(work)
    children = students.students_taught_by(work, viewer, today)
    rooms = students.classes_taught_by(work, viewer.staff_id, today)
    return Taught(rooms, students.groups_for(work, viewer), children)


def ask_about_any(work: Work, viewer: Viewer) -> None:
    """Raises Invalid for a teacher who teaches nobody today: a schedule would never ask them anything."""
    if not students.students_taught_by(work, viewer, schools.today(work)):
        raise Invalid(NOBODY_TAUGHT)


def set_own_times(
    work: Work,
    viewer: Viewer,
    about: uuid.UUID,
    *,
    days: Collection[int],
    at: time,
    how_many: int,
    by_mail: bool,
    by_text: bool,
    by_push: bool = False,
    this_term: bool,
) -> Schedule:
    """Ask somebody about one class, group or child (``about``) at times of its own; else as schedules.set_schedule.

    ``this_term``: to the last day of this term, or in the holidays of the next one.

    Raises Invalid for whom they do not teach, an empty class or group, a child nobody at home can be reached about, a
    term whose days nobody knows, or in which no such day is left; and what set_schedule raises.
    """
    taught = taught_by(work, viewer)
    child = next((each for each in taught.children if each.id == about), None)
    room = next((each for each in taught.classes if each.id == about), None)
    group = next((each for each in taught.groups if each.id == about), None)
    if child is None and room is None and group is None:
        raise Invalid(NOT_TAUGHT if taught.children else NOBODY_TAUGHT, field="about")
    _ask_about_some(work, taught, child, room, group)
    until_on = _term_ends(work) if this_term else None
    schedule = set_schedule(
        work,
        viewer.staff_id,
        days=days,
        at=at,
        how_many=1 if child is not None else how_many,
        by_mail=by_mail,
        by_text=by_text,
        by_push=by_push,
        class_id=room.id if room is not None else None,
        student_id=child.id if child is not None else None,
        group_id=group.id if group is not None else None,
        until_on=until_on,
    )
    if until_on is not None:
        _count_on_some_day(work, schedule, until_on)
    return schedule


def _ask_about_some(work: Work, taught: Taught, child: Student | None, room: Class | None, group: Group | None) -> None:
    """Raises Invalid where nobody would ever be asked about."""
    today = schools.today(work)
    if child is not None and not whanau.reachable(work, [child.id], on=today):
        raise Invalid(UNREACHABLE, field="about", name=child.preferred_name)
    if room is not None and not students.students_in(work, room.id, today):
        raise Invalid(EMPTY_CLASS, field="about")
    children = {each.id for each in taught.children}
    if group is not None and not students.members_of(work, [group.id])[group.id] & children:
        raise Invalid(EMPTY_GROUP, field="about")


def _count_on_some_day(work: Work, schedule: Schedule, until_on: date) -> None:
    """Raises Invalid for a schedule that would end before it ever asked: all its days fall into the holidays."""
    calendar = schools.calendar_of(work)
    if next_moment(schedule, calendar, work.now) is not None:
        return
    days = calendar.school_days(until_on + timedelta(days=1), until_on + timedelta(days=366))
    first = next((day for day in days if day.weekday() in schedule.weekdays), None)
    language = schools.language_of(work, schools.staff_by_id(work, [schedule.staff_id])[schedule.staff_id])
    last = short_date(until_on, language, calendar.day_names)
    if first is None:
        raise Invalid(NONE_KNOWN, field="lasts", last=last)
    raise Invalid(NONE_LEFT, field="lasts", last=last, day=long_date(first, language, calendar.day_names))


def keep_group(
    work: Work,
    viewer: Viewer,
    name: str,
    student_ids: Collection[uuid.UUID],
    *,
    group_id: uuid.UUID | None = None,
    shared: bool = False,
) -> Group:
    """As students.keep_group; of a group that is not shared any more the times of all others end. Raises the same."""
    group = students.keep_group(work, viewer, name, student_ids, group_id=group_id, shared=shared)
    if not group.shared:
        _end_times(work, group.id, but_of=group.staff_id)
    return group


def end_group(work: Work, viewer: Viewer, group_id: uuid.UUID) -> None:
    """Keep a group no longer, nor anybody's times of its own. Raises NotFound and NotAllowed as students.end_group."""
    students.end_group(work, viewer, group_id)
    _end_times(work, group_id)


def _end_times(work: Work, group_id: uuid.UUID, *, but_of: uuid.UUID | None = None) -> None:
    for schedule in running_schedules(work):
        if schedule.group_id == group_id and schedule.staff_id != but_of:
            stop_schedule(work, schedule)


def end_own_times(work: Work, staff_id: uuid.UUID, about: uuid.UUID) -> None:
    """Go back to the usual times for a class, group or child. Raises Invalid when there are none of their own."""
    schedule = schedule_of(work, staff_id, about)
    if schedule is None:
        raise Invalid(NOTHING_OF_ITS_OWN)
    stop_schedule(work, schedule)


def _term_ends(work: Work) -> date:
    calendar, today = schools.calendar_of(work), schools.today(work)
    term = next((each for each in calendar.terms if each.last_on >= today), None)
    if term is None:
        raise Invalid(NO_TERM, field="lasts")
    return term.last_on
