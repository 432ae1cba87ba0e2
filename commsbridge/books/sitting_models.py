"""The noun of a child alone at a device: a sitting."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Mapped

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class BookSitting(SchoolRow, Model):
    """A device that ``staff_id`` handed to a child for their part of one page; it shows nothing else, and ends."""

    __tablename__ = "book_sittings"

    book_id: Mapped[uuid.UUID]
    on_day: Mapped[date]
    staff_id: Mapped[uuid.UUID]
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(belongs_to("books", "book_id"), belongs_to("staff", "staff_id"))
