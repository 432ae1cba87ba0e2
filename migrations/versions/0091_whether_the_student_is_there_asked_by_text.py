"""Whoever answers by text may say how much of a hui the student is there for: one more kind of question."""

from __future__ import annotations

from alembic import op

revision = "0091"
down_revision = "0090"
KNOWN = "'person', 'kaitakawaenga', 'voice', 'point', 'due', 'why', 'went', 'support', 'part'"


def upgrade() -> None:
    """Apply: the constraint that follows allows all it did, and one kind more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE hui_questions DROP CONSTRAINT ck_hui_questions_about_is_known"
    )
    op.execute(
        f"ALTER TABLE hui_questions ADD CONSTRAINT ck_hui_questions_about_is_known CHECK (about IN ({KNOWN})) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE hui_questions VALIDATE CONSTRAINT ck_hui_questions_about_is_known")
