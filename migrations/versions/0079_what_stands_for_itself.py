"""What reports ask: the lines that stand for themselves, each kind by its time, found without those that fold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    """Apply: an index alone, made while the version before this one writes."""
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_lines_standing",
            "lines",
            ["school_id", "moment", "at"],
            postgresql_include=["id", "student_id", "subject_id"],
            postgresql_where=sa.text("moment IN ('praise', 'concern', 'gate', 'call', 'reply', 'book', 'hui')"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
