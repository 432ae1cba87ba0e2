"""How often good news should reach one child's home, where that is not as the school says; books ask for more."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from commsbridge.foundation.columns import among
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.students.aims import Aim, note_aim

# Good news every school day at the most: more would be noise.
MOST_TIMES = 10


class ContactTarget(SchoolRow, Model):
    """A child's own target. ``times`` are good contacts in ten school days, None: as the school says.

    ``has_book`` is kept by the books: a child with one has the school's target for books, unless ``times`` says else.
    """

    __tablename__ = "contact_targets"

    student_id: Mapped[uuid.UUID]
    times: Mapped[int | None]
    has_book: Mapped[bool]
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "changed_by"),
        CheckConstraint("times BETWEEN 1 AND 10", name="times_are_sane"),
        UniqueConstraint("school_id", "student_id"),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What is set for one child: ``times`` in ten school days, None: as the school says; whether there is a book.

    ``changed_by`` and ``changed_at``: who set either of them last, and when.
    """

    times: int | None = None
    has_book: bool = False
    changed_by: uuid.UUID | None = None
    changed_at: datetime | None = None


def targets_of(work: Work, student_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Target]:
    """What is set for these children; those for whom nothing is are left out."""
    rows = select(ContactTarget).where(among(ContactTarget.student_id, student_ids))
    return {
        row.student_id: Target(row.times, row.has_book, row.changed_by, row.changed_at)
        for row in work.session.scalars(rows)
    }


def set_target(work: Work, student_id: uuid.UUID, times: int | None) -> None:
    """Set a child's own target, in good contacts in ten school days; None: as the school says.

    Raises Invalid for none at all, and for more than one a day.
    """
    if times is not None and not 1 <= times <= MOST_TIMES:
        raise Invalid(N_("Choose once to ten times in two weeks."), field="times")
    _row(work, student_id).times = times
    note_aim(work, Aim.OWN, times, student_id=student_id)


def note_book(work: Work, student_id: uuid.UUID, *, has_book: bool) -> None:
    """A book was opened for a child, or closed."""
    _row(work, student_id).has_book = has_book
    work.session.flush()


def _row(work: Work, student_id: uuid.UUID) -> ContactTarget:
    found = work.session.scalar(select(ContactTarget).where(ContactTarget.student_id == student_id).with_for_update())
    row = found or ContactTarget(student_id=student_id, times=None, has_book=False)
    row.changed_by, row.changed_at = work.actor.id, work.now
    work.session.add(row)
    return row
