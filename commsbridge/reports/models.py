"""Nouns of reports: who gets one by mail, how often, and a school's own guide for balance."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Rhythm(StrEnum):
    """How often a report comes by mail: when a school week, a month with school days, or a term is over."""

    WEEK = "week"
    MONTH = "month"
    TERM = "term"


class ReportMail(SchoolRow, Model):
    """That somebody gets the report by mail. At ``next_at`` the clock looks, and sends what was over since ``sent_at``.

    ``for_board``: it is the board's version, numbers without anything personal, to be passed on. ``named_by`` is who
    said so. One that has ended stays, as the record of who was told until when.
    """

    __tablename__ = "report_mails"

    staff_id: Mapped[uuid.UUID]
    named_by: Mapped[uuid.UUID]
    rhythm: Mapped[Rhythm] = mapped_column(OneOf(Rhythm, 8))
    for_board: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    next_at: Mapped[datetime]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "named_by"),
        CheckConstraint("rhythm IN ('week', 'month', 'term')", name="rhythm_is_known"),
        Index(
            "uq_report_mails_one_of_each",
            "school_id",
            "staff_id",
            "rhythm",
            "for_board",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_report_mails_due", "next_at", postgresql_where=text("ended_at IS NULL")),
    )


class ReportRules(SchoolRow, Model):
    """A school's own guide for balance, in one row at most: praises for each concern. Never a pass mark."""

    __tablename__ = "report_rules"

    guide: Mapped[int]
    __table_args__ = within_school(
        UniqueConstraint("school_id"),
        CheckConstraint("guide BETWEEN 1 AND 20", name="guide_is_sane"),
    )
