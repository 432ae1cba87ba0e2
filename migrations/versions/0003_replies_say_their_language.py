"""Replies say their language: what came in is marked te reo Māori, English, mixed or other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply: a column nobody must fill, and a check of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("language", sa.String(length=5), nullable=True))
    op.execute(
        "ALTER TABLE replies ADD CONSTRAINT ck_replies_language_is_known "
        "CHECK (language IN ('mi', 'en', 'mix', 'other')) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE replies VALIDATE CONSTRAINT ck_replies_language_is_known")
