"""Targets of children, a school's rules of prompts, schedules for a class or child, and late prompts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Apply: two walled tables, and columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "contact_targets",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("has_book", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("times BETWEEN 1 AND 10", name=op.f("ck_contact_targets_times_are_sane")),
        sa.UniqueConstraint("school_id", "student_id", name=op.f("uq_contact_targets_school_id_student_id")),
        *_school_row("contact_targets", {"student_id": "students", "changed_by": "staff"}),
    )
    op.create_table(
        "prompt_rules",
        sa.Column("usual_times", sa.Integer(), nullable=False),
        sa.Column("book_times", sa.Integer(), nullable=False),
        sa.Column("late", sa.String(length=4), nullable=False),
        sa.CheckConstraint(
            "usual_times BETWEEN 1 AND 10 AND book_times BETWEEN 1 AND 10", name=op.f("ck_prompt_rules_times_are_sane")
        ),
        sa.CheckConstraint("late IN ('drop', 'move')", name=op.f("ck_prompt_rules_late_is_known")),
        sa.UniqueConstraint("school_id", name=op.f("uq_prompt_rules_school_id")),
        *_school_row("prompt_rules", {}),
    )
    for table in ("contact_targets", "prompt_rules"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    for column in ("class_id", "student_id"):
        op.add_column("prompt_schedules", sa.Column(column, sa.Uuid(), nullable=True))
    op.add_column("prompt_schedules", sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prompts", sa.Column("late", sa.String(length=4), nullable=True))
    for column, owner in (("class_id", "classes"), ("student_id", "students")):
        op.execute(
            f"ALTER TABLE prompt_schedules ADD CONSTRAINT fk_prompt_schedules_school_id_{column} "
            f"FOREIGN KEY (school_id, {column}) REFERENCES {owner} (school_id, id) NOT VALID"
        )
    op.execute(
        "ALTER TABLE prompt_schedules ADD CONSTRAINT ck_prompt_schedules_one_narrowing "
        "CHECK (class_id IS NULL OR student_id IS NULL) NOT VALID"
    )
    op.execute("ALTER TABLE prompts ADD CONSTRAINT ck_prompts_late_is_known CHECK (late IN ('drop', 'move')) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE prompt_schedules VALIDATE CONSTRAINT fk_prompt_schedules_school_id_class_id")
        op.execute("ALTER TABLE prompt_schedules VALIDATE CONSTRAINT fk_prompt_schedules_school_id_student_id")
        op.execute("ALTER TABLE prompt_schedules VALIDATE CONSTRAINT ck_prompt_schedules_one_narrowing")
        op.execute("ALTER TABLE prompts VALIDATE CONSTRAINT ck_prompts_late_is_known")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_prompt_schedules_one_each ON prompt_schedules "
            "(school_id, staff_id, coalesce(class_id, student_id, '00000000-0000-0000-0000-000000000000')) "
            "WHERE ended_at IS NULL"
        )
        # The one before it allows less than the one above: nothing that either refused can have come in.
        op.execute("DROP INDEX CONCURRENTLY ix_prompt_schedules_one_each")


def _school_row(table: str, owners: dict[str, str]) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{owner}.school_id", f"{owner}.id"],
                name=op.f(f"fk_{table}_school_id_{column}"),
            )
            for column, owner in owners.items()
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )
