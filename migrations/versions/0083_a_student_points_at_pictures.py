"""What a student says before a hui may be pictures they pointed at, with words or without."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"


def upgrade() -> None:
    """Apply: one column, empty for every voice there is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "hui_voices", sa.Column("pictures", sa.ARRAY(sa.String(10)), server_default=sa.text("'{}'"), nullable=False)
    )
