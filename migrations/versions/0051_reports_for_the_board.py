"""The board's version of a report comes by mail, too."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Apply: a column with a constant default, and a key that knows it; the version before this one sends its own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE report_mails ADD COLUMN IF NOT EXISTS for_board boolean NOT NULL DEFAULT false")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_report_mails_one_of_each")  # half made, if stopped
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY uq_report_mails_one_of_each ON report_mails "
            "(school_id, staff_id, rhythm, for_board) WHERE ended_at IS NULL"
        )
        # The one before it allows less than the one above: nothing that either refused can have come in.
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_report_mails_one_each")
