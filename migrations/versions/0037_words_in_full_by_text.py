"""What a contact wrote to have the book's words in full by text, and who kept it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Apply: one new table; the version before this one knows nothing of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "book_writings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_book_writings_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_writings")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_book_writings_school_id_id")),
        _belongs("contacts", "contact_id"),
        _belongs("staff", "staff_id"),
    )
    op.create_index("ix_book_writings_contact", "book_writings", ["school_id", "contact_id", "at"])
    op.execute("ALTER TABLE book_writings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE book_writings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON book_writings "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON book_writings FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON book_writings TO commsbridge_app")


def _belongs(to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_book_writings_school_id_{column}")
    )
