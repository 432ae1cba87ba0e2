"""What a school offers a teacher to begin with, and a schedule that ends with its term."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Apply: four columns; the defaults are those the product offered before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("prompt_rules", sa.Column("begin_days", sa.Integer(), server_default=sa.text("10"), nullable=False))
    for column, at in (("before_at", "08:30"), ("after_at", "15:00")):
        op.add_column(
            "prompt_rules", sa.Column(column, sa.Time(), server_default=sa.text(f"'{at}'::time"), nullable=False)
        )
    op.add_column("prompt_schedules", sa.Column("until_on", sa.Date(), nullable=True))
    op.execute(
        "ALTER TABLE prompt_rules ADD CONSTRAINT ck_prompt_rules_begin_days_are_weekdays "
        "CHECK (begin_days BETWEEN 1 AND 31) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE prompt_rules VALIDATE CONSTRAINT ck_prompt_rules_begin_days_are_weekdays")
