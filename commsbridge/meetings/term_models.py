"""Why there is no hui about a student's plan in a term."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class HuiNotThisTerm(SchoolRow, Model):
    """Somebody of the staff says why not in the term that begins on ``term_on``. Append-only."""

    __tablename__ = "hui_not_this_term"

    student_id: Mapped[uuid.UUID]
    term_on: Mapped[date]
    staff_id: Mapped[uuid.UUID]
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_hui_not_this_term_student", "school_id", "student_id", "term_on"),
    )
