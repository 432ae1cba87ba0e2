"""Who rang which number on file before a new one was kept, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"


def upgrade() -> None:
    """Apply: a walled table that is only added to."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "rung_numbers",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.String(254), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column], [f"{owner}.school_id", f"{owner}.id"], name=f"fk_rung_numbers_school_id_{column}"
            )
            for column, owner in {"contact_id": "contacts", "staff_id": "staff"}.items()
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_rung_numbers_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rung_numbers"),
        sa.UniqueConstraint("school_id", "id", name="uq_rung_numbers_school_id_id"),
    )
    op.create_index("ix_rung_numbers_contact", "rung_numbers", ["school_id", "contact_id", "at"])
    op.execute("ALTER TABLE rung_numbers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rung_numbers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON rung_numbers "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON rung_numbers FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON rung_numbers TO commsbridge_app")
