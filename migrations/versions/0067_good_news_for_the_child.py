"""What whānau write to be read to the child says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    """Apply: one column; the version before this one writes replies without it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("for_child", sa.Boolean(), server_default=sa.text("false"), nullable=False))
