"""Whether a home would like a Kaitakawaenga is kept only once it was said: a box left empty was no answer."""

from __future__ import annotations

from alembic import op

revision = "0090"
down_revision = "0089"


def upgrade() -> None:
    """Apply: of a home that was never asked by text nobody knows; it is asked."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    # An older process takes an empty one for no, as it took a box left empty.
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE hui_wishes ALTER COLUMN kaitakawaenga DROP NOT NULL")
    op.execute(
        "UPDATE hui_wishes SET kaitakawaenga = NULL WHERE NOT kaitakawaenga AND NOT EXISTS ("
        "SELECT 1 FROM hui_questions WHERE hui_questions.school_id = hui_wishes.school_id "
        "AND hui_questions.hui_id = hui_wishes.hui_id AND hui_questions.about = 'kaitakawaenga' "
        "AND hui_questions.answered_at IS NOT NULL)"
    )
