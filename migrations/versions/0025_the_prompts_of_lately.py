"""The prompts of the last days are found without reading those of years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply, beside the running service."""
    with op.get_context().autocommit_block():
        for name, table, column, where in (
            ("ix_prompts_due_at", "prompts", "due_at", None),
            ("ix_prompted_children_left", "prompted_children", "prompt_id", sa.text("answer = 'someone_else'")),
        ):
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)  # half made, if stopped
            op.create_index(name, table, ["school_id", column], postgresql_where=where, postgresql_concurrently=True)
