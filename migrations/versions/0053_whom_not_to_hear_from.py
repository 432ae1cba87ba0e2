"""A contact may say from whom at school they would rather not hear."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Apply: a wish may name a member of staff; a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("wishes", sa.Column("staff_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE wishes ADD CONSTRAINT fk_wishes_school_id_staff_id "
        "FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE wishes ADD CONSTRAINT ck_wishes_not_from_names_a_person "
        "CHECK ((kind = 'not_from') = (staff_id IS NOT NULL)) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE wishes VALIDATE CONSTRAINT fk_wishes_school_id_staff_id")
        op.execute("ALTER TABLE wishes VALIDATE CONSTRAINT ck_wishes_not_from_names_a_person")
