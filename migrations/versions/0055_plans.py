"""Plans: what home and school agreed to do for a child, each version whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0055"
down_revision = "0054"

MOMENTS = (
    "praise",
    "welcome",
    "notice",
    "reply",
    "answer",
    "staff_note",
    "gate",
    "call",
    "wish",
    "sent",
    "arrived",
    "did_not_arrive",
    "uncertain",
    "held",
    "cancelled",
    "undone",
    "seen",
    "moved",
    "corrected",
    "other_way",
    "concern",
    "book",
    "read_at_home",
    "told_child",
    "read_to_child",
    "support",
    "hui",
    "plan",
)


def upgrade() -> None:
    """Apply: four new tables and one moment more; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "plans",
        *_own(),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("plans", student_id="students", begun_by="staff"),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index("uq_plans_open", "plans", ["school_id", "student_id"], unique=True, postgresql_where=still_open)
    op.create_table(
        "plan_versions",
        *_own(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_plan_versions_one_writes")),
        sa.UniqueConstraint("school_id", "plan_id", "number", name=op.f("uq_plan_versions_school_id_plan_id_number")),
        *_keys("plan_versions", plan_id="plans", staff_id="staff", contact_id="contacts"),
    )
    op.create_table(
        "plan_signatures",
        *_own(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_plan_signatures_one_signs")),
        *_keys("plan_signatures", plan_id="plans", staff_id="staff", contact_id="contacts", written_by="staff"),
    )
    op.create_index("ix_plan_signatures_plan", "plan_signatures", ["school_id", "plan_id", "at"])
    op.create_table(
        "plan_praises",
        *_own(),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "school_id",
            "plan_id",
            "item_id",
            "message_id",
            name=op.f("uq_plan_praises_school_id_plan_id_item_id_message_id"),
        ),
        *_keys("plan_praises", plan_id="plans", message_id="messages", staff_id="staff"),
    )
    for table in ("plans", "plan_versions", "plan_signatures", "plan_praises"):
        _wall(table)
    # A plan ends; all else of it is only added to.
    op.execute("GRANT UPDATE ON plans TO commsbridge_app")
    known = ", ".join(f"'{moment}'" for moment in MOMENTS)
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({known})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")


def _own() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
    )


def _keys(table: str, **belongs: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_{table}_school_id_{column}")
            )
            for column, to in belongs.items()
        ),
    )


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY school_wall ON {table} "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO commsbridge_app")
