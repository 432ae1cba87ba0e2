"""Nouns of learning support: a request with the yes of whānau, and each step of what became of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class SupportState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    RECEIVED = "received"
    PLANNED = "planned"
    DECLINED = "declined"
    REACHED_OUT = "reached_out"
    PLAN = "plan"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ConsentHow(StrEnum):
    """How somebody at home said yes, or took it back."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WRITING = "writing"
    PAGE = "page"


class CheckedHow(StrEnum):
    """How somebody checked an entry of the directory."""

    PAGE = "page"
    RANG = "rang"
    MET = "met"


class ServiceCheck(SchoolRow, Model):
    """That a member of staff checked an entry of the directory with its service. Append-only: the latest stands.

    ``agrees``: they found it as it stands there; else ``words`` say what is otherwise.
    """

    __tablename__ = "service_checks"

    service: Mapped[str] = mapped_column(String(30))
    staff_id: Mapped[uuid.UUID]
    how: Mapped[CheckedHow] = mapped_column(OneOf(CheckedHow, 10))
    on_day: Mapped[date]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    agrees: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        CheckConstraint("how IN ('page', 'rang', 'met')", name="how_is_known"),
        Index("ix_service_checks_service", "school_id", "service", "at"),
    )


class SupportRequest(SchoolRow, Model):
    """A request for support for a child. ``service`` is a key of the directory; ``words`` is what would help.

    ``asked_by`` wrote it at school, or ``from_contact`` on their own page. ``tells_at`` is when those who said yes are
    told that it still stands, unless news comes before; None once it has ended.
    """

    __tablename__ = "support_requests"

    student_id: Mapped[uuid.UUID]
    service: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[uuid.UUID | None]
    from_contact: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64))
    tells_at: Mapped[datetime | None] = mapped_column(server_default=text("now() + interval '28 days'"))
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "asked_by"),
        belongs_to("contacts", "from_contact"),
        CheckConstraint("(asked_by IS NULL) <> (from_contact IS NULL)", name="somebody_asks"),
        Index("ix_support_requests_student", "school_id", "student_id", "asked_at"),
        Index("uq_support_requests_once_key", "school_id", "once_key", unique=True),
        Index("ix_support_requests_tells_at", "tells_at", postgresql_where=text("tells_at IS NOT NULL")),
    )


class SupportConsent(SchoolRow, Model):
    """That a contact said yes to a request, or took it back. Append-only: of each contact the latest stands.

    ``written_by`` is who wrote it down; None where they pressed it on their own page.
    """

    __tablename__ = "support_consents"

    request_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    given: Mapped[bool]
    how: Mapped[ConsentHow] = mapped_column(OneOf(ConsentHow, 10))
    on_day: Mapped[date]
    written_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("support_requests", "request_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "written_by"),
        CheckConstraint("how IN ('in_person', 'phone', 'writing', 'page')", name="how_is_known"),
        CheckConstraint("(how = 'page') = (written_by IS NULL)", name="somebody_wrote_it"),
        Index("ix_support_consents_request", "school_id", "request_id", "at"),
    )


class SupportStep(SchoolRow, Model):
    """What became of a request. Append-only: the highest ``number`` stands.

    ``waiting_with`` names who has it now, ``owner_id`` who follows it up at school, ``look_on`` when they look again.
    ``words`` are for whānau to read. ``staff_id`` wrote it; None where a contact took their yes back.
    """

    __tablename__ = "support_steps"

    request_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[SupportState] = mapped_column(OneOf(SupportState, 12))
    on_day: Mapped[date]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    waiting_with: Mapped[str] = mapped_column(String(80), server_default="", default="")
    owner_id: Mapped[uuid.UUID]
    look_on: Mapped[date | None]
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("support_requests", "request_id"),
        belongs_to("staff", "owner_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "request_id", "number"),
        CheckConstraint(
            "state IN ('asked', 'received', 'planned', 'declined', 'reached_out', 'plan', 'closed', 'withdrawn')",
            name="state_is_known",
        ),
    )
