"""What staff write beside a page of the book goes to the people named for safety when it worries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Apply: an alert may be about words beside a page; a column nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    rule = "said_in IN ('book', 'beside', 'answer')"
    name = "ck_safety_alerts_said_in_is_known"
    op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE safety_alerts DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE safety_alerts ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
    op.add_column("book_corrections", sa.Column("alert_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE book_corrections ADD CONSTRAINT fk_book_corrections_school_id_alert_id "
        "FOREIGN KEY (school_id, alert_id) REFERENCES safety_alerts (school_id, id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE safety_alerts VALIDATE CONSTRAINT ck_safety_alerts_said_in_is_known")
        op.execute("ALTER TABLE book_corrections VALIDATE CONSTRAINT fk_book_corrections_school_id_alert_id")
        name, columns = "uq_book_corrections_alert", ["school_id", "alert_id"]
        op.drop_index(name, "book_corrections", if_exists=True, postgresql_concurrently=True)  # half made, if stopped
        where = sa.text("alert_id IS NOT NULL")
        op.create_index(
            name, "book_corrections", columns, unique=True, postgresql_where=where, postgresql_concurrently=True
        )
