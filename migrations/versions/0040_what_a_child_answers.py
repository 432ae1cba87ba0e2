"""What a child answers to good news from home that was read to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Apply: one new table; the version before this one knows nothing of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "child_answers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_child_answers_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_answers")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_child_answers_school_id_id")),
        sa.UniqueConstraint(
            "school_id", "reply_id", "student_id", name=op.f("uq_child_answers_school_id_reply_id_student_id")
        ),
        _belongs("replies", "reply_id"),
        _belongs("students", "student_id"),
        _belongs("staff", "staff_id"),
    )
    op.execute("ALTER TABLE child_answers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE child_answers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON child_answers "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON child_answers FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON child_answers TO commsbridge_app")


def _belongs(to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_child_answers_school_id_{column}")
    )
