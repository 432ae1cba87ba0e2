"""Prompts that come on another day or time, once, or not at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Apply: one walled table."""
    op.create_table(
        "prompt_moves",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "schedule_id"],
            ["prompt_schedules.school_id", "prompt_schedules.id"],
            name=op.f("fk_prompt_moves_school_id_schedule_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_prompt_moves_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_moves")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_prompt_moves_school_id_id")),
        sa.UniqueConstraint(
            "school_id", "schedule_id", "from_on", name=op.f("uq_prompt_moves_school_id_schedule_id_from_on")
        ),
    )
    op.execute("ALTER TABLE prompt_moves ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE prompt_moves FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON prompt_moves "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON prompt_moves FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON prompt_moves TO commsbridge_app")
