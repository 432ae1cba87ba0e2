"""Alarms about sending, and a day of deliveries found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply: a table, and a small index beside the others."""
    op.create_table(
        "alarms",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_alarms_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_alarms_school_id_id")),
    )
    op.create_index(
        "uq_alarms_open",
        "alarms",
        ["school_id", "kind", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute("ALTER TABLE alarms ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE alarms FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON alarms "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON alarms FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON alarms TO commsbridge_app")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_deliveries_made_at",
            "deliveries",
            ["made_at"],
            postgresql_using="brin",
            postgresql_concurrently=True,
            if_not_exists=True,
        )
