"""Days on which a page was due and none was written: when to look, who was asked, and when home was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

TABLES = ("book_looks", "book_missed")


def upgrade() -> None:
    """Apply: new tables alone; the version before this one knows nothing of them."""
    op.create_table(
        "book_looks",
        *_school_row("book_looks"),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("book_looks", "books", "book_id"),
        sa.UniqueConstraint("school_id", "book_id", name=op.f("uq_book_looks_school_id_book_id")),
    )
    op.create_index("ix_book_looks_due", "book_looks", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.create_table(
        "book_missed",
        *_school_row("book_missed"),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_out_by", sa.Uuid(), nullable=True),
        _belongs("book_missed", "books", "book_id"),
        _belongs("book_missed", "staff", "staff_id"),
        _belongs("book_missed", "staff", "left_out_by"),
        sa.UniqueConstraint("school_id", "book_id", "on_day", name=op.f("uq_book_missed_school_id_book_id_on_day")),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON book_looks FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, look_at) ON book_looks TO commsbridge_carrier")


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
