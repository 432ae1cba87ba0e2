"""A text whose end the carrier never told is asked about: when that was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Apply: a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("deliveries", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
