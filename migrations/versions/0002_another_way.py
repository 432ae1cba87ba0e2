"""Another way: what did not arrive goes the other way once, and the same words go to one phone once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENTS = (
    "praise", "welcome", "notice", "reply", "answer", "staff_note", "gate", "call", "wish", "sent", "arrived",
    "did_not_arrive", "uncertain", "held", "cancelled", "undone", "seen", "moved", "corrected", "other_way",
)  # fmt: skip


def upgrade() -> None:
    """Apply: columns nobody must fill, keys checked after they hold, and a moment more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("deliveries", sa.Column("carried_by_id", sa.Uuid(), nullable=True))
    op.add_column("deliveries", sa.Column("instead_of_id", sa.Uuid(), nullable=True))
    op.add_column("deliveries", sa.Column("may_turn", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    for column in ("carried_by_id", "instead_of_id"):
        op.execute(
            f"ALTER TABLE deliveries ADD CONSTRAINT fk_deliveries_school_id_{column} "
            f"FOREIGN KEY (school_id, {column}) REFERENCES deliveries (school_id, id) NOT VALID"
        )
    named = ", ".join(f"'{moment}'" for moment in MOMENTS)
    # The one that follows allows all it did, and one more.
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({named})) NOT VALID")
    with op.get_context().autocommit_block():
        for column in ("carried_by_id", "instead_of_id"):
            op.execute(f"ALTER TABLE deliveries VALIDATE CONSTRAINT fk_deliveries_school_id_{column}")
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")
        op.create_index(
            "ix_deliveries_turning",
            "deliveries",
            ["school_id"],
            postgresql_where=sa.text("state = 'failed' AND may_turn"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_deliveries_carried_by",
            "deliveries",
            ["school_id", "carried_by_id"],
            postgresql_where=sa.text("carried_by_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
