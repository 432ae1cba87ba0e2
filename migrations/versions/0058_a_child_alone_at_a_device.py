"""A child fills their part of a page alone, at a device that an adult handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    """Apply: a new table, and a column with a constant default; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "book_sittings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_book_sittings_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_sittings")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_book_sittings_school_id_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "book_id"], ["books.school_id", "books.id"], name=op.f("fk_book_sittings_school_id_book_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_book_sittings_school_id_staff_id")
        ),
    )
    op.execute("ALTER TABLE book_sittings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_sittings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON book_sittings "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON book_sittings FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON book_sittings TO commsbridge_app")
    op.execute("ALTER TABLE book_entries ADD COLUMN IF NOT EXISTS by_child boolean NOT NULL DEFAULT false")
