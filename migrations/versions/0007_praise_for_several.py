"""Praise for several children that was written as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A column nobody must fill, and an index of the few rows that have it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("messages", sa.Column("together_id", sa.Uuid(), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_messages_together",
            "messages",
            ["school_id", "together_id"],
            postgresql_where=sa.text("together_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
