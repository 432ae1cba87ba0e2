"""A specialist's link goes by mail to the address whānau read; which mail went to a guest or a specialist is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    """Apply: columns alone, each with a constant default or none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("specialist_shares", sa.Column("email", sa.String(length=254), server_default="", nullable=False))
    op.add_column("specialist_shares", sa.Column("mail_id", sa.Uuid(), nullable=True))
    op.add_column("hui_people", sa.Column("mail_id", sa.Uuid(), nullable=True))
