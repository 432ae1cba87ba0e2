"""Groups that a teacher keeps, and prompts about one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

TABLES = ("student_groups", "group_members")


def upgrade() -> None:
    """Apply: two walled tables, and a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "student_groups",
        *_school_row("student_groups"),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("student_groups", "staff", "staff_id"),
    )
    op.create_index("ix_student_groups_staff", "student_groups", ["school_id", "staff_id"])
    op.create_table(
        "group_members",
        *_school_row("group_members"),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        _belongs("group_members", "student_groups", "group_id"),
        _belongs("group_members", "students", "student_id"),
        sa.UniqueConstraint(
            "school_id", "group_id", "student_id", name=op.f("uq_group_members_school_id_group_id_student_id")
        ),
    )
    op.create_index("ix_group_members_student", "group_members", ["school_id", "student_id"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("GRANT DELETE ON group_members TO commsbridge_app")
    op.add_column("prompt_schedules", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE prompt_schedules ADD CONSTRAINT fk_prompt_schedules_school_id_group_id "
        "FOREIGN KEY (school_id, group_id) REFERENCES student_groups (school_id, id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE prompt_schedules ADD CONSTRAINT ck_prompt_schedules_group_alone "
        "CHECK (group_id IS NULL OR (class_id IS NULL AND student_id IS NULL)) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE prompt_schedules VALIDATE CONSTRAINT fk_prompt_schedules_school_id_group_id")
        op.execute("ALTER TABLE prompt_schedules VALIDATE CONSTRAINT ck_prompt_schedules_group_alone")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_prompt_schedules_one_for_each")  # half made, if stopped
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_prompt_schedules_one_for_each ON prompt_schedules "
            "(school_id, staff_id, coalesce(class_id, student_id, group_id, '00000000-0000-0000-0000-000000000000')) "
            "WHERE ended_at IS NULL"
        )
        # The one before it allows less than the one above: nothing that either refused can have come in.
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_prompt_schedules_one_each")


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
