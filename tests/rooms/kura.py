"""A small school for tests of who sees whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.work import Work
from commsbridge.schools import Role, Staff, viewer_for
from commsbridge.students import (
    NewStudent,
    Student,
    add_students,
    class_named,
    enrol,
    student_for,
    students_seen_by,
    teach,
)
from tests.rooms.acts import START, Acts

TUESDAY = date(2026, 11, 17)
DAY = timedelta(days=1)
ROOM_7, ROOM_8 = "Room 7", "Room 8"


@dataclass(frozen=True)
class Kura:
    """A school with two classes: Aroha and Hemi in Room 7, Wī in Room 8, Pare in none."""

    acts: Acts
    school_id: uuid.UUID
    students: dict[str, Student]

    @contextmanager
    def work(self) -> Iterator[Work]:
        with self.acts.work(self.school_id) as work:
            yield work

    def staff(self, name: str, *roles: Role, teaches: Collection[str] = ()) -> Staff:
        email = name.lower().replace(" ", ".") + "@rimu.test"
        staff = self.acts.staff(self.school_id, email, name=name, roles=roles)
        with self.work() as work:
            for class_name in teaches:
                teach(work, staff, class_named(work, class_name), from_on=START)
        return staff

    def seen_by(self, staff: Staff, on: date = TUESDAY, search: str | None = None) -> list[str]:
        with self.work() as work:
            return [s.preferred_name for s in students_seen_by(work, viewer_for(work, staff.id), on, search=search)]

    def opens(self, staff: Staff, name: str) -> bool:
        with self.work() as work:
            try:
                return student_for(work, viewer_for(work, staff.id), self.students[name].id).preferred_name == name
            except NotFound:
                return False


def make_kura(acts: Acts) -> Kura:
    school_id = acts.school()
    with acts.work(school_id) as work:
        rows = [
            NewStudent("1001", "Aroha Kereama", year_level=4),
            NewStudent("1002", "Hēmi Pōtae", preferred_name="Hemi"),
            NewStudent("1003", "Kereama, Wī"),
            NewStudent("1004", "Pare Whaanga"),
        ]
        made = {student.preferred_name: student for student in add_students(work, rows)}
        for name, class_name in (("Aroha", ROOM_7), ("Hemi", ROOM_7), ("Wī", ROOM_8)):
            enrol(work, made[name], class_named(work, class_name), from_on=START)
    return Kura(acts, school_id, made)
