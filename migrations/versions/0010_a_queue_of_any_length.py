"""A claim leaps from school to school, and an address is found without reading all deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Apply. The indexes are made beside the running service; the one that the first stands in for goes last."""
    with op.get_context().autocommit_block():
        for name, columns, where in (
            ("ix_deliveries_waiting", ["sender_id", "lane", "school_id", "due_at", "id"], QUEUED),
            ("ix_deliveries_expiring", ["expires_at", "school_id"], QUEUED),
            ("ix_deliveries_address", ["school_id", "address", "made_at"], None),
        ):
            op.drop_index(name, "deliveries", if_exists=True, postgresql_concurrently=True)  # half made, if stopped
            op.create_index(name, "deliveries", columns, postgresql_where=where, postgresql_concurrently=True)
        op.drop_index("ix_deliveries_sender_queued", "deliveries", postgresql_concurrently=True)
