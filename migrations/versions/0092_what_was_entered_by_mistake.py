"""A next step or a point of a hui that was entered by mistake may be taken out, until the minutes go out."""

from __future__ import annotations

from alembic import op

revision = "0092"
down_revision = "0091"


def upgrade() -> None:
    """Apply: the service may delete them."""
    op.execute("GRANT DELETE ON hui_items, hui_steps TO commsbridge_app")
