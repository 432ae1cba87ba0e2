"""What a person must do, whose it is, and by when."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, within_school


class TaskKind(StrEnum):
    """Kinds of task."""

    RING = "ring"
    SLIP = "slip"
    INTERPRETER = "interpreter"
    MEND_ADDRESS = "mend_address"
    CONFIRM_ADDRESS = "confirm_address"
    CONFIRM_ACCESS = "confirm_access"
    MATCH_REPLY = "match_reply"
    SETTLE_UNCERTAIN = "settle_uncertain"
    READ_CONCERN = "read_concern"
    REWRITE_CONCERN = "rewrite_concern"
    CALL_BACK = "call_back"
    WANTS_HUI = "wants_hui"
    WANTS_BOOK = "wants_book"
    FLOOD = "flood"
    SLOWED = "slowed"
    COPY_ASKED = "copy_asked"
    CORRECTION_ASKED = "correction_asked"
    WRITE_PAGE = "write_page"
    COVER_OFFERED = "cover_offered"
    SUPPORT_LOOK = "support_look"
    SUPPORT_STOPPED = "support_stopped"
    HUI_TIMES = "hui_times"
    HUI_COMING = "hui_coming"
    HUI_NOT_NEEDED = "hui_not_needed"
    HUI_STEP = "hui_step"
    HUI_STEP_OVERDUE = "hui_step_overdue"
    HUI_LOOK_BACK = "hui_look_back"
    HUI_MINUTES = "hui_minutes"
    HUI_CORRECTED = "hui_corrected"
    HUI_UNWRITTEN = "hui_unwritten"
    HUI_AGAIN = "hui_again"
    HUI_TOGETHER = "hui_together"
    HUI_APART = "hui_apart"
    GUEST_MAIL = "guest_mail"
    PLAN_REVIEW = "plan_review"
    READ_CHILD = "read_child"
    HEAR_CHILD = "hear_child"


class Task(SchoolRow, Model):
    """A thing for a person: for a member of staff (``staff_id``) or for whoever holds a role (``role``)."""

    __tablename__ = "tasks"

    kind: Mapped[TaskKind] = mapped_column(OneOf(TaskKind, 20))
    role: Mapped[str | None] = mapped_column(String(20))
    staff_id: Mapped[uuid.UUID | None]
    student_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    made_at: Mapped[datetime]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = within_school(
        CheckConstraint("role IS NOT NULL OR staff_id IS NOT NULL", name="somebody_holds_it"),
        Index("ix_tasks_open", "school_id", "kind", "subject_id"),
    )
