"""Nouns of a copy that somebody asked for: the copy, and each entry that a named person looks at before it goes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class AskedCopy(SchoolRow, Model):
    """A copy of what is held, for one contact: ``authority`` says how the named person knew that they may have it."""

    __tablename__ = "asked_copies"

    contact_id: Mapped[uuid.UUID]
    authority: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    begun_by: Mapped[uuid.UUID]
    begun_at: Mapped[datetime]
    released_by: Mapped[uuid.UUID | None]
    released_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "begun_by"),
        belongs_to("staff", "released_by"),
        Index(
            "uq_asked_copies_open", "school_id", "contact_id", unique=True, postgresql_where=text("released_at IS NULL")
        ),
    )


class AskedItem(SchoolRow, Model):
    """One entry of a copy, as it stood when the copy was begun. ``blanked`` are the places of the words taken out.

    ``number`` counts the looks: whoever saw another number saw something else. The words themselves never change.
    Of an entry that is a photo, a picture, a voice note or a child's own voice one of the four names it; its words say
    what it is.
    """

    __tablename__ = "asked_items"

    copy_id: Mapped[uuid.UUID]
    place: Mapped[int]
    on_day: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    blanked: Mapped[list[int]] = mapped_column(JSONB)
    left_out: Mapped[bool]
    number: Mapped[int]
    looked_by: Mapped[uuid.UUID | None]
    looked_at: Mapped[datetime | None]
    photo_id: Mapped[uuid.UUID | None]
    sound_id: Mapped[uuid.UUID | None]
    picture_id: Mapped[uuid.UUID | None]
    voice_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("asked_copies", "copy_id"),
        belongs_to("staff", "looked_by"),
        belongs_to("photos", "photo_id"),
        belongs_to("book_sounds", "sound_id"),
        belongs_to("reply_pictures", "picture_id"),
        belongs_to("child_sounds", "voice_id"),
        CheckConstraint("num_nonnulls(photo_id, sound_id, picture_id) <= 1", name="one_file"),
        UniqueConstraint("school_id", "copy_id", "place"),
    )
