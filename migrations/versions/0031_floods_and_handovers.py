"""A phone is told once that a person reads; floods are counted; a conversation is handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Apply: a walled table, a column nobody must fill, and an index made beside the traffic."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "handovers",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column], [f"{owner}.school_id", f"{owner}.id"], name=f"fk_handovers_school_id_{column}"
            )
            for column, owner in {"contact_id": "contacts", "staff_id": "staff", "given_by": "staff"}.items()
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_handovers_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.UniqueConstraint("school_id", "id", name="uq_handovers_school_id_id"),
    )
    op.create_index(
        "uq_handovers_open", "handovers", ["school_id", "contact_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.execute("ALTER TABLE handovers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE handovers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON handovers "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON handovers FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON handovers TO commsbridge_app")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_replies_from", "replies", ["school_id", "from_address", "received_at"],
            postgresql_concurrently=True, if_not_exists=True,
        )  # fmt: skip
