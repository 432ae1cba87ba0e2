"""What is urgent is written down as such, and a clock says that it is there as a worker does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Apply: two columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("deliveries", sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "workers_seen", sa.Column("duty", sa.String(length=8), server_default=sa.text("'worker'"), nullable=False)
    )
