"""Staff phones proven by a code, what the bot has asked them, and prompts by text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply: two walled tables, and columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "staff_phones",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=20), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_school_row("staff_phones"),
    )
    op.create_index("ix_staff_phones_staff", "staff_phones", ["school_id", "staff_id"])
    op.create_index(
        "uq_staff_phones_proven",
        "staff_phones",
        ["school_id", "address"],
        unique=True,
        postgresql_where=sa.text("verified_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "text_talks",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("student_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("as_link", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("step IN ('which', 'confirm', 'change')", name=op.f("ck_text_talks_step_is_known")),
        *_school_row("text_talks"),
    )
    op.create_index("ix_text_talks_address", "text_talks", ["school_id", "address", "asked_at"])
    for table in ("staff_phones", "text_talks"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.add_column(
        "prompt_schedules", sa.Column("by_text", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("prompts", sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True))


def _school_row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f(f"fk_{table}_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )
