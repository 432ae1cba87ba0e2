"""Of a next step that came to its end it is kept whether it was done, or explained: a report counts what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    """Apply: what ended without a word was done, since who does not do a step says why; of others nobody knows."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_steps", sa.Column("done", sa.Boolean()))
    op.execute("UPDATE hui_steps SET done = true WHERE done_at IS NOT NULL AND explained = ''")
    op.execute(
        "ALTER TABLE hui_steps ADD CONSTRAINT ck_hui_steps_done_has_a_time "
        "CHECK (done IS NULL OR done_at IS NOT NULL) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE hui_steps VALIDATE CONSTRAINT ck_hui_steps_done_has_a_time")
