"""The communication book: books, their sections, pages, what was written there, and who agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

CHANGED = ("books", "book_sections", "book_templates", "book_pages")
APPENDED = ("book_signatures", "book_entries", "book_corrections")


def upgrade() -> None:
    """Apply: new tables alone; the version before this one knows nothing of them."""
    _books()
    _pages()
    for table in (*CHANGED, *APPENDED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT{', UPDATE' if table in CHANGED else ''} ON {table} TO commsbridge_app")


def _books() -> None:
    op.create_table(
        "books",
        *_school_row("books"),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("title_en", sa.String(length=60), nullable=False),
        sa.Column("title_mi", sa.String(length=60), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), server_default=sa.text("31"), nullable=False),
        sa.Column("agreement", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("agreement_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("books", "students", "student_id"),
        _belongs("books", "staff", "begun_by"),
        sa.CheckConstraint("rhythm IN ('daily', 'some_days', 'weekly')", name=op.f("ck_books_rhythm_is_known")),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name=op.f("ck_books_days_are_weekdays")),
    )
    op.create_index("ix_books_student", "books", ["school_id", "student_id"])
    op.create_table(
        "book_sections",
        *_school_row("book_sections"),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("title_en", sa.String(length=80), nullable=False),
        sa.Column("title_mi", sa.String(length=80), nullable=False),
        sa.Column("holds", sa.String(length=8), nullable=False),
        sa.Column("whose", sa.String(length=8), nullable=False),
        sa.Column("good", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("options", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("book_sections", "books", "book_id"),
        sa.CheckConstraint("holds IN ('words', 'ticks', 'goal')", name=op.f("ck_book_sections_holds_is_known")),
        sa.CheckConstraint("whose IN ('school', 'child')", name=op.f("ck_book_sections_whose_is_known")),
    )
    op.create_index("ix_book_sections_book", "book_sections", ["school_id", "book_id", "place"])
    op.create_table(
        "book_templates",
        *_school_row("book_templates"),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("title_en", sa.String(length=60), nullable=False),
        sa.Column("title_mi", sa.String(length=60), nullable=False),
        sa.Column("about_en", sa.String(length=200), nullable=False),
        sa.Column("about_mi", sa.String(length=200), nullable=False),
        sa.Column("sections", JSONB(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("book_templates", "staff", "changed_by"),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_book_templates_school_id_key")),
    )
    op.create_table(
        "book_signatures",
        *_school_row("book_signatures"),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("book_signatures", "books", "book_id"),
        _belongs("book_signatures", "staff", "staff_id"),
        _belongs("book_signatures", "contacts", "contact_id"),
        _belongs("book_signatures", "staff", "written_by"),
        sa.CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_book_signatures_one_signs")),
    )
    op.create_index("ix_book_signatures_book", "book_signatures", ["school_id", "book_id", "number"])


def _pages() -> None:
    op.create_table(
        "book_pages",
        *_school_row("book_pages"),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("home_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("home_by", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        _belongs("book_pages", "books", "book_id"),
        _belongs("book_pages", "staff", "home_by"),
        _belongs("book_pages", "messages", "message_id"),
        sa.UniqueConstraint("school_id", "book_id", "on_day", name=op.f("uq_book_pages_school_id_book_id_on_day")),
    )
    op.create_index("ix_book_pages_message", "book_pages", ["school_id", "message_id"])
    op.create_table(
        "book_entries",
        *_school_row("book_entries"),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ticked", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("sees", sa.String(length=10), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("book_entries", "book_pages", "page_id"),
        _belongs("book_entries", "book_sections", "section_id"),
        _belongs("book_entries", "households", "household_id"),
        _belongs("book_entries", "staff", "staff_id"),
        sa.UniqueConstraint(
            "school_id",
            "page_id",
            "section_id",
            "number",
            name=op.f("uq_book_entries_school_id_page_id_section_id_number"),
        ),
        sa.CheckConstraint("step BETWEEN 1 AND 4", name=op.f("ck_book_entries_step_is_one_of_four")),
        sa.CheckConstraint(
            "sees IN ('teacher', 'one_home', 'homes', 'hui')", name=op.f("ck_book_entries_sees_is_known")
        ),
        sa.CheckConstraint(
            "(sees = 'one_home') = (household_id IS NOT NULL) OR sees IS NULL",
            name=op.f("ck_book_entries_one_home_is_named"),
        ),
    )
    op.create_table(
        "book_corrections",
        *_school_row("book_corrections"),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("book_corrections", "book_pages", "page_id"),
        _belongs("book_corrections", "staff", "staff_id"),
        _belongs("book_corrections", "contacts", "contact_id"),
        sa.CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_book_corrections_one_writes")),
    )
    op.create_index("ix_book_corrections_page", "book_corrections", ["school_id", "page_id", "at"])


def _school_row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )


def _belongs(table: str, to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_{table}_school_id_{column}")
    )
