"""The students of a roll file: one id with one name, a year level, classes and who teaches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, name_key
from commsbridge.whanau.roll import cells
from commsbridge.whanau.roll.issues import Issues, Said, otherwise, said
from commsbridge.whanau.roll.judged import JudgedStudent, Placement
from commsbridge.whanau.roll.reading import Row


@dataclass(slots=True)
class _Class:
    name: str
    teachers: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Pupil:
    name: str
    row: int
    year_level: int | None = None
    year_row: int = 0
    classes: dict[str, _Class] = field(default_factory=dict)


class Pupils:
    """Students gathered row by row.

    ``met`` are all ids that could be read, those of refused rows among them; ``rows_of_nobody`` had none to read.
    """

    def __init__(self, known: Mapping[str, str], issues: Issues) -> None:
        """``known`` maps an id to the name the school already holds for it; ``issues`` receives what is wrong."""
        self._known = known
        self._issues = issues
        self._pupils: dict[str, _Pupil] = {}
        self.met: set[str] = set()
        self.rows_of_nobody = 0

    def take(self, row: Row) -> str | None:
        """The id of the row's student, or None when the row is refused."""
        student = self._identity(row)
        if student is not None:
            self._take_year(row, self._pupils[student])
            self._take_classes(row, self._pupils[student])
        return student

    def judged(self) -> tuple[JudgedStudent, ...]:
        """The students in the order of the file."""
        return tuple(
            JudgedStudent(
                student,
                pupil.name,
                pupil.year_level,
                tuple(Placement(taught.name, tuple(taught.teachers)) for taught in pupil.classes.values()),
            )
            for student, pupil in self._pupils.items()
        )

    def _identity(self, row: Row) -> str | None:
        column = "student_id"
        try:
            student = cells.read_id(row.cells[column])
            self.met.add(student)
            column = "student_name"
            name = cells.read_name(row.cells[column])
            self._same_name(student, name)
        except Invalid as refusal:
            self._issues.error(row.number, column, Said.by(refusal))
            self.rows_of_nobody += column == "student_id"
            return None
        pupil = self._pupils.setdefault(student, _Pupil(name, row.number))
        pupil.name = cells.fuller_spelling(pupil.name, name)
        return student

    def _same_name(self, student: str, name: str) -> None:
        """Raises Invalid when the id already belongs to a student of another name."""
        pupil = self._pupils.get(student)
        if pupil is not None and name_key(pupil.name) != name_key(name):
            sentence = N_("Row %(row)s gives this student id to %(name)s. One id is one student.")
            raise Invalid(sentence, row=pupil.row, name=pupil.name)
        held = self._known.get(student)
        if held is not None and name_key(held) != name_key(name):
            raise Invalid(N_("On the roll this student id belongs to %(name)s. One id is one student."), name=held)

    def _take_year(self, row: Row, pupil: _Pupil) -> None:
        try:
            year = cells.read_year(row.cells.get("year_level", ""))
        except Invalid as refusal:
            self._issues.warn(row.number, "year_level", Said.by(refusal))
            return
        if pupil.year_level is None:
            pupil.year_level, pupil.year_row = year, row.number
        elif year is not None and year != pupil.year_level:
            self._issues.warn(row.number, "year_level", otherwise(pupil.year_row))

    def _take_classes(self, row: Row, pupil: _Pupil) -> None:
        try:
            names = cells.read_classes(row.cells.get("class", ""))
        except Invalid as refusal:
            self._issues.warn(row.number, "class", Said.by(refusal))
            return
        if pupil.classes and any(fold(name) not in pupil.classes for name in names):
            sentence = N_("Another row puts this student in another class. Both were kept.")
            self._issues.warn(row.number, "class", said(sentence))
        places = [pupil.classes.setdefault(fold(name), _Class(name)) for name in names]
        teachers = self._teachers(row)
        if places:
            _assign(teachers, places)
        elif not _all_placed(teachers, pupil):
            sentence = N_("This row names a teacher and no class.")
            self._issues.warn(row.number, "teacher_email", said(sentence))

    def _teachers(self, row: Row) -> tuple[str, ...]:
        try:
            return cells.read_mailboxes(row.cells.get("teacher_email", ""))
        except Invalid as refusal:
            self._issues.error(row.number, "teacher_email", Said.by(refusal))
            return ()


def _assign(teachers: tuple[str, ...], places: list[_Class]) -> None:
    """Teacher by class in their order; teachers beyond the classes take the first one."""
    for number, teacher in enumerate(teachers):
        place = places[number] if number < len(places) else places[0]
        place.teachers.setdefault(teacher)


def _all_placed(teachers: tuple[str, ...], pupil: _Pupil) -> bool:
    return all(any(teacher in place.teachers for place in pupil.classes.values()) for teacher in teachers)
