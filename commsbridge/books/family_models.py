"""Nouns of a contact's own page: devices that proved themselves, codes, words only they know, and what they wrote."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class BookWriting(SchoolRow, Model):
    """What a contact wrote to have the book's words in full by text, and who kept it at school. Append-only."""

    __tablename__ = "book_writings"

    contact_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text)
    written_on: Mapped[date]
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_book_writings_contact", "school_id", "contact_id", "at"),
    )


class FamilyDevice(SchoolRow, Model):
    """A device on which a contact proved who they are; only the digest of its secret is kept."""

    __tablename__ = "family_devices"

    contact_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]
    confirmed_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        Index("ix_family_devices_contact", "school_id", "contact_id"),
    )


class FamilyCode(SchoolRow, Model):
    """A code on its way to the phone or mail of a contact, for one link; only its digest is kept."""

    __tablename__ = "family_codes"

    contact_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    used_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        Index("ix_family_codes_contact", "school_id", "contact_id", "made_at"),
    )


class FamilyWord(SchoolRow, Model):
    """A word only a contact knows, asked for beside the code; ``sealed`` is its hash, ``misses`` counts wrong guesses.

    ``ended_by`` is who ended it at school when it was forgotten.
    """

    __tablename__ = "family_words"

    contact_id: Mapped[uuid.UUID]
    sealed: Mapped[str] = mapped_column(Text)
    misses: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "ended_by"),
        Index(
            "uq_family_words_standing",
            "school_id",
            "contact_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class FamilyClosing(SchoolRow, Model):
    """That every link and device of a contact was closed; those that were there before open nothing. Append-only."""

    __tablename__ = "family_closings"

    contact_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    staff_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_family_closings_contact", "school_id", "contact_id", "at"),
    )
