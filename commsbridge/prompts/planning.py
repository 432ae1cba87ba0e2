"""The weeks ahead: when somebody will be asked, perhaps about whom, and what another rhythm would cost them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from commsbridge import schools, students
from commsbridge.foundation.work import Work
from commsbridge.prompts.asking import who_next
from commsbridge.prompts.models import Schedule
from commsbridge.prompts.schedules import MOVES_AHEAD, moments_between, moves_of, schedules_of
from commsbridge.schools import Viewer
from commsbridge.students import Student

# To see, choose and send one praise: an estimate of ours, told as such.
MINUTES_EACH = 1.5
SCHOOL_WEEK = 5
# More children than anybody teaches.
EVERYBODY = 10_000


@dataclass(frozen=True, slots=True)
class Ahead:
    """A prompt to come: the day it belongs to, its moment (None: left out), and perhaps these children."""

    schedule: Schedule
    from_on: date
    at: datetime | None
    moved: bool
    children: Sequence[Student]


def ahead_of(work: Work, viewer: Viewer, *, until_on: date) -> list[Ahead]:
    """What will be asked of somebody from now to the end of a day, in order, the left out among it.

    The children are those most due today, in turn: who hears meanwhile changes them.
    """
    calendar, today = schools.calendar_of(work), schools.today(work)
    until = schools.day_begins(work, until_on + timedelta(days=1))
    found: list[tuple[Schedule, date, datetime | None, bool]] = []
    own = schedules_of(work, viewer.staff_id)
    moves = moves_of(work, [each.id for each in own], from_on=today - MOVES_AHEAD)
    for schedule in own:
        moved = moves[schedule.id]
        found += [
            (schedule, day, moment, day in moved)
            for day, moment in moments_between(schedule, calendar, work.now, until, moved)
        ]
        left_out = [day for day, to_at in moved.items() if to_at is None and today <= day <= until_on]
        found += [(schedule, day, None, True) for day in left_out]
    due = [student for student, _ in who_next(work, viewer, how_many=EVERYBODY)] if found else []
    within = _within(work, own, today)
    planned = []
    for schedule, day, moment, was_moved in sorted(
        found, key=lambda each: each[2] or calendar.moment(each[1], each[0].at)
    ):
        theirs: list[Student] = []
        if moment is not None and schedule.student_id is None:
            some = within[schedule.about] if schedule.about is not None else None
            theirs = [child for child in due if some is None or child.id in some][: schedule.how_many]
            due = [child for child in due if child not in theirs]
        planned.append(Ahead(schedule, day, moment, was_moved, theirs))
    return planned


def _within(work: Work, own: Sequence[Schedule], today: date) -> dict[UUID, set[UUID]]:
    """The children of each class and group that has times of its own."""
    rooms = {each.class_id for each in own if each.class_id is not None}
    within = {room: {child.id for child in students.students_in(work, room, today)} for room in rooms}
    groups = {each.group_id for each in own if each.group_id is not None}
    members = students.members_of(work, groups)
    return within | {group: members[group] for group in groups}


def minutes_a_day(children: int, times_a_week: int) -> float:
    """What praising so many children so often costs, in minutes a school day, at MINUTES_EACH."""
    return children * times_a_week / SCHOOL_WEEK * MINUTES_EACH
