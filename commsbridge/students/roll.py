"""The roll: ākonga come, are renamed, leave and come back; nobody is deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import name_key
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.students.models import Enrolment, Student, search_key

YEAR_LEVELS = range(16)  # new entrants are year 0 or 1, the last school year is 13, some stay to 15
_DAY = timedelta(days=1)
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class NewStudent:
    """A line of the roll: without a preferred name it is the given one ("Kereama, Rua": Rua; "Te Ao Pou": Te Ao)."""

    roll_id: str
    name: str
    preferred_name: str | None = None
    year_level: int | None = None


def add_student(
    work: Work, *, roll_id: str, name: str, preferred_name: str | None = None, year_level: int | None = None
) -> Student:
    """Put an ākonga on the roll. Raises Invalid for a name or year level that cannot be, Conflict for a taken id."""
    return add_students(work, [NewStudent(roll_id, name, preferred_name, year_level)])[0]


def add_students(work: Work, rows: Iterable[NewStudent]) -> list[Student]:
    """Put many on the roll at once, all or none: raises as add_student does, for the first that cannot be."""
    students = [_student(work, row) for row in rows]
    taken = set(students_by_roll_id(work))
    for student in students:
        if student.roll_id in taken:
            raise Conflict(N_("The student id %(roll_id)s is taken."), field="roll_id", roll_id=student.roll_id)
        taken.add(student.roll_id)
    work.session.add_all(students)
    work.session.flush()
    return students


def students_by_roll_id(work: Work) -> dict[str, Student]:
    """Everybody who ever was on the roll, those who left among them."""
    return {student.roll_id: student for student in work.session.scalars(select(Student))}


def find_student(work: Work, written: str) -> Student:
    """The one student with this roll id or name (however folded), those who left among them.

    For operators, who see the whole school: what a member of staff asks for goes through students_seen_by. Raises
    NotFound when there is none, Conflict when several have the name.
    """
    by_roll_id = work.session.scalar(select(Student).where(Student.roll_id == tidy(written)))
    if by_roll_id is not None:
        return by_roll_id
    found = work.session.scalars(select(Student).where(Student.name_key == name_key(tidy(written)))).all()
    if not found:
        raise NotFound(N_("There is no student “%(written)s”."), written=written)
    if len(found) > 1:
        raise Conflict(N_("Several students are called “%(written)s”. Please give the student id."), written=written)
    return found[0]


def rename(work: Work, student: Student, *, name: str, preferred_name: str | None = None) -> None:
    """Change a name. A preferred name stays unless another is given, or it was only the first word of the old name.

    Raises Invalid for a name that cannot be.
    """
    student = _of(work, student)
    was_given_name = student.preferred_name == _given_name(student.name)
    student.name = _name(name, field="name", longest=120)
    if preferred_name is not None:
        student.preferred_name = _name(preferred_name, field="preferred_name", longest=60)
    elif was_given_name:
        student.preferred_name = _given_name(student.name)
    _fold_names(student)
    work.session.flush()


def set_year_level(work: Work, student: Student, year_level: int | None) -> None:
    """Change the year level; None where the school has none. Raises Invalid for a year there is not."""
    _of(work, student).year_level = _year_level(year_level)
    work.session.flush()


def leave_student(work: Work, student: Student, *, on: date) -> None:
    """Note that from ``on`` an ākonga is no longer here: in no class, in no list of today; nothing is deleted."""
    _of(work, student).left_on = on
    later = or_(Enrolment.to_on.is_(None), Enrolment.to_on >= on)
    for enrolment in work.session.scalars(select(Enrolment).where(Enrolment.student_id == student.id, later)):
        enrolment.to_on = on - _DAY
    work.session.flush()


def return_student(work: Work, student: Student) -> None:
    """Take somebody back who had left; classes are enrolled anew."""
    _of(work, student).left_on = None
    work.session.flush()


def _of(work: Work, student: Student) -> Student:
    """The student's row in this work: a change to one read in another work would be lost without a word."""
    return work.session.get_one(Student, student.id)


def _student(work: Work, row: NewStudent) -> Student:
    name = _name(row.name, field="name", longest=120)
    preferred = _given_name(name) if row.preferred_name is None else row.preferred_name
    student = Student(
        id=uuid.uuid4(),
        roll_id=one_line(row.roll_id, field="roll_id", longest=60),
        name=name,
        preferred_name=_name(preferred, field="preferred_name", longest=60),
        year_level=_year_level(row.year_level),
        created_at=work.now,
    )
    _fold_names(student)
    return student


def _fold_names(student: Student) -> None:
    student.name_key = name_key(student.name)
    student.search_key = search_key(student.name, student.preferred_name, student.roll_id)


def _name(text: str, *, field: str, longest: int) -> str:
    name = one_line(text, field=field, longest=longest)
    if name.startswith(_FORMULA):
        raise Invalid(N_("A name cannot begin with a sign: a spreadsheet would read it as a formula."), field=field)
    return name


def _year_level(year_level: int | None) -> int | None:
    if year_level is not None and year_level not in YEAR_LEVELS:
        raise Invalid(N_("A year level is a number from 0 to 15."), field="year_level")
    return year_level


def _given_name(name: str) -> str:
    """The first word, in a name written "Kereama, Rua" the one after the comma; nobody is called Te and no more."""
    family, _, given = name.partition(",")
    words = given.split() or family.split()
    if len(words) > 1 and words[0].casefold() == "te":
        return f"{words[0]} {words[1]}"[:60]
    return words[0][:60] if words else name
