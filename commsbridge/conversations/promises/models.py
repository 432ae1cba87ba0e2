"""Nouns of promises: what the school owes home an answer to, each step of it, and the school's own rules."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Kept(StrEnum):
    """How a promise was kept, or that none was due."""

    ANSWERED = "answered"
    TALKED = "talked"
    NOT_NEEDED = "not_needed"


class Promise(SchoolRow, Model):
    """That somebody at school owes an answer to a reply which asks something; one row for each such reply.

    ``holder_id`` is whose it is (None: whoever the school named, else its leaders). Minutes are school minutes, of the
    school days and hours of whoever held it: ``allowed_minutes`` what the school promises, ``spent_minutes`` what went
    by with earlier holders, ``took_minutes`` all there was from ``asked_at`` to ``kept_at``. It was late when it took
    more than it was allowed. ``due_at`` is None where no school days are known. ``look_at`` is when the clock looks
    again; ``reminded_at`` when its holder was reminded, ``raised_at`` when it went to whom the school named.
    """

    __tablename__ = "promises"

    reply_id: Mapped[uuid.UUID]
    holder_id: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
    held_since: Mapped[datetime]
    allowed_minutes: Mapped[int]
    spent_minutes: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    due_at: Mapped[datetime | None]
    look_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    raised_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    kept_how: Mapped[Kept | None] = mapped_column(OneOf(Kept, 12))
    kept_by: Mapped[uuid.UUID | None]
    took_minutes: Mapped[int | None]
    message_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("staff", "holder_id"),
        belongs_to("messages", "message_id"),
        UniqueConstraint("school_id", "reply_id"),
        CheckConstraint("kept_how IN ('answered', 'talked', 'not_needed')", name="kept_how_is_known"),
        CheckConstraint("(kept_at IS NULL) = (kept_how IS NULL)", name="kept_somehow"),
        Index("ix_promises_open", "school_id", "holder_id", postgresql_where=text("kept_at IS NULL")),
        Index("ix_promises_look", "look_at", postgresql_where=text("kept_at IS NULL")),
        Index("ix_promises_asked", "school_id", "asked_at"),
    )

    @property
    def late(self) -> bool:
        """Whether it was kept, and later than promised."""
        return self.took_minutes is not None and self.kept_how is not Kept.NOT_NEEDED and (
            self.took_minutes > self.allowed_minutes
        )  # fmt: skip


class Step(StrEnum):
    """What happened to a promise."""

    FOUND = "found"
    ASKED = "asked"
    PASSED = "passed"
    ASSIGNED = "assigned"
    REMINDED = "reminded"
    RAISED = "raised"
    KEPT = "kept"


class PromiseStep(SchoolRow, Model):
    """One step of a promise: found by the rules, asked by a person, passed on, assigned, reminded, raised or kept.

    ``staff_id`` is who did it (None: the service), ``to_id`` whose it is since or who was told. Append-only.
    """

    __tablename__ = "promise_steps"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    promise_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    step: Mapped[Step] = mapped_column(OneOf(Step, 10))
    staff_id: Mapped[uuid.UUID | None]
    to_id: Mapped[uuid.UUID | None]
    kept_how: Mapped[Kept | None] = mapped_column(OneOf(Kept, 12))
    __table_args__ = within_school(
        belongs_to("promises", "promise_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "to_id"),
        CheckConstraint(f"step IN ({', '.join(repr(str(each.value)) for each in Step)})", name="step_is_known"),
        Index("ix_promise_steps_promise", "school_id", "promise_id", "number"),
    )


class Handover(SchoolRow, Model):
    """That everything one contact writes is somebody's to answer, from a moment until it is ended."""

    __tablename__ = "handovers"

    contact_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    given_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "given_by"),
        Index("uq_handovers_open", "school_id", "contact_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class PromiseRules(SchoolRow, Model):
    """How a school answers, in one row at most: within how many school days, in which hours, who hears the rest.

    ``slowed_id`` is who reads what comes from somebody who floods or threatens (None: ``named_id``, else a leader).
    """

    __tablename__ = "promise_rules"

    days: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    named_id: Mapped[uuid.UUID | None]
    acknowledges: Mapped[str] = mapped_column(Text)
    slowed_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("staff", "named_id"),
        belongs_to("staff", "slowed_id"),
        UniqueConstraint("school_id"),
        CheckConstraint("days BETWEEN 1 AND 5", name="days_are_few"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        CheckConstraint("acknowledges IN ('never', 'free', 'always')", name="acknowledges_is_known"),
    )
