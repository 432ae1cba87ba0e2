"""Permission for photos that show a child: who gave or withdrew it, when, and all that was said before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import today
from commsbridge.whanau.models import PhotoPermission

LONGEST_SAID_BY = 120


def note_photo_permission(
    work: Work, student_id: uuid.UUID, *, given: bool, said_by: str, said_on: date
) -> PhotoPermission:
    """Write down that somebody gave permission, or withdrew it; what stands already is not written twice.

    Raises Invalid for nobody who said so and for a day to come.
    """
    by = one_line(said_by, field="said_by", longest=LONGEST_SAID_BY)
    if said_on > today(work):
        raise Invalid(N_("That day is still to come. Say when they said it."), field="said_on")
    stands = photo_permission(work, student_id)
    if stands is not None and (stands.given, stands.said_by, stands.said_on) == (given, by, said_on):
        return stands
    noted = PhotoPermission(
        id=uuid.uuid4(),
        student_id=student_id,
        given=given,
        said_by=by,
        said_on=said_on,
        written_by=work.actor.id,
        written_at=work.now,
    )
    work.session.add(noted)
    work.session.flush()
    return noted


def photo_permission(work: Work, student_id: uuid.UUID) -> PhotoPermission | None:
    """What was said last; None when nobody was ever asked, which is a no."""
    return next(iter(photo_permissions(work, student_id)), None)


def photo_permissions(work: Work, student_id: uuid.UUID) -> Sequence[PhotoPermission]:
    """All that was said, the newest first."""
    rows = select(PhotoPermission).where(PhotoPermission.student_id == student_id)
    return work.session.scalars(rows.order_by(PhotoPermission.number.desc())).all()


def may_show(work: Work, student_id: uuid.UUID) -> bool:
    """Whether a photo that shows the child may go home."""
    stands = photo_permission(work, student_id)
    return stands is not None and stands.given
