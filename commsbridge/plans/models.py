"""Nouns of a plan: the plan of a child, each version of it whole, and who agreed to which."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Plan(SchoolRow, Model):
    """A plan for one child; of those that have not ended there is one."""

    __tablename__ = "plans"

    student_id: Mapped[uuid.UUID]
    begun_by: Mapped[uuid.UUID]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "begun_by"),
        Index("uq_plans_open", "school_id", "student_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class PlanVersion(SchoolRow, Model):
    """A plan as it stood after one change (``items`` as plans/items.py stores them). Append-only: the highest stands.

    ``staff_id`` or ``contact_id`` made the change.
    """

    __tablename__ = "plan_versions"

    plan_id: Mapped[uuid.UUID]
    number: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    review_on: Mapped[date]
    staff_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("plans", "plan_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "contact_id"),
        CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_writes"),
        UniqueConstraint("school_id", "plan_id", "number"),
    )


class PlanSignature(SchoolRow, Model):
    """That somebody agreed to a version as they read it: a member of staff, or a contact. Append-only.

    ``written_by`` is who wrote it down where a contact said so in person.
    """

    __tablename__ = "plan_signatures"

    plan_id: Mapped[uuid.UUID]
    number: Mapped[int]
    staff_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    written_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("plans", "plan_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "written_by"),
        CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_signs"),
        Index("ix_plan_signatures_plan", "school_id", "plan_id", "at"),
    )


class PlanPraise(SchoolRow, Model):
    """That a praise shows how a goal of a plan goes; ``item_id`` is the goal's."""

    __tablename__ = "plan_praises"

    plan_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("plans", "plan_id"),
        belongs_to("messages", "message_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "plan_id", "item_id", "message_id"),
    )
