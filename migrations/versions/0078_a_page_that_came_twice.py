"""What one form brought to a page of a book is known again when it comes a second time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"


def upgrade() -> None:
    """Apply: a column that may be empty."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("book_entries", sa.Column("once_key", sa.String(length=64), nullable=True))
