"""Screening for safety: whom a school named, and what went to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

STATES = ("filed", "parked", "asked", "command", "automatic", "not_ours", "safety")


def upgrade() -> None:
    """Apply: two walled tables, columns nobody must fill, and one more state of a reply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contacts", sa.Column("no_answers", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("pauses", sa.Column("for_safety", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("replies", sa.Column("unread", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    named = ", ".join(f"'{state}'" for state in STATES)
    # The one that follows allows all it did, and one more.
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE replies DROP CONSTRAINT ck_replies_state_is_known")
    op.execute(f"ALTER TABLE replies ADD CONSTRAINT ck_replies_state_is_known CHECK (state IN ({named})) NOT VALID")
    op.create_table(
        "safety_watches",
        sa.Column("screens", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("NOT screens OR lead_id <> deputy_id", name=op.f("ck_safety_watches_two_people_named")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name=op.f("ck_safety_watches_minutes_that_help")),
        sa.UniqueConstraint("school_id", name=op.f("uq_safety_watches_school_id")),
        *_keys("safety_watches", {"lead_id": "staff", "deputy_id": "staff"}),
    )
    op.create_table(
        "safety_alerts",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("student_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("pause_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("outcome IN ('filed', 'kept')", name=op.f("ck_safety_alerts_outcome_is_known")),
        sa.CheckConstraint("(outcome IS NULL) = (reason IS NULL)", name=op.f("ck_safety_alerts_decided_with_a_reason")),
        sa.UniqueConstraint("school_id", "reply_id", name=op.f("uq_safety_alerts_school_id_reply_id")),
        *_keys("safety_alerts", {"reply_id": "replies", "opened_by": "staff", "decided_by": "staff"}),
    )
    due = sa.text("next_at IS NOT NULL")
    op.create_index("ix_safety_alerts_due", "safety_alerts", ["next_at"], postgresql_where=due)
    for table in ("safety_watches", "safety_alerts"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON safety_alerts FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, next_at) ON safety_alerts TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE replies VALIDATE CONSTRAINT ck_replies_state_is_known")


def _keys(table: str, owners: dict[str, str]) -> list[sa.Constraint]:
    """What every table of a school has: its keys, within the school."""
    return [
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
    ]
