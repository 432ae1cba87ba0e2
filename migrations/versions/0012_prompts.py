"""Prompts: schedules, the times the clock looks up, what was asked and about whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WALLED = ("prompt_schedules", "prompts", "prompted_children")


def upgrade() -> None:
    """Apply: new tables alone; the version before this one knows nothing of them."""
    op.create_table(
        "prompt_times",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_prompt_times_school_id")),
        sa.PrimaryKeyConstraint("school_id", "weekday", "at", name=op.f("pk_prompt_times")),
    )
    op.create_table(
        "prompt_schedules",
        *_school_row("prompt_schedules"),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("prompt_schedules", "staff", "staff_id"),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name=op.f("ck_prompt_schedules_days_are_weekdays")),
        sa.CheckConstraint("how_many BETWEEN 1 AND 3", name=op.f("ck_prompt_schedules_how_many_is_few")),
    )
    op.create_index(
        "ix_prompt_schedules_one_each",
        "prompt_schedules",
        ["school_id", "staff_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "prompts",
        *_school_row("prompts"),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("prompts", "prompt_schedules", "schedule_id"),
        _belongs("prompts", "staff", "staff_id"),
        sa.UniqueConstraint("school_id", "schedule_id", "due_at", name=op.f("uq_prompts_school_id_schedule_id_due_at")),
    )
    op.create_index("ix_prompts_staff", "prompts", ["school_id", "staff_id", "due_at"])
    op.create_table(
        "prompted_children",
        *_school_row("prompted_children"),
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("concerns", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        _belongs("prompted_children", "prompts", "prompt_id"),
        _belongs("prompted_children", "students", "student_id"),
        sa.UniqueConstraint(
            "school_id", "prompt_id", "student_id", name=op.f("uq_prompted_children_school_id_prompt_id_student_id")
        ),
        sa.CheckConstraint(
            "answer IN ('not_today', 'away', 'later', 'someone_else', 'gate')",
            name=op.f("ck_prompted_children_answer_is_known"),
        ),
    )
    op.create_index("ix_prompted_children_student", "prompted_children", ["school_id", "student_id"])
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON prompt_times TO commsbridge_app")


def _school_row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )


def _belongs(table: str, to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_{table}_school_id_{column}")
    )
