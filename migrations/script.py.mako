"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Apply. Expand first, contract in a later release: the version before this one keeps running meanwhile."""
    ${upgrades if upgrades else "pass"}
