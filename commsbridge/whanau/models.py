"""Nouns of whānau: contacts, households, guardianship and its limits, ways to reach, wishes, and the consent ledger."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Channel(StrEnum):
    """Ways a message can reach a person; the last four are carried by a person, not by a carrier."""

    TEXT = "text"
    EMAIL = "email"
    CALL = "call"
    SLIP = "slip"
    VIDEO = "video"
    INTERPRETER = "interpreter"


CARRIED = (Channel.TEXT, Channel.EMAIL)


class MayMessage(StrEnum):
    """Whether a contact may be messaged about a child: ``ask`` is held until a person confirms."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


class WayState(StrEnum):
    """Whether a way to reach somebody can be used."""

    OK = "ok"
    HELD = "held"
    WRONG = "wrong"
    NOT_TEXTABLE = "not_textable"


class Household(SchoolRow, Model):
    """A home. Two homes of one child never see each other's words, nor that the other exists."""

    __tablename__ = "households"

    label: Mapped[str] = mapped_column(String(60), server_default="", default="")
    __table_args__ = within_school()


class Contact(SchoolRow, Model):
    """A person of a child's whānau. ``name_key`` is the name folded; ``greeting`` a form of address a person typed.

    ``welcomed_at`` is set when the first message, always the welcome, was written. ``no_answers``: others may read
    their phone, so that what they write about somebody’s safety gets no answer by itself.
    """

    __tablename__ = "contacts"

    household_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(160))
    greeting: Mapped[str | None] = mapped_column(String(60))
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    note: Mapped[str] = mapped_column(String(240), server_default="", default="")
    no_answers: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    welcomed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = within_school(
        belongs_to("households", "household_id"), Index("ix_contacts_name_key", "school_id", "name_key")
    )


class LanguageAsked(SchoolRow, Model):
    """The language a contact asked for, with its dates: mi, en, both, or the name of any other (NZSL among them)."""

    __tablename__ = "languages_asked"

    contact_id: Mapped[uuid.UUID]
    language: Mapped[str] = mapped_column(String(60))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    asked_by_family: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"), Index("ix_languages_asked_contact", "school_id", "contact_id")
    )


class Way(SchoolRow, Model):
    """A way to reach a contact, in the order they like; ``address`` is E.164 for text and call, or a mail address.

    Rank 1 is tried first; rank 0 is a way they no longer have, kept because old messages went there.
    """

    __tablename__ = "ways"

    contact_id: Mapped[uuid.UUID]
    channel: Mapped[Channel] = mapped_column(OneOf(Channel, 12))
    address: Mapped[str | None] = mapped_column(String(254))
    rank: Mapped[int]
    state: Mapped[WayState] = mapped_column(OneOf(WayState, 14), server_default="ok", default=WayState.OK)
    why: Mapped[str | None] = mapped_column(String(40))
    changed_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        Index("ix_ways_contact", "school_id", "contact_id"),
        Index("ix_ways_address", "school_id", "address"),
        CheckConstraint(
            "channel IN ('text', 'email', 'call', 'slip', 'video', 'interpreter')", name="channel_is_known"
        ),
        CheckConstraint("channel NOT IN ('text', 'email') OR address IS NOT NULL", name="carried_has_address"),
    )


class RungNumber(SchoolRow, Model):
    """That somebody at school rang a number on file (``rung``) and heard that ``address`` is that contact's, too.

    Append-only: staff who keep contacts see it. ``channel`` is the way that was kept then; ``rung`` is "face_to_face"
    where they said it themselves.
    """

    __tablename__ = "rung_numbers"

    contact_id: Mapped[uuid.UUID]
    rung: Mapped[str] = mapped_column(String(254))
    channel: Mapped[Channel] = mapped_column(OneOf(Channel, 12))
    address: Mapped[str] = mapped_column(String(254))
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_rung_numbers_contact", "school_id", "contact_id", "at"),
    )


class Guardianship(SchoolRow, Model):
    """A contact of a child, from and to dates: the relationship, and whether they may be messaged about this child.

    ``limit_reason`` says why not; only learning support and leaders may read it, or that the limit exists.
    """

    __tablename__ = "guardianships"

    contact_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    relationship: Mapped[str] = mapped_column(String(60))
    may_message: Mapped[MayMessage] = mapped_column(OneOf(MayMessage, 4))
    limit_reason: Mapped[str | None] = mapped_column(Text)
    primary: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("students", "student_id"),
        Index("ix_guardianships_student", "school_id", "student_id"),
        Index("ix_guardianships_contact", "school_id", "contact_id"),
        CheckConstraint("may_message IN ('yes', 'no', 'ask')", name="may_message_is_known"),
    )


class Pause(SchoolRow, Model):
    """A quiet time for a family or a child (tangihanga, crisis, a wish): nothing cheerful goes.

    On a ``hard_day`` praise alone waits; one ``for_safety`` began when a message worried: neither is the family's wish,
    and neither is ever shown to them.
    """

    __tablename__ = "pauses"

    student_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    from_at: Mapped[datetime]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    asked_by_family: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    hard_day: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    for_safety: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    begun_by: Mapped[uuid.UUID | None]
    ended_by: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("contacts", "contact_id"),
        CheckConstraint("(student_id IS NULL) <> (contact_id IS NULL)", name="one_subject"),
        Index("ix_pauses_student", "school_id", "student_id"),
        Index("ix_pauses_contact", "school_id", "contact_id"),
    )


class PhotoPermission(SchoolRow, Model):
    """Whether photos that show a child may go home, who said so, and when; append-only, the newest stands.

    ``written_by`` is who wrote it down.
    """

    __tablename__ = "photo_permissions"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    student_id: Mapped[uuid.UUID]
    given: Mapped[bool]
    said_by: Mapped[str] = mapped_column(String(120))
    said_on: Mapped[date]
    written_by: Mapped[uuid.UUID | None]
    written_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "written_by"),
        Index("ix_photo_permissions_student", "school_id", "student_id", "number"),
    )


class ConsentKind(StrEnum):
    """What the consent ledger records."""

    STOP = "stop"
    START = "start"
    UNSUBSCRIBE = "unsubscribe"
    RESUBSCRIBE = "resubscribe"
    HELP = "help"
    AGREED = "agreed"
    WISH = "wish"
    WISH_ENDED = "wish_ended"
    PAUSE = "pause"
    PAUSE_ENDED = "pause_ended"
    HOURS = "hours"


class ConsentEntry(SchoolRow, Model):
    """One line of the consent ledger: who said what about which way, how we know, and when. Append-only.

    ``wording`` is the version of the sentences by which they had been told how to stop; ``staff_id`` who wrote it down,
    where that was a person at school; ``wish`` and ``student_id`` what a finer wish was, and about whom.
    """

    __tablename__ = "consent_entries"

    at: Mapped[datetime]
    kind: Mapped[ConsentKind] = mapped_column(OneOf(ConsentKind, 12))
    contact_id: Mapped[uuid.UUID | None]
    channel: Mapped[Channel | None] = mapped_column(OneOf(Channel, 12))
    address: Mapped[str | None] = mapped_column(String(254))
    sender_id: Mapped[uuid.UUID | None]
    evidence: Mapped[str] = mapped_column(String(40))
    evidence_id: Mapped[uuid.UUID | None]
    wording: Mapped[str | None] = mapped_column(String(20))
    staff_id: Mapped[uuid.UUID | None]
    wish: Mapped[str | None] = mapped_column(String(20))
    student_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("students", "student_id"),
        Index("ix_consent_entries_address", "school_id", "address", "at"),
        Index("ix_consent_entries_contact", "school_id", "contact_id", "at"),
    )


class WishKind(StrEnum):
    """Finer wishes: what a contact likes to hear, about whom, from whom not, which weekends are theirs, being asked."""

    PRAISE_ONLY = "praise_only"
    URGENT_ONLY = "urgent_only"
    ONLY_ABOUT = "only_about"
    WEEKEND_REST = "weekend_rest"
    FRIDAY_EVENING = "friday_evening"
    QUESTIONS = "questions"
    NOT_FROM = "not_from"


class Wish(SchoolRow, Model):
    """A finer wish from one moment to another; ``student_id`` for ONLY_ABOUT, ``staff_id`` for NOT_FROM alone."""

    __tablename__ = "wishes"

    contact_id: Mapped[uuid.UUID]
    kind: Mapped[WishKind] = mapped_column(OneOf(WishKind, 20))
    student_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    from_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked_by_family: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("students", "student_id"),
        belongs_to("staff", "staff_id"),
        CheckConstraint("(kind = 'only_about') = (student_id IS NOT NULL)", name="only_about_names_a_child"),
        CheckConstraint("(kind = 'not_from') = (staff_id IS NOT NULL)", name="not_from_names_a_person"),
        Index("ix_wishes_contact", "school_id", "contact_id"),
    )


class HomeShowing(SchoolRow, Model):
    """That a home asks to be named to another home of a child, or not any more. Append-only: the latest stands.

    ``home`` is its household, or the contact who is of none.
    """

    __tablename__ = "home_showings"

    student_id: Mapped[uuid.UUID]
    home: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    asks: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("contacts", "contact_id"),
        Index("ix_home_showings_student", "school_id", "student_id", "at"),
    )
