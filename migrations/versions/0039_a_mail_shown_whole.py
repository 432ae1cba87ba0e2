"""Whether a mail could not be read in time, so that all of it is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Apply: a column with a constant default rewrites nothing."""
    op.add_column("replies", sa.Column("whole", sa.Boolean(), server_default=sa.text("false"), nullable=False))
