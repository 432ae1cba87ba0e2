"""A page of the book may hold a voice note, with its words beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    """Apply: a new table; the version before this one knows nothing of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "book_sounds",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_book_sounds_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_sounds")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_book_sounds_school_id_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "page_id"],
            ["book_pages.school_id", "book_pages.id"],
            name=op.f("fk_book_sounds_school_id_page_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_book_sounds_school_id_staff_id")
        ),
    )
    op.create_index("ix_book_sounds_page", "book_sounds", ["school_id", "page_id"])
    op.execute("ALTER TABLE book_sounds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_sounds FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON book_sounds "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON book_sounds FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, DELETE ON book_sounds TO commsbridge_app")
