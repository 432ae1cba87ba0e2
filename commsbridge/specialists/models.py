"""Nouns of sharing with a specialist from outside: the offer, each answer of whānau, the devices, and every look."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class SharedPart(StrEnum):
    """What a specialist may be shown, each chosen apart."""

    PROFILE = "profile"
    NOW = "now"
    GOALS = "goals"
    DOING = "doing"


class SpecialistShare(SchoolRow, Model):
    """What of one child is offered to one specialist, until the end of a day; whānau say yes before anything opens.

    ``parts`` are SharedPart. ``link`` is the digest of the one link that opens it, ``code`` of the code that proves a
    device once, with its ``tries``. ``email`` is where the link goes, as whānau read it ("": it is handed over in
    person), ``mail_id`` the delivery that brings it. It ends for good: ``ended_by`` at school, or ``ended_at_home``.
    """

    __tablename__ = "specialist_shares"

    student_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254), server_default="", default="")
    mail_id: Mapped[uuid.UUID | None]
    parts: Mapped[list[str]] = mapped_column(JSONB)
    until_on: Mapped[date]
    offered_by: Mapped[uuid.UUID]
    offered_at: Mapped[datetime]
    link: Mapped[bytes | None]
    code: Mapped[bytes | None]
    code_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    ended_at_home: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "offered_by"),
        belongs_to("staff", "ended_by"),
        belongs_to("contacts", "ended_at_home"),
        Index("ix_specialist_shares_student", "school_id", "student_id", "offered_at"),
    )


class SpecialistAnswer(SchoolRow, Model):
    """That a contact said yes to an offer. Append-only. ``written_by`` wrote it down; None: on their own page."""

    __tablename__ = "specialist_answers"

    share_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    written_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("specialist_shares", "share_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "written_by"),
        Index("ix_specialist_answers_share", "school_id", "share_id", "at"),
    )


class SpecialistDevice(SchoolRow, Model):
    """A device that proved itself with a code: of its secret only the digest is kept. Append-only."""

    __tablename__ = "specialist_devices"

    share_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("specialist_shares", "share_id"),
        Index("ix_specialist_devices_share", "school_id", "share_id"),
    )


class SpecialistLook(SchoolRow, Model):
    """That the specialist opened what is shared with them. Append-only: whānau and school read each look."""

    __tablename__ = "specialist_looks"

    share_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("specialist_shares", "share_id"),
        Index("ix_specialist_looks_share", "school_id", "share_id", "at"),
    )
