"""What to avoid with a child, and what school adds beside the words of its own people."""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"

TELLS = ("loves", "strengths", "helps", "avoids", "school")


def upgrade() -> None:
    """Apply: the constraint that follows allows all it did, and two kinds more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    known = ", ".join(f"'{each}'" for each in TELLS)
    drop = "ALTER TABLE student_words DROP CONSTRAINT ck_student_words_tells_is_known"
    op.execute(f"-- squawk-ignore ban-drop-constraint\n{drop}")
    op.execute(
        f"ALTER TABLE student_words ADD CONSTRAINT ck_student_words_tells_is_known CHECK (tells IN ({known})) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE student_words VALIDATE CONSTRAINT ck_student_words_tells_is_known")
