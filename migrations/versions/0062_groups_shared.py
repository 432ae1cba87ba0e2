"""Groups that are shared by the adults who know their children, and notes to a group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    """Apply: a column with a constant default, and a check that allows one word more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("student_groups", sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE notices DROP CONSTRAINT ck_notices_audience_is_known")
    op.execute(
        "ALTER TABLE notices ADD CONSTRAINT ck_notices_audience_is_known "
        "CHECK (audience IN ('family', 'group', 'class', 'school')) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE notices VALIDATE CONSTRAINT ck_notices_audience_is_known")
