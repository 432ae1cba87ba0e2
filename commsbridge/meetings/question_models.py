"""What a phone or mailbox was asked about a hui beside its time, and what came back."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class About(StrEnum):
    """What a question is about: somebody at the table, wishes, what they say beforehand, a point, or a next step."""

    PERSON = "person"
    KAITAKAWAENGA = "kaitakawaenga"
    VOICE = "voice"
    POINT = "point"
    DUE = "due"
    WHY = "why"
    WENT = "went"
    SUPPORT = "support"
    PART = "part"


class HuiQuestion(SchoolRow, Model):
    """One question: its answers count up from ``first_number``, ``choices`` of them; 0: it is answered in words.

    ``subject_id`` is the person, point or next step it is about. Answered or too old, it takes no answer any more.
    """

    __tablename__ = "hui_questions"

    hui_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(254))
    about: Mapped[About] = mapped_column(OneOf(About, 14))
    subject_id: Mapped[uuid.UUID | None]
    first_number: Mapped[int]
    choices: Mapped[int]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        CheckConstraint(
            "about IN ('person', 'kaitakawaenga', 'voice', 'point', 'due', 'why', 'went', 'support', 'part')",
            name="about_is_known",
        ),
        Index(
            "ix_hui_questions_open", "school_id", "address", "asked_at", postgresql_where=text("answered_at IS NULL")
        ),
        Index("ix_hui_questions_hui", "school_id", "hui_id"),
    )
