"""Who is at school on a day: the weekdays somebody works, and leave or sickness with who stands in."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, or_, select
from sqlalchemy.orm import Mapped

from commsbridge.foundation.columns import Dated, among, in_force
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools.calendar import today
from commsbridge.schools.models import Staff
from commsbridge.schools.queries import staff_by_id, staff_present

MONDAY_TO_FRIDAY = range(5)
LONGEST_AWAY = timedelta(days=400)


class Absence(Dated, SchoolRow, Model):
    """That somebody is away from one day to another, both included; nothing of why. ``stand_in_id`` takes over.

    Ended early, ``to_on`` is the last day away; taken back before it began, ``taken_back_at`` says so.
    """

    __tablename__ = "absences"

    staff_id: Mapped[uuid.UUID]
    stand_in_id: Mapped[uuid.UUID | None]
    noted_by: Mapped[uuid.UUID | None]
    noted_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "stand_in_id"),
        CheckConstraint("to_on >= from_on", name="days_in_order"),
        Index("ix_absences_staff", "school_id", "staff_id", "from_on"),
    )


def note_absence(
    work: Work, staff_id: uuid.UUID, *, from_on: date, to_on: date, stand_in_id: uuid.UUID | None = None
) -> Absence:
    """Note that somebody is away; the stand-in takes over what waits for them.

    Raises Invalid when the days run backwards, are over already or too many, or for a stand-in who is not here.
    """
    if to_on < from_on:
        raise Invalid(N_("The last day away cannot be before the first."), field="to_on")
    if to_on < today(work):
        raise Invalid(N_("Those days are over."), field="to_on")
    if to_on - from_on > LONGEST_AWAY:
        raise Invalid(N_("Choose a last day within a year."), field="to_on")
    if stand_in_id is not None:
        found = work.session.scalar(select(Staff).where(Staff.id == stand_in_id, staff_present(from_on)))
        if found is None or stand_in_id == staff_id:
            raise Invalid(N_("Choose somebody else who works here."), field="stand_in")
    row = Absence(
        id=uuid.uuid4(), staff_id=staff_id, stand_in_id=stand_in_id, from_on=from_on, to_on=to_on,
        noted_by=work.actor.id, noted_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row


def end_absence(work: Work, absence_id: uuid.UUID) -> Absence:
    """Somebody is back today, or does not go at all. Raises NotFound."""
    row = work.session.get(Absence, absence_id, with_for_update=True)
    on = today(work)
    if row is None or row.taken_back_at is not None or (row.to_on is not None and row.to_on < on):
        raise NotFound(N_("That is not written down here any more."))
    if row.from_on >= on:
        row.taken_back_at = work.now
    else:
        row.to_on = on - timedelta(days=1)
    work.session.flush()
    return row


def absences(work: Work, *, staff_id: uuid.UUID | None = None) -> Sequence[Absence]:
    """Who is away today or later, the first day first."""
    rows = select(Absence).where(
        Absence.taken_back_at.is_(None), or_(Absence.to_on.is_(None), Absence.to_on >= today(work))
    )
    if staff_id is not None:
        rows = rows.where(Absence.staff_id == staff_id)
    return work.session.scalars(rows.order_by(Absence.from_on, Absence.id)).all()


def set_working_days(work: Work, staff_id: uuid.UUID, days: Collection[int]) -> None:
    """Set on which weekdays (Monday 0) somebody works. Raises Invalid for none, NotFound for nobody."""
    chosen = {day for day in days if day in MONDAY_TO_FRIDAY}
    if not chosen:
        raise Invalid(N_("Choose a day at least."), field="days")
    staff = work.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound(N_("We cannot find that person on this school’s staff."))
    staff.working_days = sum(1 << day for day in chosen)
    work.session.flush()


def here_on(work: Work, staff_ids: Collection[uuid.UUID], on: date) -> set[uuid.UUID]:
    """Those of these who are at school on a day: on the staff, one of their weekdays, and not away."""
    if not staff_ids or on.weekday() not in MONDAY_TO_FRIDAY:
        return set()
    away = select(Absence.staff_id).where(
        Absence.staff_id == Staff.id, in_force(Absence, on), Absence.taken_back_at.is_(None)
    )
    rows = select(Staff.id, Staff.working_days).where(among(Staff.id, staff_ids), staff_present(on), ~away.exists())
    return {staff_id for staff_id, days in work.session.execute(rows) if days >> on.weekday() & 1}


def stand_in_of(work: Work, staff_id: uuid.UUID, on: date) -> Staff | None:
    """Who takes over from somebody who is away on a day, as whoever noted it said."""
    rows = select(Absence.stand_in_id).where(
        Absence.staff_id == staff_id, in_force(Absence, on), Absence.taken_back_at.is_(None),
        Absence.stand_in_id.is_not(None),
    )  # fmt: skip
    found = work.session.scalars(rows.order_by(Absence.noted_at.desc(), Absence.id).limit(1)).first()
    return staff_by_id(work, [found]).get(found) if found else None
