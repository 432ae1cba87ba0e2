"""Who may see whom: every list of students, and every one of them, goes through here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from commsbridge.foundation.columns import among, in_force
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import search_fold, sort_key
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff, Viewer, may_on, today
from commsbridge.students.models import Enrolment, StaffBar, Student, Teaching

LONGEST_SEARCH = 100


class Names(NamedTuple):
    """What a child is called."""

    preferred: str
    full: str


def students_seen_by(work: Work, viewer: Viewer, on: date, *, search: str | None = None) -> list[Student]:
    """The students on the roll on a day whom the viewer may see, by name.

    Kaiako and kaiāwhina: those in a class they teach on that day; whoever sees the whole school: all. A child that the
    viewer is barred from is never among them. ``search`` asks for every word, folding macrons and double vowels, in
    the names and the roll id.
    """
    return _found(work, on, _sees(viewer, on), search)


def students_taught_by(work: Work, viewer: Viewer, on: date, *, search: str | None = None) -> list[Student]:
    """Those of students_seen_by who are in a class the viewer teaches on that day: a leader's own class, say."""
    return _found(work, on, and_(_sees(viewer, on), _taught_by(viewer, on)), search)


def students_taught_by_each(
    work: Work, viewers: Collection[Viewer], on: date
) -> dict[uuid.UUID, dict[uuid.UUID, Student]]:
    """What students_taught_by says of each of several viewers, by staff id and student id, asked once for them all."""
    seeing = [
        viewer.staff_id
        for viewer in viewers
        if viewer.may(Permission.SEE_WHOLE_SCHOOL) or viewer.may(Permission.SEE_TAUGHT)
    ]
    teaching = select(Teaching.staff_id, Teaching.class_id).where(
        among(Teaching.staff_id, seeing), in_force(Teaching, on)
    )
    rooms = list(work.session.execute(teaching))
    enrolled = (
        select(Enrolment.class_id, Student)
        .join(Student, and_(Student.school_id == Enrolment.school_id, Student.id == Enrolment.student_id))
        .where(among(Enrolment.class_id, {room for _, room in rooms}), in_force(Enrolment, on), _on_roll(on))
    )
    within: dict[uuid.UUID, dict[uuid.UUID, Student]] = defaultdict(dict)
    for class_id, child in work.session.execute(enrolled):
        within[class_id][child.id] = child
    taught: dict[uuid.UUID, dict[uuid.UUID, Student]] = {viewer.staff_id: {} for viewer in viewers}
    for staff_id, class_id in rooms:
        taught[staff_id].update(within[class_id])
    bars = select(StaffBar.staff_id, StaffBar.student_id).where(among(StaffBar.staff_id, seeing))
    for staff_id, student_id in work.session.execute(bars):
        taught[staff_id].pop(student_id, None)
    return taught


def students_in(work: Work, class_id: uuid.UUID | None, on: date) -> list[Student]:
    """Everybody of a class (None: of the school) on a day, by name, whoever may see them: whom a notice is for."""
    if class_id is None:
        return _listed(work, _on_roll(on), None)
    enrolled = select(Enrolment.student_id).where(Enrolment.class_id == class_id, in_force(Enrolment, on))
    return _listed(work, and_(_on_roll(on), Student.id.in_(enrolled)), None)


def student_for(work: Work, viewer: Viewer, student_id: uuid.UUID) -> Student:
    """One student whom the viewer may see today; whoever sees the whole school sees those who left, too.

    Raises NotFound, in the same words for a child who is barred, in another class, at another school, or nobody.
    """
    on = today(work)
    present = true() if viewer.may(Permission.SEE_WHOLE_SCHOOL) else _on_roll(on)
    student = work.session.scalar(select(Student).where(Student.id == student_id, present, _sees(viewer, on)))
    if student is None:
        raise NotFound(N_("We cannot find that student among those you see."))
    return student


def teachers_of(work: Work, student_id: uuid.UUID, on: date) -> list[Staff]:
    """The staff who teach a class of the child on a day, may read the log and are not barred from them, by name."""
    classes = select(Enrolment.class_id).where(Enrolment.student_id == student_id, in_force(Enrolment, on))
    teaching = select(Teaching.staff_id).where(Teaching.class_id.in_(classes), in_force(Teaching, on))
    barred = select(StaffBar.staff_id).where(StaffBar.student_id == student_id)
    wanted = select(Staff).where(Staff.id.in_(teaching), Staff.id.not_in(barred), may_on(Permission.READ_LOG, on))
    return sorted(work.session.scalars(wanted), key=lambda staff: sort_key(staff.name))


def names_in_school(work: Work, student_id: uuid.UUID) -> dict[uuid.UUID, Names]:
    """What all others on the roll today are called, by student id; for matching, not to show."""
    return _names(work, student_id, true())


def names_of(work: Work, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Names]:
    """What these children are called, those who left among them; an unknown id is left out."""
    wanted = select(Student.id, Student.preferred_name, Student.name).where(Student.id.in_(student_ids))
    return {found_id: Names(preferred, full) for found_id, preferred, full in work.session.execute(wanted)}


def barred_from(work: Work, viewer: Viewer) -> set[uuid.UUID]:
    """The children whom a viewer does not see as staff, whatever their roles: they stand in no list."""
    return set(work.session.scalars(select(StaffBar.student_id).where(StaffBar.staff_id == viewer.staff_id)))


def left_by(work: Work, student_ids: Collection[uuid.UUID], on: date) -> set[uuid.UUID]:
    """Those of these children who had left by a day."""
    return set(work.session.scalars(select(Student.id).where(Student.id.in_(student_ids), Student.left_on <= on)))


def _found(work: Work, on: date, seen: ColumnElement[bool], search: str | None) -> list[Student]:
    return _listed(work, and_(_on_roll(on), seen), search)


def _listed(work: Work, wanted: ColumnElement[bool], search: str | None) -> list[Student]:
    words = search_fold(tidy(search or "")[:LONGEST_SEARCH]).split()
    matching = [Student.search_key.contains(word, autoescape=True) for word in words]
    students = work.session.scalars(select(Student).where(wanted, *matching))
    return sorted(students, key=lambda student: sort_key(student.name))


def _on_roll(on: date) -> ColumnElement[bool]:
    return or_(Student.left_on.is_(None), Student.left_on > on)


def _sees(viewer: Viewer, on: date) -> ColumnElement[bool]:
    if viewer.may(Permission.SEE_WHOLE_SCHOOL):
        return _not_barred(viewer)
    if viewer.may(Permission.SEE_TAUGHT):
        return and_(_taught_by(viewer, on), _not_barred(viewer))
    return false()


def _not_barred(viewer: Viewer) -> ColumnElement[bool]:
    return Student.id.not_in(select(StaffBar.student_id).where(StaffBar.staff_id == viewer.staff_id))


def _taught_by(viewer: Viewer, on: date) -> ColumnElement[bool]:
    classes = select(Teaching.class_id).where(Teaching.staff_id == viewer.staff_id, in_force(Teaching, on))
    enrolled = select(Enrolment.student_id).where(Enrolment.class_id.in_(classes), in_force(Enrolment, on))
    return Student.id.in_(enrolled)


def _names(work: Work, student_id: uuid.UUID, among: ColumnElement[bool]) -> dict[uuid.UUID, Names]:
    wanted = select(Student.id, Student.preferred_name, Student.name)
    rows = work.session.execute(wanted.where(Student.id != student_id, _on_roll(today(work)), among))
    return {found_id: Names(preferred, full) for found_id, preferred, full in rows}
