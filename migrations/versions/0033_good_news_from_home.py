"""Good news from home that was read to the child is a moment of the log."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"

MOMENTS = (
    "praise",
    "welcome",
    "notice",
    "reply",
    "answer",
    "staff_note",
    "gate",
    "call",
    "wish",
    "sent",
    "arrived",
    "did_not_arrive",
    "uncertain",
    "held",
    "cancelled",
    "undone",
    "seen",
    "moved",
    "corrected",
    "other_way",
    "concern",
    "book",
    "read_at_home",
    "told_child",
    "read_to_child",
)


def upgrade() -> None:
    """Apply: the constraint that follows allows all it did, and one moment more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    known = ", ".join(f"'{moment}'" for moment in MOMENTS)
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({known})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")
