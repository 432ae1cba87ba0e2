"""Notices of prompts that are long over may be forgotten."""

from __future__ import annotations

from alembic import op

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    """Apply: the service may delete them."""
    op.execute("GRANT DELETE ON prompt_pushes TO commsbridge_app")
