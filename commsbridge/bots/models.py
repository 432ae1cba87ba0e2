"""Nouns of the bots: what a teacher's phone was asked last."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Step(StrEnum):
    """What the bot waits for: which child, "1 send", or the words anew."""

    WHICH = "which"
    CONFIRM = "confirm"
    CHANGE = "change"


class TextTalk(SchoolRow, Model):
    """Praise begun by text, and what its writer was asked about it. The words are forgotten when it is over.

    ``student_ids`` are the choices in their order, one once it is known; ``as_link``: the words stay behind a link.
    """

    __tablename__ = "text_talks"

    staff_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(20))
    step: Mapped[Step] = mapped_column(OneOf(Step, 8))
    words: Mapped[str] = mapped_column(Text)
    student_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    as_link: Mapped[bool]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        CheckConstraint("step IN ('which', 'confirm', 'change')", name="step_is_known"),
        Index("ix_text_talks_address", "school_id", "address", "asked_at"),
    )
