"""Before a hui ends, somebody reads all of it aloud: who, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    """Apply: columns alone, each with a constant default or none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui", sa.Column("read_back_by", sa.String(length=120), server_default="", nullable=False))
    op.add_column("hui", sa.Column("read_back_at", sa.DateTime(timezone=True), nullable=True))
