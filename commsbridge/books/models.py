"""Nouns of the communication book: the book, its sections, a day's page, what was written there, and who agreed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school

Pair = list[str]


class Rhythm(StrEnum):
    """How often a page is written: each school day, on certain weekdays, once a week."""

    DAILY = "daily"
    SOME_DAYS = "some_days"
    WEEKLY = "weekly"


class Holds(StrEnum):
    """What a section holds: free words, quick ticks, or how a goal went, on four steps."""

    WORDS = "words"
    TICKS = "ticks"
    GOAL = "goal"


class Whose(StrEnum):
    """Whose voice a section is."""

    SCHOOL = "school"
    CHILD = "child"


class Sees(StrEnum):
    """Who sees what a child said, as the child chose: nobody but school, one home, every home, the hui."""

    TEACHER = "teacher"
    ONE_HOME = "one_home"
    HOMES = "homes"
    HUI = "hui"


class Book(SchoolRow, Model):
    """A communication book about one child. Each title is a pair in English and te reo Māori.

    ``days`` has a bit for each weekday, Monday the lowest, where the rhythm names days. ``agreement`` is what home and
    school agreed about how, what and when; whenever its words change it gets the next ``agreement_number``.
    """

    __tablename__ = "books"

    student_id: Mapped[uuid.UUID]
    title_en: Mapped[str] = mapped_column(String(60))
    title_mi: Mapped[str] = mapped_column(String(60))
    rhythm: Mapped[Rhythm] = mapped_column(OneOf(Rhythm, 10))
    days: Mapped[int] = mapped_column(server_default=text("31"), default=31)
    agreement: Mapped[str] = mapped_column(Text, server_default="", default="")
    agreement_number: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    begun_by: Mapped[uuid.UUID]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("staff", "begun_by"),
        CheckConstraint("rhythm IN ('daily', 'some_days', 'weekly')", name="rhythm_is_known"),
        CheckConstraint("days BETWEEN 1 AND 31", name="days_are_weekdays"),
        Index("ix_books_student", "school_id", "student_id"),
    )


class BookSection(SchoolRow, Model):
    """A place on every page of a book. ``options`` are the ticks, each a pair in English and te reo Māori.

    Of a ``good`` section the first line may go in a text. One that has ended stands on old pages alone.
    """

    __tablename__ = "book_sections"

    book_id: Mapped[uuid.UUID]
    title_en: Mapped[str] = mapped_column(String(80))
    title_mi: Mapped[str] = mapped_column(String(80))
    holds: Mapped[Holds] = mapped_column(OneOf(Holds, 8))
    whose: Mapped[Whose] = mapped_column(OneOf(Whose, 8))
    good: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    options: Mapped[list[Pair]] = mapped_column(JSONB, server_default=text("'[]'"), default=list)
    place: Mapped[int]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("books", "book_id"),
        CheckConstraint("holds IN ('words', 'ticks', 'goal')", name="holds_is_known"),
        CheckConstraint("whose IN ('school', 'child')", name="whose_is_known"),
        Index("ix_book_sections_book", "school_id", "book_id", "place"),
    )


class BookTemplate(SchoolRow, Model):
    """A template as a school has it: ``sections`` as in data/templates.json; no book begins from a retired one."""

    __tablename__ = "book_templates"

    key: Mapped[str] = mapped_column(String(30))
    title_en: Mapped[str] = mapped_column(String(60))
    title_mi: Mapped[str] = mapped_column(String(60))
    about_en: Mapped[str] = mapped_column(String(200))
    about_mi: Mapped[str] = mapped_column(String(200))
    sections: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    changed_by: Mapped[uuid.UUID]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = within_school(belongs_to("staff", "changed_by"), UniqueConstraint("school_id", "key"))


class BookCommitment(SchoolRow, Model):
    """What the school promises every home that has a book, in both languages. Append-only: the newest stands."""

    __tablename__ = "book_commitments"

    number: Mapped[int]
    words_en: Mapped[str] = mapped_column(Text)
    words_mi: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"), Index("ix_book_commitments_number", "school_id", "number")
    )


class BookSignature(SchoolRow, Model):
    """That somebody agreed to the words of an agreement: a member of staff, or a contact. Append-only.

    ``written_by`` is who wrote it down where a contact said so in person.
    """

    __tablename__ = "book_signatures"

    book_id: Mapped[uuid.UUID]
    number: Mapped[int]
    staff_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    written_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("books", "book_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "written_by"),
        CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_signs"),
        Index("ix_book_signatures_book", "school_id", "book_id", "number"),
    )


class BookPage(SchoolRow, Model):
    """One day of a book. ``home_at`` is when it went home: from then on nothing on it changes.

    ``message_id`` is the message by which it went.
    """

    __tablename__ = "book_pages"

    book_id: Mapped[uuid.UUID]
    on_day: Mapped[date]
    began_at: Mapped[datetime]
    home_at: Mapped[datetime | None]
    home_by: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("books", "book_id"),
        belongs_to("staff", "home_by"),
        belongs_to("messages", "message_id"),
        UniqueConstraint("school_id", "book_id", "on_day"),
        Index("ix_book_pages_message", "school_id", "message_id"),
    )


class BookEntry(SchoolRow, Model):
    """What stood in one section of a page after one save; the highest ``number`` stands, the others are its history.

    Append-only. ``ticked`` are the places of the options; ``step`` 1 to 4 is how a goal went. Of the child's own words
    ``sees`` says who sees them, ``household_id`` which home where it is one. ``staff_id`` wrote it, or wrote it down.
    ``alert_id``: it went to the people named for safety; until they let it stand it stands for nobody. ``by_child``:
    the child entered it alone, on a device that ``staff_id`` handed over. ``once_key``: the form that brought it.
    """

    __tablename__ = "book_entries"

    page_id: Mapped[uuid.UUID]
    section_id: Mapped[uuid.UUID]
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    ticked: Mapped[list[int]] = mapped_column(JSONB, server_default=text("'[]'"), default=list)
    step: Mapped[int | None]
    sees: Mapped[Sees | None] = mapped_column(OneOf(Sees, 10))
    household_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    alert_id: Mapped[uuid.UUID | None]
    by_child: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    once_key: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = within_school(
        belongs_to("safety_alerts", "alert_id"),
        belongs_to("book_pages", "page_id"),
        belongs_to("book_sections", "section_id"),
        belongs_to("households", "household_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "page_id", "section_id", "number"),
        Index(
            "uq_book_entries_alert", "school_id", "alert_id", unique=True, postgresql_where=text("alert_id IS NOT NULL")
        ),
        CheckConstraint("step BETWEEN 1 AND 4", name="step_is_one_of_four"),
        CheckConstraint("sees IN ('teacher', 'one_home', 'homes', 'hui')", name="sees_is_known"),
        CheckConstraint("(sees = 'one_home') = (household_id IS NOT NULL) OR sees IS NULL", name="one_home_is_named"),
    )


class BookCorrection(SchoolRow, Model):
    """What stands beside a page after it went home: it is never changed itself. Append-only.

    ``alert_id``: these words went to the people named for safety, and go to no home.
    """

    __tablename__ = "book_corrections"

    page_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    alert_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("safety_alerts", "alert_id"),
        belongs_to("book_pages", "page_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "contact_id"),
        Index(
            "uq_book_corrections_alert",
            "school_id",
            "alert_id",
            unique=True,
            postgresql_where=text("alert_id IS NOT NULL"),
        ),
        CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name="one_writes"),
        Index("ix_book_corrections_page", "school_id", "page_id", "at"),
    )


class Comes(StrEnum):
    """How a contact likes the book to come: each page, once a day, once a week, or only on their own page."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class BookWish(SchoolRow, Model):
    """How the book comes to a contact, from one moment to another.

    ``tells_none``: they wish to be told of a day without a page. ``whole``: they asked in writing for all of its words
    by text.
    """

    __tablename__ = "book_wishes"

    contact_id: Mapped[uuid.UUID]
    comes: Mapped[Comes] = mapped_column(OneOf(Comes, 8))
    tells_none: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    whole: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    from_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("contacts", "contact_id"),
        CheckConstraint("comes IN ('each', 'daily', 'weekly', 'never')", name="comes_is_known"),
        Index(
            "uq_book_wishes_standing",
            "school_id",
            "contact_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class BookPhoto(SchoolRow, Model):
    """A photo on a page; it goes home with the page, and then stays as the page does."""

    __tablename__ = "book_photos"

    page_id: Mapped[uuid.UUID]
    photo_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("book_pages", "page_id"),
        belongs_to("photos", "photo_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "page_id", "photo_id"),
        UniqueConstraint("school_id", "photo_id"),
    )


class BookLook(SchoolRow, Model):
    """When somebody should look next whether the page of a day was written; None once its book has ended."""

    __tablename__ = "book_looks"

    book_id: Mapped[uuid.UUID]
    look_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("books", "book_id"),
        UniqueConstraint("school_id", "book_id"),
        Index("ix_book_looks_due", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )


class BookMissed(SchoolRow, Model):
    """A day on which a page was due and none was written in time.

    ``staff_id`` was asked once, ``told_at`` is when home was told, ``left_out_by`` said that there is none.
    """

    __tablename__ = "book_missed"

    book_id: Mapped[uuid.UUID]
    on_day: Mapped[date]
    staff_id: Mapped[uuid.UUID | None]
    noticed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    left_out_by: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("books", "book_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "left_out_by"),
        UniqueConstraint("school_id", "book_id", "on_day"),
    )


class BookHomeward(SchoolRow, Model):
    """A page that goes to a contact with their next digest, at ``due_at``."""

    __tablename__ = "book_homeward"

    page_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("book_pages", "page_id"),
        belongs_to("contacts", "contact_id"),
        Index("ix_book_homeward_due", "due_at", postgresql_where=text("done_at IS NULL")),
    )


class BookRead(SchoolRow, Model):
    """That somebody at home pressed "I have read this", or that they told the child. Append-only, once each."""

    __tablename__ = "book_reads"

    page_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    told_child: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("book_pages", "page_id"),
        belongs_to("contacts", "contact_id"),
        UniqueConstraint("school_id", "page_id", "contact_id", "told_child"),
    )
