"""The students of a judged roll -> the roll: new ones, those who came back, year levels, classes and their teachers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commsbridge import schools, students
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.students import NewStudent, Student
from commsbridge.whanau.roll.cells import fuller_spelling
from commsbridge.whanau.roll.judged import JudgedRoll, JudgedStudent


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The students of the file by the school's own id, and what was new.

    ``teachers_unknown`` are the mail addresses of the file that no member of staff has today.
    """

    by_external_id: Mapping[str, Student]
    added: int
    returned: int
    teachers_unknown: tuple[str, ...]


def enrol_students(work: Work, judged: Iterable[JudgedStudent]) -> Enrolled:
    """Take the students of a file onto the roll, and into the classes that it names, from today on.

    A student without a class in the file stays in theirs, and so does one whose last day is set already. Nobody stops
    teaching a class because a file is silent.
    """
    listed = {one.external_id: one for one in judged}
    held = {key: student for key, student in students.students_by_roll_id(work).items() if key in listed}
    new = [NewStudent(key, one.name, None, one.year_level) for key, one in listed.items() if key not in held]
    returned = sum(_bring_up_to_date(work, student, listed[key]) for key, student in held.items())
    everyone = held | {student.roll_id: student for student in students.add_students(work, new)}
    staying = [(everyone[key].id, one) for key, one in listed.items() if everyone[key].left_on is None]
    unknown = _take_classes(work, staying)
    return Enrolled(everyone, len(new), returned, unknown)


def note_who_left(work: Work, judged: JudgedRoll) -> tuple[uuid.UUID, ...]:
    """Those on the roll of whom a file of the whole school says nothing leave today; nothing of theirs is deleted.

    Raises Conflict when the file may name more students than could be read.
    """
    if judged.rows_of_nobody or not judged.students_met:
        raise Conflict(
            N_(
                "Some rows do not say which student they are about, so we cannot tell who has left. Please mend "
                "those rows first."
            )
        )
    day = schools.today(work)
    gone = [
        student
        for roll_id, student in students.students_by_roll_id(work).items()
        if roll_id not in judged.students_met and (student.left_on is None or student.left_on > day)
    ]
    for student in gone:
        students.leave_student(work, student, on=day)
    return tuple(student.id for student in gone)


def _bring_up_to_date(work: Work, student: Student, judged: JudgedStudent) -> bool:
    """Whether the student had left and is back."""
    spelt = fuller_spelling(student.name, judged.name)
    if spelt != student.name:
        students.rename(work, student, name=spelt)
    if judged.year_level is not None and judged.year_level != student.year_level:
        students.set_year_level(work, student, judged.year_level)
    if student.left_on is None or student.left_on > schools.today(work):
        return False
    students.return_student(work, student)
    return True


def _take_classes(work: Work, judged: list[tuple[uuid.UUID, JudgedStudent]]) -> tuple[str, ...]:
    """Enrol and let teach; gives the teachers whom nobody on the staff is."""
    places = [(student_id, place) for student_id, one in judged for place in one.classes]
    if not places:
        return ()
    day = schools.today(work)
    classes = students.classes_named(work, {place.name for _, place in places})
    students.enrol_all(work, [(student_id, classes[place.name].id) for student_id, place in places], from_on=day)
    staff = {person.email: person.id for person in schools.staff_all(work, day)}
    wanted = {(teacher, classes[place.name].id) for _, place in places for teacher in place.teachers}
    students.teach_all(work, [(staff[teacher], place) for teacher, place in wanted if teacher in staff], from_on=day)
    return tuple(sorted({teacher for teacher, _ in wanted if teacher not in staff}))
