"""Nouns of the partnership log: one line for every home-school moment, by ids only, never changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Moment(StrEnum):
    """Kinds of line. Those in FOLDING say something about an earlier line; the rest stand alone on the timeline."""

    PRAISE = "praise"
    WELCOME = "welcome"
    NOTICE = "notice"
    REPLY = "reply"
    ANSWER = "answer"
    STAFF_NOTE = "staff_note"
    GATE = "gate"
    CALL = "call"
    WISH = "wish"
    SENT = "sent"
    ARRIVED = "arrived"
    DID_NOT_ARRIVE = "did_not_arrive"
    UNCERTAIN = "uncertain"
    HELD = "held"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    SEEN = "seen"
    MOVED = "moved"
    CORRECTED = "corrected"
    OTHER_WAY = "other_way"
    CONCERN = "concern"
    BOOK = "book"
    READ_AT_HOME = "read_at_home"
    TOLD_CHILD = "told_child"
    READ_TO_CHILD = "read_to_child"
    SUPPORT = "support"
    HUI = "hui"
    PLAN = "plan"


FOLDING = frozenset(
    {
        Moment.SENT,
        Moment.ARRIVED,
        Moment.DID_NOT_ARRIVE,
        Moment.UNCERTAIN,
        Moment.HELD,
        Moment.CANCELLED,
        Moment.UNDONE,
        Moment.SEEN,
        Moment.MOVED,
        Moment.CORRECTED,
        Moment.OTHER_WAY,
        Moment.READ_AT_HOME,
        Moment.TOLD_CHILD,
        Moment.READ_TO_CHILD,
    }
)


class Line(SchoolRow, Model):
    """One line of the log. ``about`` names the earlier line a folding line speaks of.

    ``subject``/``subject_id`` name the row that holds the words (message, delivery, reply, kōrero); the log holds none.
    ``number`` gives lines written at one moment their order.
    """

    __tablename__ = "lines"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    student_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    moment: Mapped[Moment] = mapped_column(OneOf(Moment, 16))
    staff_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    channel: Mapped[str | None] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(8))
    subject: Mapped[str | None] = mapped_column(String(12))
    subject_id: Mapped[uuid.UUID | None]
    about: Mapped[uuid.UUID | None]
    why: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = within_school(
        belongs_to("lines", "about"),
        Index("ix_lines_student_at", "school_id", "student_id", "at"),
        Index("ix_lines_about", "school_id", "about"),
        Index("ix_lines_at", "school_id", "at"),
        Index("ix_lines_withdrawn", "school_id", "about", postgresql_where=text("moment IN ('undone', 'moved')")),
        Index("ix_lines_subject", "school_id", "subject", "subject_id"),
        Index(
            "ix_lines_standing",
            "school_id",
            "moment",
            "at",
            postgresql_include=["id", "student_id", "subject_id"],
            postgresql_where=text("moment IN ('praise', 'concern', 'gate', 'call', 'reply', 'book', 'hui')"),
        ),
        CheckConstraint(
            "moment IN ('praise', 'welcome', 'notice', 'reply', 'answer', 'staff_note', 'gate', 'call', 'wish', "
            "'sent', "
            "'arrived', 'did_not_arrive', 'uncertain', 'held', 'cancelled', 'undone', 'seen', 'moved', 'corrected', "
            "'other_way', 'concern', 'book', 'read_at_home', 'told_child', "
            "'read_to_child', 'support', 'hui', 'plan')",
            name="moment_is_known",
        ),
    )


class LineWords(SchoolRow, Model):
    """The folded words of a line, for search alone: macrons and double vowels fold together."""

    __tablename__ = "line_words"

    line_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    folded: Mapped[str] = mapped_column(Text)
    __table_args__ = within_school(
        belongs_to("lines", "line_id"),
        belongs_to("students", "student_id"),
        Index("ix_line_words_student", "school_id", "student_id"),
    )


class Korero(SchoolRow, Model):
    """Words a member of staff wrote into the log by hand: a note, a talk at the gate, a phone call."""

    __tablename__ = "korero"

    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    happened_at: Mapped[datetime]
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
    once_key: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = within_school(
        Index("ix_korero_student", "school_id", "student_id"),
        Index("uq_korero_once_key", "school_id", "once_key", unique=True),
    )
