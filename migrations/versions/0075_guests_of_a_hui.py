"""Somebody from outside whom a family wants at its hui is told by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    """Apply: columns alone, each with a constant default or none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_people", sa.Column("email", sa.String(length=254), server_default="", nullable=False))
    op.add_column("hui_people", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
