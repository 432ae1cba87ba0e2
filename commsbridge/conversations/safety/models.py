"""Nouns of safety: whom the school named, and each message that went to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class SafetyWatch(SchoolRow, Model):
    """Whether a school has its messages screened, and who reads what worries: at most one row a school.

    ``minutes`` after which the next person is told when nobody has opened it; ``answers``: the writer gets a short
    line with the numbers to ring.
    """

    __tablename__ = "safety_watches"

    screens: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    lead_id: Mapped[uuid.UUID | None]
    deputy_id: Mapped[uuid.UUID | None]
    minutes: Mapped[int]
    answers: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("staff", "lead_id"),
        belongs_to("staff", "deputy_id"),
        UniqueConstraint("school_id"),
        CheckConstraint("NOT screens OR lead_id <> deputy_id", name="two_people_named"),
        CheckConstraint("minutes BETWEEN 5 AND 240", name="minutes_that_help"),
    )


class Outcome(StrEnum):
    """What a named person decided about a message."""

    FILED = "filed"
    KEPT = "kept"


class SaidIn(StrEnum):
    """Where somebody at school wrote it down: in the book for the child, beside a page, as an answer, for a hui."""

    BOOK = "book"
    BESIDE = "beside"
    ANSWER = "answer"
    HUI = "hui"


class SafetyAlert(SchoolRow, Model):
    """Words that named people were told of: when, how far up, who opened them, and what was decided and why.

    They are a message that came in (``reply_id``), or a child's own words (``said_in`` names where): what holds these
    names its alert, and shows them to nobody until they were filed.
    ``because`` are the words of the message that the screening stopped at. ``student_ids`` are the children it is
    about, as far as matching knew. ``told`` counts the steps taken (1 the lead, 2 the deputy, 3 the leaders), and
    ``next_at`` is when the next is due; None once somebody opened it.
    """

    __tablename__ = "safety_alerts"

    reply_id: Mapped[uuid.UUID | None]
    said_in: Mapped[SaidIn | None] = mapped_column(OneOf(SaidIn, 8))
    student_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    pause_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    because: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    told: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    next_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[uuid.UUID | None]
    outcome: Mapped[Outcome | None] = mapped_column(OneOf(Outcome, 8))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("staff", "opened_by"),
        belongs_to("staff", "decided_by"),
        UniqueConstraint("school_id", "reply_id"),
        CheckConstraint("said_in IN ('book', 'beside', 'answer', 'hui')", name="said_in_is_known"),
        CheckConstraint("(reply_id IS NULL) <> (said_in IS NULL)", name="one_subject"),
        CheckConstraint("outcome IN ('filed', 'kept')", name="outcome_is_known"),
        CheckConstraint("(outcome IS NULL) = (reason IS NULL)", name="decided_with_a_reason"),
        Index("ix_safety_alerts_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )
