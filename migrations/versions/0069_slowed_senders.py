"""Who floods or threatens is slowed: what comes from there is read first by one person, with a history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
_KEYS = {"staff_id": "staff", "by": "staff", "ended_by": "staff", "reply_id": "replies"}


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Apply: a walled table, and columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("told_to", sa.Uuid(), nullable=True))
    op.add_column("promise_rules", sa.Column("slowed_id", sa.Uuid(), nullable=True))
    op.create_table(
        "slowed_senders",
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(8), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        _moment("at", nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        _moment("until"),
        sa.Column("came", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("mail_at"),
        _moment("mailed_at"),
        _moment("ended_at"),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("cause IN ('flood', 'threat', 'person')", name=op.f("ck_slowed_senders_cause_is_known")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{owner}.school_id", f"{owner}.id"],
                name=f"fk_slowed_senders_school_id_{column}",
            )
            for column, owner in _KEYS.items()
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_slowed_senders_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slowed_senders"),
        sa.UniqueConstraint("school_id", "id", name="uq_slowed_senders_school_id_id"),
    )
    op.create_index(
        "uq_slowed_senders_open", "slowed_senders", ["school_id", "address"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_slowed_senders_at", "slowed_senders", ["school_id", "at"])
    op.create_index(
        "ix_slowed_senders_due", "slowed_senders", ["mail_at"],
        postgresql_where=sa.text("ended_at IS NULL AND mail_at IS NOT NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE slowed_senders ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE slowed_senders FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON slowed_senders "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON slowed_senders FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("CREATE POLICY carrier ON slowed_senders FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON slowed_senders TO commsbridge_app")
    op.execute("GRANT SELECT (school_id, ended_at, mail_at) ON slowed_senders TO commsbridge_carrier")
    op.execute(
        "ALTER TABLE promise_rules ADD CONSTRAINT fk_promise_rules_school_id_slowed_id "
        "FOREIGN KEY (school_id, slowed_id) REFERENCES staff (school_id, id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE promise_rules VALIDATE CONSTRAINT fk_promise_rules_school_id_slowed_id")
