"""Whoever opened a hui is asked once for minutes that had not gone out; one that is over stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"


def upgrade() -> None:
    """Apply: one column, empty for every hui there is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui", sa.Column("chased_at", sa.DateTime(timezone=True)))
