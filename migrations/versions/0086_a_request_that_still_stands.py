"""A request for support that had no news for weeks: whoever said yes to it is told that it still stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"


def upgrade() -> None:
    """Apply: one column; what the version before this one writes is told of after four weeks, too."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "support_requests",
        sa.Column(
            "tells_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now() + interval '28 days'"),
            nullable=True,
        ),
    )
    op.execute("GRANT UPDATE (tells_at) ON support_requests TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON support_requests FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, tells_at) ON support_requests TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_support_requests_tells_at",
            "support_requests",
            ["tells_at"],
            postgresql_where=sa.text("tells_at IS NOT NULL"),
            postgresql_concurrently=True,
        )
