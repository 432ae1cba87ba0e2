"""Nouns of whānau voice: that a school asks, each term's asking, who was asked, and what was answered, by nobody."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Pulse(SchoolRow, Model):
    """That a school asks two questions a term, from a day until it stops. At ``next_at`` the clock looks."""

    __tablename__ = "pulses"

    begun_by: Mapped[uuid.UUID]
    begun_at: Mapped[datetime]
    next_at: Mapped[datetime]
    ended_by: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "begun_by"),
        belongs_to("staff", "ended_by"),
        Index("uq_pulses_one_goes_on", "school_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_pulses_due", "next_at", postgresql_where=text("ended_at IS NULL")),
    )


class PulseRound(SchoolRow, Model):
    """The questions of one term, by their keys; ``term_on`` is its first day, so that no term has two.

    Answers are taken until the end of ``closes_on``; nothing is told of them before.
    """

    __tablename__ = "pulse_rounds"

    term_on: Mapped[date]
    first: Mapped[str] = mapped_column(String(20))
    second: Mapped[str] = mapped_column(String(20))
    went_at: Mapped[datetime]
    closes_on: Mapped[date]
    __table_args__ = within_school(UniqueConstraint("school_id", "term_on"))


class PulseAsk(SchoolRow, Model):
    """That a contact was asked, by which delivery, and which of the two they have answered; never what."""

    __tablename__ = "pulse_asks"

    round_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    first_done: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    second_done: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    __table_args__ = within_school(
        belongs_to("pulse_rounds", "round_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        UniqueConstraint("school_id", "round_id", "contact_id"),
        Index("ix_pulse_asks_address", "school_id", "address", "asked_at"),
        Index("ix_pulse_asks_contact", "school_id", "contact_id", "asked_at"),
    )


class PulseAnswer(SchoolRow, Model):
    """One answer to one question: no contact, no child, no time, so that it leads back to nobody.

    ``language`` is what its writer asked to be written to in: mi, en, both or other.
    """

    __tablename__ = "pulse_answers"

    round_id: Mapped[uuid.UUID]
    question: Mapped[str] = mapped_column(String(20))
    score: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    __table_args__ = within_school(
        belongs_to("pulse_rounds", "round_id"),
        CheckConstraint("score BETWEEN 1 AND 4", name="score_is_known"),
        CheckConstraint("language IN ('mi', 'en', 'both', 'other')", name="language_is_known"),
        Index("ix_pulse_answers_round", "school_id", "round_id", "question"),
    )
