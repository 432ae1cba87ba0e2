"""Whānau voice: that a school asks, each term's questions, who was asked, and answers that lead back to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Apply: four walled tables; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _pulses()
    _rounds()
    _asks()
    _answers()
    for table in ("pulses", "pulse_rounds", "pulse_asks", "pulse_answers"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON pulses, pulse_rounds, pulse_asks TO commsbridge_app")
    op.execute("GRANT SELECT, INSERT ON pulse_answers TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON pulses FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, ended_at, next_at) ON pulses TO commsbridge_carrier")


def _pulses() -> None:
    op.create_table(
        "pulses",
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_own("pulses"),
        _to("pulses", "staff", "begun_by"),
        _to("pulses", "staff", "ended_by"),
    )
    goes_on = sa.text("ended_at IS NULL")
    op.create_index("uq_pulses_one_goes_on", "pulses", ["school_id"], unique=True, postgresql_where=goes_on)
    op.create_index("ix_pulses_due", "pulses", ["next_at"], postgresql_where=goes_on)


def _rounds() -> None:
    op.create_table(
        "pulse_rounds",
        sa.Column("term_on", sa.Date(), nullable=False),
        sa.Column("first", sa.String(length=20), nullable=False),
        sa.Column("second", sa.String(length=20), nullable=False),
        sa.Column("went_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        *_own("pulse_rounds"),
        sa.UniqueConstraint("school_id", "term_on", name=op.f("uq_pulse_rounds_school_id_term_on")),
    )


def _asks() -> None:
    op.create_table(
        "pulse_asks",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("second_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_own("pulse_asks"),
        _to("pulse_asks", "pulse_rounds", "round_id"),
        _to("pulse_asks", "contacts", "contact_id"),
        _to("pulse_asks", "deliveries", "delivery_id"),
        sa.UniqueConstraint(
            "school_id", "round_id", "contact_id", name=op.f("uq_pulse_asks_school_id_round_id_contact_id")
        ),
    )
    op.create_index("ix_pulse_asks_address", "pulse_asks", ["school_id", "address", "asked_at"])
    op.create_index("ix_pulse_asks_contact", "pulse_asks", ["school_id", "contact_id", "asked_at"])


def _answers() -> None:
    op.create_table(
        "pulse_answers",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        *_own("pulse_answers"),
        _to("pulse_answers", "pulse_rounds", "round_id"),
        sa.CheckConstraint("score BETWEEN 1 AND 4", name=op.f("ck_pulse_answers_score_is_known")),
        sa.CheckConstraint(
            "language IN ('mi', 'en', 'both', 'other')", name=op.f("ck_pulse_answers_language_is_known")
        ),
    )
    op.create_index("ix_pulse_answers_round", "pulse_answers", ["school_id", "round_id", "question"])


def _to(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column],
        [f"{target}.school_id", f"{target}.id"],
        name=op.f(f"fk_{table}_school_id_{column}"),
    )


def _own(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns and keys of every row of a school."""
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )
