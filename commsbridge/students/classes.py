"""Classes: who is in them and who teaches them, each with its dates; and who does not see a child as staff."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.columns import in_force
from commsbridge.foundation.names import fold, sort_key
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import Staff
from commsbridge.students.models import BarKind, Class, Enrolment, StaffBar, Student, Teaching

_DAY = timedelta(days=1)
ClassPair = tuple[uuid.UUID, uuid.UUID]


def class_named(work: Work, name: str) -> Class:
    """The class of this name (however folded), made when there is none. Raises Invalid for an empty or long name."""
    return classes_named(work, [name])[name]


def classes_named(work: Work, names: Collection[str]) -> dict[str, Class]:
    """The class for each name as written, made where there is none. Raises Invalid for an empty or long name."""
    lines = {name: one_line(name, field="class", longest=60) for name in names}
    known = {fold(class_.name): class_ for class_ in work.session.scalars(select(Class))}
    for line in lines.values():
        if fold(line) not in known:
            known[fold(line)] = _made(work, line)
    return {name: known[fold(line)] for name, line in lines.items()}


def enrol(work: Work, student: Student, class_: Class, *, from_on: date, keep: bool = False) -> None:
    """Put a student in a class from a day on, and out of any other, unless ``keep`` says that one may be in several.

    A student who is in the class already stays as they are.
    """
    enrol_all(work, [(student.id, class_.id)], from_on=from_on, keep=keep)


def enrol_all(work: Work, pairs: Iterable[ClassPair], *, from_on: date, keep: bool = False) -> int:
    """Put students in classes, pairs of (student id, class id), as enrol does; gives how many enrolments began.

    A student named with several classes is in all of them; one who is in all of theirs already is not touched.
    """
    wanted: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for student_id, class_id in pairs:
        wanted[student_id].add(class_id)
    standing = _standing(work, wanted, from_on)
    begun = 0
    for student_id, class_ids in wanted.items():
        begun += _enrol(work, student_id, class_ids, standing[student_id], from_on, keep=keep)
    work.session.flush()
    return begun


def teach(work: Work, staff: Staff, class_: Class, *, from_on: date) -> None:
    """Let somebody teach a class from a day on; nothing changes where they do already."""
    teach_all(work, [(staff.id, class_.id)], from_on=from_on)


def teach_all(work: Work, pairs: Iterable[ClassPair], *, from_on: date) -> int:
    """Let staff teach classes, pairs of (staff id, class id), as teach does; gives how many began. Ends nothing."""
    later = or_(Teaching.to_on.is_(None), Teaching.to_on >= from_on)
    rows = work.session.scalars(select(Teaching).where(later).order_by(Teaching.to_on))  # those without an end last
    taught = {(row.staff_id, row.class_id): row for row in rows}
    new = set()
    for pair in set(pairs):
        if pair in taught and taught[pair].to_on is None:
            taught[pair].from_on = min(taught[pair].from_on, from_on)
        else:
            new.add(pair)
    work.session.add_all(Teaching(staff_id=staff_id, class_id=class_id, from_on=from_on) for staff_id, class_id in new)
    work.session.flush()
    return len(new)


def end_teaching(work: Work, staff: Staff, class_: Class, *, on: date) -> None:
    """Note that from ``on`` somebody no longer teaches a class; nothing changes where they did not."""
    later = or_(Teaching.to_on.is_(None), Teaching.to_on >= on)
    rows = select(Teaching).where(Teaching.staff_id == staff.id, Teaching.class_id == class_.id, later)
    for row in work.session.scalars(rows):
        row.to_on = on - _DAY
    work.session.flush()


def bar_staff(work: Work, staff_id: uuid.UUID, *, student_id: uuid.UUID, kind: BarKind) -> None:
    """Hide a child from a member of staff, at once and in every list, whatever their roles; the last kind counts."""
    bar = insert(StaffBar).values(staff_id=staff_id, student_id=student_id, kind=kind)
    work.session.execute(
        bar.on_conflict_do_update(
            index_elements=["school_id", "staff_id", "student_id"], set_={"kind": bar.excluded.kind}
        )
    )


def lift_bar(work: Work, staff_id: uuid.UUID, *, student_id: uuid.UUID) -> None:
    """Let a member of staff see a child again, as far as their roles go; nothing changes where there was no bar."""
    work.session.execute(delete(StaffBar).where(StaffBar.staff_id == staff_id, StaffBar.student_id == student_id))


def bars_of(work: Work, student_id: uuid.UUID) -> dict[uuid.UUID, BarKind]:
    """Who does not see a child as staff, and why: for those who may see limits."""
    bars = select(StaffBar.staff_id, StaffBar.kind).where(StaffBar.student_id == student_id)
    return {row.staff_id: row.kind for row in work.session.execute(bars)}


def classes_all(work: Work) -> list[Class]:
    """Every class there ever was, by name."""
    return _by_name(work.session.scalars(select(Class)))


def classes_by_student(
    work: Work, on: date, student_ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID, list[Class]]:
    """The classes of many students (None: of all) on a day, by name; a student in none is left out."""
    wanted = select(Enrolment.student_id, Class).join(Class, Class.id == Enrolment.class_id)
    wanted = wanted.where(in_force(Enrolment, on))
    if student_ids is not None:
        wanted = wanted.where(Enrolment.student_id.in_(student_ids))
    classes: dict[uuid.UUID, list[Class]] = defaultdict(list)
    for student_id, class_ in work.session.execute(wanted):
        classes[student_id].append(class_)
    return {student_id: _by_name(found) for student_id, found in classes.items()}


def classes_taught_by(work: Work, staff_id: uuid.UUID, on: date) -> list[Class]:
    """The classes somebody teaches on a day, by name."""
    taught = select(Teaching.class_id).where(Teaching.staff_id == staff_id, in_force(Teaching, on))
    return _by_name(work.session.scalars(select(Class).where(Class.id.in_(taught))))


def _made(work: Work, name: str) -> Class:
    work.session.execute(insert(Class).values(name=name).on_conflict_do_nothing(index_elements=["school_id", "name"]))
    return work.session.scalars(select(Class).where(Class.name == name)).one()


def _standing(work: Work, students: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, list[Enrolment]]:
    """The enrolments that hold on ``on`` or later, by student."""
    later = or_(Enrolment.to_on.is_(None), Enrolment.to_on >= on)
    rows: dict[uuid.UUID, list[Enrolment]] = defaultdict(list)
    for row in work.session.scalars(select(Enrolment).where(Enrolment.student_id.in_(students), later)):
        rows[row.student_id].append(row)
    return rows


def _enrol(
    work: Work,
    student_id: uuid.UUID,
    class_ids: set[uuid.UUID],
    standing: Sequence[Enrolment],
    from_on: date,
    *,
    keep: bool,
) -> int:
    held = {row.class_id for row in standing if row.to_on is None and row.from_on <= from_on}
    missing = class_ids - held
    if missing and not keep:
        for row in standing:
            if row.class_id not in class_ids - missing:
                row.to_on = from_on - _DAY
    work.session.add_all(Enrolment(student_id=student_id, class_id=class_id, from_on=from_on) for class_id in missing)
    return len(missing)


def _by_name(classes: Iterable[Class]) -> list[Class]:
    return sorted(classes, key=lambda class_: sort_key(class_.name))
