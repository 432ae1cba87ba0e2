"""Whoever wrote words at home may open them to everybody who cares for the child: which contact did, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"


def upgrade() -> None:
    """Apply: columns that may be empty, in a table whose wall stands."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("reply_students", sa.Column("shared_by", sa.Uuid(), nullable=True))
    op.add_column("reply_students", sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))
