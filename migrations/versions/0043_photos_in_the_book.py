"""Photos on the pages of a book."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Apply: a column with a constant default rewrites nothing, and a new table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("photos", sa.Column("in_book", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "book_photos",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_book_photos_school_id")),
        _belongs("book_pages", "page_id"),
        _belongs("photos", "photo_id"),
        _belongs("staff", "staff_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_photos")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_book_photos_school_id_id")),
        sa.UniqueConstraint("school_id", "page_id", "photo_id", name=op.f("uq_book_photos_school_id_page_id_photo_id")),
        sa.UniqueConstraint("school_id", "photo_id", name=op.f("uq_book_photos_school_id_photo_id")),
    )
    op.execute("ALTER TABLE book_photos ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_photos FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON book_photos "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON book_photos FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, DELETE ON book_photos TO commsbridge_app")


def _belongs(to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_book_photos_school_id_{column}")
    )
