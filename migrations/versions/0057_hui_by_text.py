"""Hui by text alone: questions about the table, what whānau say beforehand, and next steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    """Apply: one new table; when the owners of a step were reminded, and when home was asked how it went."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_steps", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "hui_questions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("about", sa.String(length=14), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_hui_questions_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hui_questions")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_hui_questions_school_id_id")),
        _belongs("hui", "hui_id"),
        _belongs("contacts", "contact_id"),
        _belongs("deliveries", "delivery_id"),
        sa.CheckConstraint(
            "about IN ('person', 'kaitakawaenga', 'voice', 'point', 'due', 'why', 'went')",
            name=op.f("ck_hui_questions_about_is_known"),
        ),
    )
    op.create_index(
        "ix_hui_questions_open",
        "hui_questions",
        ["school_id", "address", "asked_at"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index("ix_hui_questions_hui", "hui_questions", ["school_id", "hui_id"])
    op.execute("ALTER TABLE hui_questions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hui_questions FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON hui_questions "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON hui_questions FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON hui_questions TO commsbridge_app")


def _belongs(to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_hui_questions_school_id_{column}")
    )
