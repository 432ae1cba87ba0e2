"""A template can be retired, and a school says what it promises every home that has a book."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Apply: a column that may be empty, and a table; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("book_templates", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "book_commitments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("words_mi", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_book_commitments_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"],
            ["staff.school_id", "staff.id"],
            name=op.f("fk_book_commitments_school_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_commitments")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_book_commitments_school_id_id")),
    )
    op.create_index("ix_book_commitments_number", "book_commitments", ["school_id", "number"])
    op.execute("ALTER TABLE book_commitments ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_commitments FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON book_commitments "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON book_commitments FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON book_commitments TO commsbridge_app")
