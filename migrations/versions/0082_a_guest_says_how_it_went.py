"""What a guest of a hui says of a next step is kept in their name, beside who of the school wrote it down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"


def upgrade() -> None:
    """Apply: one empty column, and its tie to the people of a hui."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_evaluations", sa.Column("guest_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE hui_evaluations ADD CONSTRAINT fk_hui_evaluations_school_id_guest_id "
        "FOREIGN KEY (school_id, guest_id) REFERENCES hui_people (school_id, id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE hui_evaluations VALIDATE CONSTRAINT fk_hui_evaluations_school_id_guest_id")
