"""What is aimed for, each time it was set: a report of days that are over counts by what stood when they were over."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf, among
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.work import Work


class Aim(StrEnum):
    """What can be aimed for.

    USUAL, BOOK and OWN are good contacts in ten school days: for most children, for one with a communication book, for
    one child alone. PRAISES are praises for each concern.
    """

    USUAL = "usual"
    BOOK = "book"
    OWN = "own"
    PRAISES = "praises"


class AimSet(SchoolRow, Model):
    """That somebody set an aim; append-only, the newest of each stands. No ``times``: as the school says, again."""

    __tablename__ = "aims_set"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    aim: Mapped[Aim] = mapped_column(OneOf(Aim, 8))
    student_id: Mapped[uuid.UUID | None]
    times: Mapped[int | None]
    set_by: Mapped[uuid.UUID | None]
    set_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "set_by"),
        CheckConstraint("aim IN ('usual', 'book', 'own', 'praises')", name="aim_is_known"),
        CheckConstraint("(aim = 'own') = (student_id IS NOT NULL)", name="own_is_of_a_student"),
        CheckConstraint("times BETWEEN 1 AND 20 AND (times IS NOT NULL OR aim = 'own')", name="times_are_sane"),
        Index("ix_aims_set_standing", "school_id", "aim", "student_id", "number"),
    )


@dataclass(frozen=True, slots=True)
class Aims:
    """What stood at a moment: of the school, where it had set any, and ``own`` of the children who had one."""

    school: Mapping[Aim, int] = field(default_factory=dict)
    own: Mapping[uuid.UUID, int] = field(default_factory=dict)


def note_aim(work: Work, aim: Aim, times: int | None, *, student_id: uuid.UUID | None = None) -> None:
    """Write down that an aim was set now; whoever keeps it has looked whether it is sane."""
    work.session.add(AimSet(aim=aim, student_id=student_id, times=times, set_by=work.actor.id, set_at=work.now))
    work.session.flush()


def aims_at(work: Work, until: datetime, *, only: Collection[uuid.UUID] | None = None) -> Aims:
    """What stood just before ``until`` (aware), for the school and every child with an aim of its own, or ``only``."""
    wanted = select(AimSet.aim, AimSet.student_id, AimSet.times).where(AimSet.set_at < until)
    if only is not None:
        wanted = wanted.where(or_(AimSet.student_id.is_(None), among(AimSet.student_id, only)))
    newest = wanted.ext(distinct_on(AimSet.aim, AimSet.student_id))
    newest = newest.order_by(AimSet.aim, AimSet.student_id, AimSet.number.desc())
    school: dict[Aim, int] = {}
    own: dict[uuid.UUID, int] = {}
    for aim, student_id, times in work.session.execute(newest):
        if times is not None and student_id is None:
            school[aim] = times
        elif times is not None and student_id is not None:
            own[student_id] = times
    return Aims(school, own)
