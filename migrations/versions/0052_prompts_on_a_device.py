"""Prompts as notices on a teacher's own devices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

TABLES = ("staff_devices", "prompt_pushes")


def upgrade() -> None:
    """Apply: two walled tables, and a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "staff_devices",
        *_school_row("staff_devices"),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("names", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("staff_devices", "staff", "staff_id"),
    )
    op.create_index("ix_staff_devices_staff", "staff_devices", ["school_id", "staff_id"])
    in_use = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_staff_devices_endpoint", "staff_devices", ["school_id", "endpoint"], unique=True, postgresql_where=in_use
    )
    op.create_table(
        "prompt_pushes",
        *_school_row("prompt_pushes"),
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("prompt_pushes", "prompts", "prompt_id"),
        _belongs("prompt_pushes", "staff_devices", "device_id"),
        sa.UniqueConstraint(
            "school_id", "prompt_id", "device_id", name=op.f("uq_prompt_pushes_school_id_prompt_id_device_id")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'late')", name=op.f("ck_prompt_pushes_state_is_known")
        ),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_prompt_pushes_waiting", "prompt_pushes", ["due_at", "school_id"], postgresql_where=waiting)
    op.create_index("ix_prompt_pushes_device", "prompt_pushes", ["school_id", "device_id"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON prompt_pushes FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, state, due_at) ON prompt_pushes TO commsbridge_carrier")
    op.add_column(
        "prompt_schedules", sa.Column("by_push", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


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
