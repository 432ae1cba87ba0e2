"""An entry of the directory that somebody at school found otherwise than it stands there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"


def upgrade() -> None:
    """Apply: one column; what the version before this one writes down found the entry as it stood."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("service_checks", sa.Column("agrees", sa.Boolean(), server_default=sa.text("true"), nullable=False))
