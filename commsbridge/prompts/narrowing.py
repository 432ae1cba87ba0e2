"""Times of their own: a teacher is asked about one class, or one child, at other times than about all they teach."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

from commsbridge import schools, students, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import Schedule
from commsbridge.prompts.schedules import schedule_of, set_schedule, stop_schedule
from commsbridge.schools import Viewer
from commsbridge.students import Class, Student

NOBODY_TAUGHT = N_(
    "You do not teach a class here yet, so there is nobody to ask you about. The office can put you down for one."
)
NOT_TAUGHT = N_("Choose a class or a child that you teach.")
EMPTY_CLASS = N_("Nobody is in that class yet, so there is nobody to ask you about.")
UNREACHABLE = N_("Nobody at home can be reached about %(name)s yet, so praise would not arrive. Add a contact first.")
NO_TERM = N_("We do not know the days of the next term yet. The office can write them down under The school year.")
NOTHING_OF_ITS_OWN = N_("There are no times of their own to end any more.")


@dataclass(frozen=True, slots=True)
class Taught:
    """Whom somebody may have times of their own for: the classes they teach today, and the children in them."""

    classes: Sequence[Class]
    children: Sequence[Student]


def taught_by(work: Work, viewer: Viewer) -> Taught:
    """The classes and children somebody teaches today, each by name."""
    today = schools.today(work)
    children = students.students_taught_by(work, viewer, today)
    return Taught(students.classes_taught_by(work, viewer.staff_id, today), children)


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
    this_term: bool,
) -> Schedule:
    """Ask somebody about one class or child (``about``) at times of its own; as schedules.set_schedule otherwise.

    ``this_term``: to the last day of this term, or in the holidays of the next one.

    Raises Invalid for a class or child they do not teach, an empty class, a child nobody at home can be reached about,
    and a term whose days nobody knows; and what set_schedule raises.
    """
    taught = taught_by(work, viewer)
    child = next((each for each in taught.children if each.id == about), None)
    room = next((each for each in taught.classes if each.id == about), None)
    if child is None and room is None:
        raise Invalid(NOT_TAUGHT if taught.children else NOBODY_TAUGHT, field="about")
    today = schools.today(work)
    if child is not None and not whanau.reachable(work, [child.id], on=today):
        raise Invalid(UNREACHABLE, field="about", name=child.preferred_name)
    if room is not None and not students.students_in(work, room.id, today):
        raise Invalid(EMPTY_CLASS, field="about")
    return set_schedule(
        work,
        viewer.staff_id,
        days=days,
        at=at,
        how_many=1 if child is not None else how_many,
        by_mail=by_mail,
        by_text=by_text,
        class_id=room.id if room is not None else None,
        student_id=child.id if child is not None else None,
        until_on=_term_ends(work) if this_term else None,
    )


def end_own_times(work: Work, staff_id: uuid.UUID, about: uuid.UUID) -> None:
    """Go back to the usual times for a class or child. Raises Invalid when there are none of their own."""
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
