"""Hui that keep going: a mail with its calendar file, a timer the family agreed to, the day to meet again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    """Apply: columns alone, each with a constant default or none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("deliveries", sa.Column("calendar", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("hui_wishes", sa.Column("timer", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("hui", sa.Column("next_on", sa.Date(), nullable=True))
    op.add_column("hui", sa.Column("next_asked_at", sa.DateTime(timezone=True), nullable=True))
