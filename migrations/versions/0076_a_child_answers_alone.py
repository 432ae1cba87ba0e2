"""A child answers good news alone at a device, and may keep the answer at school."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    """Apply: two columns; the version before this one writes answers without them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("alone", "at_school"):
        op.add_column("child_answers", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
