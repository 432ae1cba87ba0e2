"""What each of two homes that meet together says for itself: of a time, of somebody at the table, of a point."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class HuiHomeWord(SchoolRow, Model):
    """One word of one home about a time, a person or a point (``subject_id``). Append-only: a home's newest stands.

    ``word`` is a value of Welcome or Agrees; "" where what it was about has changed since.
    """

    __tablename__ = "hui_home_words"

    hui_id: Mapped[uuid.UUID]
    home: Mapped[uuid.UUID]
    subject_id: Mapped[uuid.UUID]
    word: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_hui_home_words_subject", "school_id", "hui_id", "subject_id", "at"),
    )
