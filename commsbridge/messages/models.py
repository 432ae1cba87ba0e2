"""Nouns of the way out: phrases, messages, deliveries (which are the outbox), what happened to each, and receipts."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class PhraseKind(StrEnum):
    """What a phrase says: what went well, or what home and school can both work on, which never goes by text."""

    PRAISE = "praise"
    WORK_ON = "work_on"


class Phrase(SchoolRow, Model):
    """A sentence of the school's bank, written whole in each language with {name} as the only slot.

    Words that were sent never change: a phrase that has been used is retired, and a new one takes its place.
    """

    __tablename__ = "phrases"

    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[PhraseKind] = mapped_column(OneOf(PhraseKind, 8), server_default="praise", default=PhraseKind.PRAISE)
    value: Mapped[str] = mapped_column(String(40))
    setting: Mapped[str] = mapped_column(String(20))
    text_en: Mapped[str] = mapped_column(String(200))
    text_mi: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    checked_by: Mapped[str | None] = mapped_column(String(120))
    checked_on: Mapped[date | None]
    check_note: Mapped[str | None] = mapped_column(Text)
    retired_at: Mapped[datetime | None]
    __table_args__ = within_school(
        UniqueConstraint("school_id", "key"),
        CheckConstraint("kind IN ('praise', 'work_on')", name="kind_is_known"),
    )


class MessageKind(StrEnum):
    """What a message is for."""

    PRAISE = "praise"
    WELCOME = "welcome"
    NOTICE = "notice"
    WORK_ON = "work_on"
    ANSWER = "answer"
    CONSENT = "consent"
    STAFF = "staff"
    CONCERN = "concern"
    BOOK = "book"
    OWN_PAGE = "own_page"
    PULSE = "pulse"
    HUI = "hui"
    ON_PAGE = "on_page"


class Shows(StrEnum):
    """What a photo shows: work without faces, or the child alone."""

    WORK = "work"
    CHILD = "child"


class Photo(SchoolRow, Model):
    """A photo about one child, as it was made anew: ``content`` is a JPEG without anything hidden in it.

    ``alt`` says what it shows, for whoever cannot see it. One ``in_book`` stays as long as its page does.
    """

    __tablename__ = "photos"

    student_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID | None]
    shows: Mapped[Shows] = mapped_column(OneOf(Shows, 8))
    alt: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
    in_book: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    made_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        CheckConstraint("shows IN ('work', 'child')", name="shows_is_known"),
        Index("ix_photos_student", "school_id", "student_id"),
    )


class Message(SchoolRow, Model):
    """Written once, by one person, about at most one child. ``once_key`` makes a form sent twice one message.

    ``together_id`` is shared by praise for several children that was written as one.
    """

    __tablename__ = "messages"

    kind: Mapped[MessageKind] = mapped_column(OneOf(MessageKind, 10))
    staff_id: Mapped[uuid.UUID | None]
    student_id: Mapped[uuid.UUID | None]
    phrase_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    as_link: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    once_key: Mapped[str | None] = mapped_column(String(64))
    together_id: Mapped[uuid.UUID | None]
    photo_id: Mapped[uuid.UUID | None]
    line_id: Mapped[uuid.UUID | None]
    notice_id: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime]
    undo_until: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("students", "student_id"),
        belongs_to("phrases", "phrase_id"),
        belongs_to("lines", "line_id"),
        belongs_to("photos", "photo_id"),
        belongs_to("notices", "notice_id"),
        Index("ix_messages_notice", "school_id", "notice_id", postgresql_where=text("notice_id IS NOT NULL")),
        Index("ix_messages_student", "school_id", "student_id", "made_at"),
        Index("ix_messages_made_at", "school_id", "made_at"),
        Index("uq_messages_once_key", "school_id", "once_key", unique=True),
        Index("ix_messages_together", "school_id", "together_id", postgresql_where=text("together_id IS NOT NULL")),
    )


class Audience(StrEnum):
    """To whom a notice goes."""

    FAMILY = "family"
    GROUP = "group"
    CLASS = "class"
    SCHOOL = "school"


class Notice(SchoolRow, Model):
    """A note to a family, a group, a class or the school, written once; each child has its own message.

    ``audience_id`` is the child's, the group's or the class's; ``reason`` says why it was urgent; ``people`` how many
    it went to.
    """

    __tablename__ = "notices"

    staff_id: Mapped[uuid.UUID]
    audience: Mapped[Audience] = mapped_column(OneOf(Audience, 10))
    audience_id: Mapped[uuid.UUID | None]
    words_en: Mapped[str] = mapped_column(Text)
    words_mi: Mapped[str] = mapped_column(Text)
    urgent: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(240))
    people: Mapped[int]
    once_key: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        CheckConstraint("audience IN ('family', 'group', 'class', 'school')", name="audience_is_known"),
        CheckConstraint("NOT urgent OR reason IS NOT NULL", name="urgent_has_a_reason"),
        Index("ix_notices_made_at", "school_id", "made_at"),
        Index("uq_notices_once_key", "school_id", "once_key", unique=True),
    )


class LaterState(StrEnum):
    """Where praise that was written to go later stands."""

    WAITING = "waiting"
    GONE = "gone"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class LaterPraise(SchoolRow, Model):
    """Praise written to go later: nothing is sent, and nothing stands in the log, until ``goes_at``.

    It may be changed until then. ``message_id`` is what it became; ``why`` says why it was stopped instead.
    ``together_id`` is shared by praise for several children that was written as one.
    """

    __tablename__ = "later_praises"

    staff_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    phrase_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    as_link: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    te_reo_first: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    once_key: Mapped[str | None] = mapped_column(String(64))
    together_id: Mapped[uuid.UUID | None]
    photo_id: Mapped[uuid.UUID | None]
    goes_at: Mapped[datetime]
    state: Mapped[LaterState] = mapped_column(OneOf(LaterState, 10))
    why: Mapped[str | None] = mapped_column(String(40))
    message_id: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("students", "student_id"),
        belongs_to("phrases", "phrase_id"),
        belongs_to("messages", "message_id"),
        belongs_to("photos", "photo_id"),
        CheckConstraint("state IN ('waiting', 'gone', 'cancelled', 'stopped')", name="state_is_known"),
        Index("ix_later_praises_student", "school_id", "student_id", "state"),
        Index("ix_later_praises_goes_at", "goes_at", postgresql_where=text("state = 'waiting'")),
        Index("uq_later_praises_once_key", "school_id", "once_key", unique=True),
    )


class State(StrEnum):
    """Where a delivery stands; the plain words for each are in messages.states."""

    QUEUED = "queued"
    HELD = "held"
    BY_HAND = "by_hand"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class Lane(StrEnum):
    """Order of going, first to last."""

    URGENT = "urgent"
    CONVERSATION = "conversation"
    NORMAL = "normal"
    BULK = "bulk"


LANE_RANK = {Lane.URGENT: 0, Lane.CONVERSATION: 1, Lane.NORMAL: 2, Lane.BULK: 3}


class Awaits(StrEnum):
    """Which te reo Māori a held delivery waits for: a speaker's check of its wordings, or a translator's words."""

    CHECK = "check"
    TRANSLATION = "translation"


class Delivery(SchoolRow, Model):
    """One message to one person one way: the words, the address, and how far it has come. This table is the queue.

    ``lane`` is the rank of a Lane (0 first); ``urgent``: no hours hold it, whatever its lane; ``units`` the text
    segments (mail: 1); ``due_at`` when it may go at the earliest; ``expires_at`` after which it is too late to be good
    news; ``rank`` the highest receipt seen;
    ``logged_state`` the state the partnership log was last told: the carrier's door may not write the log itself.
    ``after_id`` names the delivery that must have left before it: the welcome is always first. ``photo_id`` is the
    photo that a mail carries within; ``calendar``: it brings the hui it is about as a file for a calendar.
    ``carried_by_id`` names the text that brings the same words to the same phone already; ``instead_of_id`` the one
    that did not arrive another way. ``may_turn``: should it fail, another way is looked for, once. ``awaits`` says
    which te reo a held one waits for, whatever else may hold it meanwhile, and ``awaits_until`` for how long.
    ``asked_at`` is when the carrier was last asked for a report that had not come.
    """

    __tablename__ = "deliveries"

    message_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str | None] = mapped_column(String(254))
    sender_id: Mapped[uuid.UUID | None]
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    units: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    lane: Mapped[int] = mapped_column(server_default=text("2"), default=2)
    urgent: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    state: Mapped[State] = mapped_column(OneOf(State, 10))
    why: Mapped[str | None] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(40))
    held_until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    carrier_id: Mapped[str | None] = mapped_column(String(120))
    rank: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    line_id: Mapped[uuid.UUID | None]
    after_id: Mapped[uuid.UUID | None]
    carried_by_id: Mapped[uuid.UUID | None]
    instead_of_id: Mapped[uuid.UUID | None]
    may_turn: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    photo_id: Mapped[uuid.UUID | None]
    calendar: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    logged_state: Mapped[str | None] = mapped_column(String(10))
    awaits: Mapped[Awaits | None] = mapped_column(OneOf(Awaits, 12))
    awaits_until: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("messages", "message_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("lines", "line_id"),
        belongs_to("photos", "photo_id"),
        belongs_to("deliveries", "after_id"),
        belongs_to("deliveries", "carried_by_id"),
        belongs_to("deliveries", "instead_of_id"),
        CheckConstraint(
            "state IN ('queued', 'held', 'by_hand', 'sending', 'sent', 'delivered', 'failed', 'uncertain', "
            "'cancelled')",
            name="state_is_known",
        ),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("(awaits IS NULL) = (awaits_until IS NULL)", name="awaits_until_a_time"),
        CheckConstraint("awaits IN ('check', 'translation')", name="awaits_is_known"),
        CheckConstraint("state <> 'queued' OR (sender_id IS NOT NULL AND address IS NOT NULL)", name="queued_can_go"),
        Index(
            "ix_deliveries_waiting",
            "sender_id",
            "lane",
            "school_id",
            "due_at",
            "id",
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_deliveries_queued", "lane", "due_at", postgresql_where=text("state = 'queued'")),
        Index("ix_deliveries_expiring", "expires_at", "school_id", postgresql_where=text("state = 'queued'")),
        Index("ix_deliveries_sending", "lease_until", postgresql_where=text("state = 'sending'")),
        Index("ix_deliveries_held", "held_until", postgresql_where=text("state = 'held'")),
        Index("ix_deliveries_uncertain", "settled_at", postgresql_where=text("state = 'uncertain'")),
        Index(
            "ix_deliveries_unlogged",
            "school_id",
            postgresql_where=text("logged_state IS DISTINCT FROM state AND state IN ('sent', 'failed', 'uncertain')"),
        ),
        Index("ix_deliveries_turning", "school_id", postgresql_where=text("state = 'failed' AND may_turn")),
        Index(
            "ix_deliveries_carried_by",
            "school_id",
            "carried_by_id",
            postgresql_where=text("carried_by_id IS NOT NULL"),
        ),
        Index("ix_deliveries_made_at", "made_at", postgresql_using="brin"),
        Index("ix_deliveries_message", "school_id", "message_id"),
        Index("ix_deliveries_contact", "school_id", "contact_id", "made_at"),
        Index("ix_deliveries_address", "school_id", "address", "made_at"),
        {"postgresql_with": {"fillfactor": "80", "autovacuum_vacuum_scale_factor": "0.02"}},
    )


class DeliveryReceipt(SchoolRow, Model):
    """A carrier's report about a delivery, once per distinct report. Append-only."""

    __tablename__ = "delivery_receipts"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    delivery_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(String(160))
    arrival: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("deliveries", "delivery_id"), UniqueConstraint("school_id", "delivery_id", "key")
    )


class AlarmKind(StrEnum):
    """What a school is told of once."""

    FAILURES = "failures"
    BULK_STOPPED = "bulk_stopped"
    QUEUE_OLD = "queue_old"
    UNCERTAIN = "uncertain"
    SENDER = "sender"
    BUDGET_NEAR = "budget_near"
    BUDGET_REACHED = "budget_reached"


class Alarm(SchoolRow, Model):
    """Something about sending that a school was told of, from one moment to another; ``subject`` is a sender's id."""

    __tablename__ = "alarms"

    kind: Mapped[AlarmKind] = mapped_column(OneOf(AlarmKind, 20))
    subject: Mapped[str] = mapped_column(String(36))
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        Index("uq_alarms_open", "school_id", "kind", "subject", unique=True, postgresql_where=text("ended_at IS NULL")),
    )
