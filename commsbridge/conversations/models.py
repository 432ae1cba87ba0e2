"""Nouns of the way in: the raw request, the reply it held, and the children it is about."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.reading_language import WrittenIn


class RawInbound(Model):
    """A request exactly as a carrier sent it, stored before anything is decided; ``carrier_key`` makes repeats one row.

    ``school_id`` is set where the address written to names one school. The wall shows a school its own rows; rows of no
    school are read by the ingest role alone.
    """

    __tablename__ = "raw_inbound"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid(), default=uuid.uuid4)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    carrier: Mapped[str] = mapped_column(String(10))
    carrier_key: Mapped[str] = mapped_column(String(300))
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("schools.id"))
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    content_type: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    taken_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    trouble: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        Index("uq_raw_inbound_carrier_key", "carrier", "carrier_key", unique=True),
        Index("ix_raw_inbound_waiting", "number", postgresql_where=text("taken_at IS NULL")),
    )


class ReplyState(StrEnum):
    """What became of an inbound message."""

    FILED = "filed"
    PARKED = "parked"
    ASKED = "asked"
    COMMAND = "command"
    AUTOMATIC = "automatic"
    NOT_OURS = "not_ours"
    SAFETY = "safety"


class Reply(SchoolRow, Model):
    """What a person wrote to the school, whole: ``words`` is what is shown, ``original`` all that came.

    ``how`` names how we know which child it is about; ``pictures`` counts what came with it.
    ``told_at`` is when its writer was told that a person will read it. ``claimed_by`` writes an answer to it until
    ``claimed_until``.
    ``language`` is what the words look like, marked as they came in: it changes nobody's preference; None for replies
    that came before they were marked. ``why`` names why it is parked; ``command`` the keyword obeyed; ``settled_by``
    who placed it or set it aside. ``unread``: the screening could not read it, so that a person looks at it first;
    ``whole``: nobody could tell the new words of a mail from what it answers, and ``words`` is all of it. ``told_to``
    is who alone is told of it, where its writer is slowed; None: whoever teaches the child, as ever.
    ``for_child``: whoever wrote it asks that it is read to the child.
    """

    __tablename__ = "replies"

    raw_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("raw_inbound.id"), unique=True)
    contact_id: Mapped[uuid.UUID | None]
    delivery_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(String(12))
    from_address: Mapped[str] = mapped_column(String(254))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str | None] = mapped_column(String(400))
    words: Mapped[str] = mapped_column(Text)
    original: Mapped[str] = mapped_column(Text)
    proven: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    state: Mapped[ReplyState] = mapped_column(OneOf(ReplyState, 10))
    why: Mapped[str | None] = mapped_column(String(30))
    how: Mapped[str | None] = mapped_column(String(12))
    pictures: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    command: Mapped[str | None] = mapped_column(String(12))
    language: Mapped[WrittenIn | None] = mapped_column(OneOf(WrittenIn, 5))
    unread: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    whole: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    for_child: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    received_at: Mapped[datetime]
    settled_by: Mapped[uuid.UUID | None]
    settled_at: Mapped[datetime | None]
    claimed_by: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_to: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        Index("ix_replies_state", "school_id", "state", "received_at"),
        Index("ix_replies_contact", "school_id", "contact_id", "received_at"),
        Index("ix_replies_from", "school_id", "from_address", "received_at"),
        CheckConstraint(
            "state IN ('filed', 'parked', 'asked', 'command', 'automatic', 'not_ours', 'safety')",
            name="state_is_known",
        ),
        CheckConstraint("language IN ('mi', 'en', 'mix', 'other')", name="language_is_known"),
    )


class SlowedFor(StrEnum):
    """Why a sender is slowed: so much came at once, words that threaten, or because a person at school said so."""

    FLOOD = "flood"
    THREAT = "threat"
    PERSON = "person"


class SlowedSender(SchoolRow, Model):
    """That what comes from one address is read first by one person: ``staff_id``, from ``at`` until it is ended.

    ``reply_id`` is what it began with; ``by`` and ``reason`` who slowed them and why (None: the service). ``until`` is
    when it ends by itself; None: when a person ends it. ``mail_at`` is when ``staff_id`` is written to next about
    the ``came`` that came since ``mailed_at``. Given to another, one row ends and the next begins: these are the
    history.
    """

    __tablename__ = "slowed_senders"

    address: Mapped[str] = mapped_column(String(254))
    staff_id: Mapped[uuid.UUID]
    cause: Mapped[SlowedFor] = mapped_column(OneOf(SlowedFor, 8))
    reply_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    by: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    until: Mapped[datetime | None]
    came: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    mail_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    end_reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "by"),
        belongs_to("staff", "ended_by"),
        belongs_to("replies", "reply_id"),
        CheckConstraint("cause IN ('flood', 'threat', 'person')", name="cause_is_known"),
        Index("uq_slowed_senders_open", "school_id", "address", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_slowed_senders_at", "school_id", "at"),
        Index("ix_slowed_senders_due", "mail_at", postgresql_where=text("ended_at IS NULL AND mail_at IS NOT NULL")),
    )


class ReplyStudent(SchoolRow, Model):
    """That a reply is about a child, until it was moved, and whether somebody who teaches them has seen it.

    ``shared_by``: the contact who wrote it opened it to everybody who cares for the child, at ``shared_at``.
    """

    __tablename__ = "reply_students"

    reply_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    line_id: Mapped[uuid.UUID]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[uuid.UUID | None]
    moved_at: Mapped[datetime | None]
    shared_by: Mapped[uuid.UUID | None]
    shared_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("students", "student_id"),
        belongs_to("lines", "line_id"),
        Index("ix_reply_students_student", "school_id", "student_id"),
        Index("ix_reply_students_reply", "school_id", "reply_id"),
    )


class PictureState(StrEnum):
    """Where a picture that came with words stands: still at the carrier, kept, or why it is not."""

    WAITING = "waiting"
    KEPT = "kept"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    GONE = "gone"


class ReplyPicture(SchoolRow, Model):
    """A picture that came with words. ``url`` is where it lies at the carrier, and is fetched from ``fetch_at`` on.

    "mail:2" is the third thing that hung on the mail itself, which is stored whole.

    ``content`` is a JPEG of our own making, without anything hidden in it; None unless it is kept.
    """

    __tablename__ = "reply_pictures"

    reply_id: Mapped[uuid.UUID]
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[PictureState] = mapped_column(OneOf(PictureState, 12))
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    fetch_at: Mapped[datetime | None]
    media_type: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        CheckConstraint(
            "state IN ('waiting', 'kept', 'too_large', 'unreadable', 'gone')",
            name="state_is_known",
        ),
        CheckConstraint("(state = 'kept') = (content IS NOT NULL)", name="kept_with_its_content"),
        CheckConstraint("(state = 'waiting') = (fetch_at IS NOT NULL)", name="waits_for_a_moment"),
        Index("ix_reply_pictures_reply", "school_id", "reply_id"),
        Index("ix_reply_pictures_due", "fetch_at", postgresql_where=text("fetch_at IS NOT NULL")),
    )


class QuestionKind(StrEnum):
    """What the service asks a family."""

    WHICH_CHILD = "which_child"
    STOP = "stop"


class FamilyQuestion(SchoolRow, Model):
    """A question to a phone about words that wait (``reply_id``): answered by number or name, or it expires.

    ``student_ids`` are the choices in their order; the number after the last stands for all. ``outcome`` says how it
    closed: answered, none, expired, person.
    """

    __tablename__ = "family_questions"

    reply_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    sender_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[QuestionKind] = mapped_column(OneOf(QuestionKind, 12))
    student_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("contacts", "contact_id"),
        CheckConstraint("kind IN ('which_child', 'stop')", name="kind_is_known"),
        Index("ix_family_questions_open", "school_id", "address", postgresql_where=text("closed_at IS NULL")),
        Index("ix_family_questions_expires", "expires_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_family_questions_reply", "school_id", "reply_id"),
    )


class ReplyMove(SchoolRow, Model):
    """That a person moved a reply to other children, or said who wrote it: staff alone see it. Append-only."""

    __tablename__ = "reply_moves"

    reply_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    from_student_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    to_student_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    from_contact_id: Mapped[uuid.UUID | None]
    to_contact_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_reply_moves_reply", "school_id", "reply_id", "at"),
    )


class ChildAnswer(SchoolRow, Model):
    """What a child answered when a reply was read to them: a ``card`` (a picture) or words; ``staff_id`` wrote it down.

    Append-only, once each. ``alert_id``: these words went to the people named for safety, and go to no home.
    ``alone``: the child pointed at it alone, at a device ``staff_id`` handed over; ``at_school``: and chose that it
    goes to no home.
    """

    __tablename__ = "child_answers"

    reply_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    card: Mapped[str | None] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    alert_id: Mapped[uuid.UUID | None]
    alone: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    at_school: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("safety_alerts", "alert_id"),
        UniqueConstraint("school_id", "reply_id", "student_id"),
        Index(
            "uq_child_answers_alert",
            "school_id",
            "alert_id",
            unique=True,
            postgresql_where=text("alert_id IS NOT NULL"),
        ),
    )


class ReplyAnswer(SchoolRow, Model):
    """That a message answered a reply. Append-only."""

    __tablename__ = "reply_answers"

    reply_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("replies", "reply_id"),
        belongs_to("messages", "message_id"),
        Index("ix_reply_answers_reply", "school_id", "reply_id"),
        Index("uq_reply_answers_message", "school_id", "message_id", unique=True),
    )


class AnswerWords(SchoolRow, Model):
    """Short words a member of staff keeps for other answers, until they drop them."""

    __tablename__ = "answer_words"

    staff_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"), Index("ix_answer_words_staff", "school_id", "staff_id")
    )
