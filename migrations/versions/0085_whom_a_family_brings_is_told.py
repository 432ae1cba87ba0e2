"""Somebody from outside is mailed in the language chosen for them; which of two homes brings them is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    """Apply: two columns, both languages for everybody there is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_people", sa.Column("language", sa.String(length=10), server_default="both", nullable=False))
    op.add_column("hui_people", sa.Column("home", sa.Uuid(), nullable=True))
