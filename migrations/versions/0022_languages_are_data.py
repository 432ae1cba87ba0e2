"""Languages are data: a person's own may have a code of three letters, as most of the Pacific have."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A wider varchar rewrites nothing in PostgreSQL, and holds its lock for a moment only.
    op.execute("-- squawk-ignore changing-column-type\nALTER TABLE accounts ALTER COLUMN language TYPE varchar(8)")
