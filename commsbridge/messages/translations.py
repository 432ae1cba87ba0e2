"""Nouns of the translation desk: who offers how much, what is asked for, and who would rather not."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.work import Work

MOST_A_WEEK = 20
LONGEST_MINUTES = 240


class Translator(SchoolRow, Model):
    """How many messages a week a te reo speaker is glad to translate; nothing is offered before they have said so."""

    __tablename__ = "translators"

    staff_id: Mapped[uuid.UUID]
    weekly: Mapped[int]
    changed_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "staff_id"),
        CheckConstraint(f"weekly BETWEEN 0 AND {MOST_A_WEEK}", name="weekly_is_bearable"),
    )


class Translation(SchoolRow, Model):
    """That a teacher's own words should go home in te reo Māori, written by a person.

    It is open between ``offered_at`` (when the time to undo is over) and ``deadline_at``, while a delivery of its
    message waits for it: so whatever stops the message ends it. ``minutes`` is what the translator says it took.
    """

    __tablename__ = "translations"

    message_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    asked_by: Mapped[uuid.UUID]
    offered_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID | None]
    taken_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    words_mi: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[int | None]
    __table_args__ = within_school(
        belongs_to("messages", "message_id"),
        belongs_to("students", "student_id"),
        belongs_to("staff", "asked_by"),
        belongs_to("staff", "taken_by"),
        UniqueConstraint("school_id", "message_id"),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_by_somebody"),
        CheckConstraint("(answered_at IS NULL) = (words_mi IS NULL)", name="answered_with_words"),
        CheckConstraint("answered_at IS NULL OR taken_by IS NOT NULL", name="answered_by_somebody"),
        Index("ix_translations_deadline", "school_id", "deadline_at"),
        Index("ix_translations_taken", "school_id", "taken_by", "taken_at"),
    )


class TranslationDeclined(SchoolRow, Model):
    """That a translator would rather not take a translation up: it is offered to them no more, and nobody asks why."""

    __tablename__ = "translations_declined"

    translation_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("translations", "translation_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "translation_id", "staff_id"),
    )


def answered_translation(work: Work, message_id: uuid.UUID) -> Translation | None:
    """The te reo that a person wrote for a message, where somebody did."""
    wanted = select(Translation).where(Translation.message_id == message_id, Translation.answered_at.is_not(None))
    return work.session.scalar(wanted)
