"""What reports ask: the lines of a time, what was taken back, the messages of a time, each found without the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply: indexes alone, made while the version before this one writes."""
    with op.get_context().autocommit_block():
        op.create_index("ix_lines_at", "lines", ["school_id", "at"], postgresql_concurrently=True, if_not_exists=True)
        op.create_index(
            "ix_lines_withdrawn",
            "lines",
            ["school_id", "about"],
            postgresql_where=sa.text("moment IN ('undone', 'moved')"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_messages_made_at",
            "messages",
            ["school_id", "made_at"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )
