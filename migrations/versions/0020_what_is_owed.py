"""Promises: what asks something is owed an answer; the weekdays and the absences of whoever holds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

STEPS = ("found", "asked", "passed", "assigned", "reminded", "raised", "kept")
HOW = "kept_how IN ('answered', 'talked', 'not_needed')"
GRANTS = {
    "absences": "SELECT, INSERT, UPDATE",
    "promises": "SELECT, INSERT, UPDATE",
    "promise_steps": "SELECT, INSERT",
    "promise_rules": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    """Apply: four walled tables, and a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("staff", sa.Column("working_days", sa.Integer(), server_default=sa.text("31"), nullable=False))
    op.execute(
        "ALTER TABLE staff ADD CONSTRAINT ck_staff_working_days_are_weekdays "
        "CHECK (working_days BETWEEN 1 AND 31) NOT VALID"
    )
    op.create_table(
        "absences",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        *_own("absences"),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absences_days_in_order")),
        *_keys("absences", {"staff_id": "staff", "stand_in_id": "staff"}),
    )
    op.create_index("ix_absences_staff", "absences", ["school_id", "staff_id", "from_on"])
    op.create_table(
        "promises",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed_minutes", sa.Integer(), nullable=False),
        sa.Column("spent_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_how", sa.String(length=12), nullable=True),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("took_minutes", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        *_own("promises"),
        sa.CheckConstraint(HOW, name=op.f("ck_promises_kept_how_is_known")),
        sa.CheckConstraint("(kept_at IS NULL) = (kept_how IS NULL)", name=op.f("ck_promises_kept_somehow")),
        *_keys("promises", {"reply_id": "replies", "holder_id": "staff", "message_id": "messages"}),
        sa.UniqueConstraint("school_id", "reply_id", name=op.f("uq_promises_school_id_reply_id")),
    )
    is_open = sa.text("kept_at IS NULL")
    op.create_index("ix_promises_open", "promises", ["school_id", "holder_id"], postgresql_where=is_open)
    op.create_index("ix_promises_look", "promises", ["look_at"], postgresql_where=is_open)
    op.create_index("ix_promises_asked", "promises", ["school_id", "asked_at"])
    op.create_table(
        "promise_steps",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("kept_how", sa.String(length=12), nullable=True),
        *_own("promise_steps"),
        sa.CheckConstraint(f"step IN ({', '.join(map(repr, STEPS))})", name=op.f("ck_promise_steps_step_is_known")),
        *_keys("promise_steps", {"promise_id": "promises", "staff_id": "staff", "to_id": "staff"}),
    )
    op.create_index("ix_promise_steps_promise", "promise_steps", ["school_id", "promise_id", "number"])
    op.create_table(
        "promise_rules",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("named_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledges", sa.Text(), nullable=False),
        *_own("promise_rules"),
        sa.CheckConstraint("days BETWEEN 1 AND 5", name=op.f("ck_promise_rules_days_are_few")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_promise_rules_opens_before_it_closes")),
        sa.CheckConstraint(
            "acknowledges IN ('never', 'free', 'always')", name=op.f("ck_promise_rules_acknowledges_is_known")
        ),
        *_keys("promise_rules", {"named_id": "staff"}),
        sa.UniqueConstraint("school_id", name=op.f("uq_promise_rules_school_id")),
    )
    for table, verbs in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT {verbs} ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON promises FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, kept_at, look_at) ON promises TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE staff VALIDATE CONSTRAINT ck_staff_working_days_are_weekdays")


def _own(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns and keys of every row of a school."""
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )


def _keys(table: str, owners: dict[str, str]) -> list[sa.Constraint]:
    """Keys within the school."""
    return [
        sa.ForeignKeyConstraint(
            ["school_id", column],
            [f"{owner}.school_id", f"{owner}.id"],
            name=op.f(f"fk_{table}_school_id_{column}"),
        )
        for column, owner in owners.items()
    ]
