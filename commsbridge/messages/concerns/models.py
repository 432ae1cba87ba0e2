"""Nouns of concerns: what happened, told to home with care, and where it stands."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class ConcernKind(StrEnum):
    """A concern, or a hard day (an incident, a restraint)."""

    CONCERN = "concern"
    HARD_DAY = "hard_day"


class ConcernState(StrEnum):
    """Where a concern stands: with a second person, out, kept in the log alone, or back with its writer."""

    WAITING = "waiting"
    GONE = "gone"
    KEPT = "kept"
    RETURNED = "returned"


class Rang(StrEnum):
    """What came of ringing first."""

    TALKED = "talked"
    NO_ANSWER = "no_answer"


class Concern(SchoolRow, Model):
    """One concern about one child. Its words stand on a page behind a link, never in a text or a mail.

    ``recipient_ids`` are the contacts its writer chose. ``rang_*``: whom the writer rang first, when, and what came of
    it. ``offers_talk``: a time to talk is offered with it. ``settled_*``: who let it go or gave it back, and when.
    """

    __tablename__ = "concerns"

    kind: Mapped[ConcernKind] = mapped_column(OneOf(ConcernKind, 10))
    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    happened: Mapped[str] = mapped_column(Text)
    helped: Mapped[str] = mapped_column(Text, server_default="", default="")
    suggested: Mapped[str] = mapped_column(Text, server_default="", default="")
    asked: Mapped[str] = mapped_column(Text, server_default="", default="")
    offers_talk: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    recipient_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    rang_contact_id: Mapped[uuid.UUID | None]
    rang_at: Mapped[datetime | None]
    rang: Mapped[Rang | None] = mapped_column(OneOf(Rang, 10))
    state: Mapped[ConcernState] = mapped_column(OneOf(ConcernState, 10))
    message_id: Mapped[uuid.UUID | None]
    line_id: Mapped[uuid.UUID | None]
    once_key: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    settled_by: Mapped[uuid.UUID | None]
    settled_at: Mapped[datetime | None]
    settled_note: Mapped[str] = mapped_column(Text, server_default="", default="")
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "rang_contact_id"),
        belongs_to("messages", "message_id"),
        belongs_to("lines", "line_id"),
        CheckConstraint("kind IN ('concern', 'hard_day')", name="kind_is_known"),
        CheckConstraint("state IN ('waiting', 'gone', 'kept', 'returned')", name="state_is_known"),
        CheckConstraint("(rang IS NULL) = (rang_at IS NULL)", name="rang_at_a_time"),
        CheckConstraint("state <> 'gone' OR message_id IS NOT NULL", name="gone_as_a_message"),
        Index("ix_concerns_student", "school_id", "student_id", "made_at"),
        Index("ix_concerns_message", "school_id", "message_id"),
        Index("uq_concerns_once_key", "school_id", "once_key", unique=True),
    )
