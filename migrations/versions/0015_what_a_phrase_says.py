"""What a phrase says: praise, or something home and school can both work on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply: a column that every phrase there is fills with praise, and a check of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("phrases", sa.Column("kind", sa.String(length=8), server_default="praise", nullable=False))
    op.execute(
        "ALTER TABLE phrases ADD CONSTRAINT ck_phrases_kind_is_known CHECK (kind IN ('praise', 'work_on')) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE phrases VALIDATE CONSTRAINT ck_phrases_kind_is_known")
