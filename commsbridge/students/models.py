"""Nouns of the roll: ākonga, classes, and who teaches whom, each with its dates."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import Dated, OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.names import search_fold


def search_key(name: str, preferred_name: str, roll_id: str) -> str:
    """What a search for a student looks through, folded (foundation.names.search_fold)."""
    return search_fold(f"{name} {preferred_name} {roll_id}")


def _search_key_of_row(row: DefaultExecutionContext) -> str:
    given = row.get_current_parameters()  # type: ignore[no-untyped-call]
    return search_key(given["name"], given["preferred_name"], given["roll_id"])


class Student(SchoolRow, Model):
    """An ākonga. ``roll_id`` is the school's own id; ``left_on`` the first day on which they are no longer there.

    What they love stands in StudentWords; ``about`` and ``about_by`` hold it as it stood before it had a history.

    ``name_key`` is the name folded for matching; ``search_key`` every name and the roll id folded for searching.
    """

    __tablename__ = "students"

    roll_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    preferred_name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(160))
    search_key: Mapped[str] = mapped_column(Text, default=_search_key_of_row)
    year_level: Mapped[int | None]
    about: Mapped[str] = mapped_column(Text, server_default="", default="")
    about_by: Mapped[str] = mapped_column(String(120), server_default="", default="")
    left_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = within_school(UniqueConstraint("school_id", "roll_id"))


class Class(SchoolRow, Model):
    """A class (akomanga): "Room 7"."""

    __tablename__ = "classes"

    name: Mapped[str] = mapped_column(String(60))
    __table_args__ = within_school(UniqueConstraint("school_id", "name"))


class Enrolment(Dated, SchoolRow, Model):
    """A student in a class, from and to dates (the last day included)."""

    __tablename__ = "enrolments"

    class_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    __table_args__ = within_school(
        belongs_to("classes", "class_id"),
        belongs_to("students", "student_id"),
        Index("ix_enrolments_student", "school_id", "student_id"),
        Index("ix_enrolments_class", "school_id", "class_id"),
    )


class Teaching(Dated, SchoolRow, Model):
    """A member of staff with a class, from and to dates (the last day included)."""

    __tablename__ = "teaching"

    class_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    __table_args__ = within_school(
        belongs_to("classes", "class_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_teaching_staff", "school_id", "staff_id"),
    )


class Group(SchoolRow, Model):
    """Children whom one member of staff put together under a name; ``shared`` with the adults who know any of them."""

    __tablename__ = "student_groups"

    staff_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(60))
    shared: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"), Index("ix_student_groups_staff", "school_id", "staff_id")
    )


class GroupMember(SchoolRow, Model):
    """A child in somebody's group; it says nothing of who may see the child."""

    __tablename__ = "group_members"

    group_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    __table_args__ = within_school(
        belongs_to("student_groups", "group_id"),
        belongs_to("students", "student_id"),
        UniqueConstraint("school_id", "group_id", "student_id"),
        Index("ix_group_members_student", "school_id", "student_id"),
    )


class Tells(StrEnum):
    """What words about a child tell."""

    LOVES = "loves"
    STRENGTHS = "strengths"
    HELPS = "helps"
    AVOIDS = "avoids"
    SCHOOL = "school"


# What a child and its whānau say of the child; what school has learned stands beside it, never instead.
OWN = frozenset(Tells) - {Tells.SCHOOL}


class StudentWords(SchoolRow, Model):
    """What a child or its whānau said of the child, and who said it when; append-only, the newest of each kind stands.

    ``written_by`` is who wrote it down on their behalf; no ``words`` take back what stood.
    """

    __tablename__ = "student_words"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    student_id: Mapped[uuid.UUID]
    tells: Mapped[Tells] = mapped_column(OneOf(Tells, 10))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(2))
    said_by: Mapped[str] = mapped_column(String(120))
    said_on: Mapped[date]
    written_by: Mapped[uuid.UUID | None]
    written_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "written_by"),
        CheckConstraint("tells IN ('loves', 'strengths', 'helps', 'avoids', 'school')", name="tells_is_known"),
        Index("ix_student_words_student", "school_id", "student_id", "number"),
    )


class BarKind(StrEnum):
    """Why a member of staff does not see a child through the staff role."""

    WHANAU = "whanau"
    RESTRICTED = "restricted"


class StaffBar(SchoolRow, Model):
    """A member of staff who is whānau of a child, or restricted from them, and so does not see them as staff."""

    __tablename__ = "staff_bars"

    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    kind: Mapped[BarKind] = mapped_column(OneOf(BarKind, 12))
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "staff_id", "student_id"),
        CheckConstraint("kind IN ('whanau', 'restricted')", name="kind_is_known"),
    )
