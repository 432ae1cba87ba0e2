"""Praise that is written now and goes later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A walled table; the carrier's door sees which school has something due, and nothing of what."""
    op.create_table(
        "later_praises",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("as_link", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("together_id", sa.Uuid(), nullable=True),
        sa.Column("goes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'gone', 'cancelled', 'stopped')", name=op.f("ck_later_praises_state_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_later_praises_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_later_praises_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "phrase_id"],
            ["phrases.school_id", "phrases.id"],
            name=op.f("fk_later_praises_school_id_phrase_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "message_id"],
            ["messages.school_id", "messages.id"],
            name=op.f("fk_later_praises_school_id_message_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_later_praises_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_later_praises")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_later_praises_school_id_id")),
    )
    op.create_index("ix_later_praises_student", "later_praises", ["school_id", "student_id", "state"])
    op.create_index(
        "ix_later_praises_goes_at", "later_praises", ["goes_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("uq_later_praises_once_key", "later_praises", ["school_id", "once_key"], unique=True)
    op.execute("ALTER TABLE later_praises ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE later_praises FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON later_praises "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON later_praises FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("CREATE POLICY carrier ON later_praises FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON later_praises TO commsbridge_app")
    op.execute("GRANT SELECT (school_id, state, goes_at) ON later_praises TO commsbridge_carrier")
