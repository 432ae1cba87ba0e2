"""What a child says that worries goes to the people named for safety, as a message from home does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Apply: an alert is about a reply or a child's words; columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    # The version before writes a reply with every alert, and goes on doing so.
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE safety_alerts ALTER COLUMN reply_id DROP NOT NULL")
    op.add_column("safety_alerts", sa.Column("said_in", sa.String(length=8), nullable=True))
    checks = {
        "said_in_is_known": "said_in IN ('book', 'answer')",
        "one_subject": "(reply_id IS NULL) <> (said_in IS NULL)",
    }
    for name, rule in checks.items():
        op.execute(f"ALTER TABLE safety_alerts ADD CONSTRAINT ck_safety_alerts_{name} CHECK ({rule}) NOT VALID")
    for table in ("book_entries", "child_answers"):
        op.add_column(table, sa.Column("alert_id", sa.Uuid(), nullable=True))
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_school_id_alert_id "
            "FOREIGN KEY (school_id, alert_id) REFERENCES safety_alerts (school_id, id) NOT VALID"
        )
    with op.get_context().autocommit_block():
        for name in checks:
            op.execute(f"ALTER TABLE safety_alerts VALIDATE CONSTRAINT ck_safety_alerts_{name}")
        for table in ("book_entries", "child_answers"):
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_school_id_alert_id")
            name, columns = f"uq_{table}_alert", ["school_id", "alert_id"]
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)  # half made, if stopped
            where = sa.text("alert_id IS NOT NULL")
            op.create_index(name, table, columns, unique=True, postgresql_where=where, postgresql_concurrently=True)
