"""Concerns with a page of their own, hard days, and the words a school adds to the hints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

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
)


def upgrade() -> None:
    """Apply. Expand first, contract in a later release: the version before this one keeps running meanwhile."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "schools", sa.Column("concerns_read_first", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("pauses", sa.Column("hard_day", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("pauses", sa.Column("begun_by", sa.Uuid(), nullable=True))
    op.add_column("pauses", sa.Column("ended_by", sa.Uuid(), nullable=True))
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    known = ", ".join(f"'{moment}'" for moment in MOMENTS)
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({known})) NOT VALID")
    _concerns()
    _own_hints()
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")


def _concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("helped", sa.Text(), server_default="", nullable=False),
        sa.Column("suggested", sa.Text(), server_default="", nullable=False),
        sa.Column("asked", sa.Text(), server_default="", nullable=False),
        sa.Column("offers_talk", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recipient_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("rang_contact_id", sa.Uuid(), nullable=True),
        sa.Column("rang_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rang", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_note", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("kind IN ('concern', 'hard_day')", name=op.f("ck_concerns_kind_is_known")),
        sa.CheckConstraint("state IN ('waiting', 'gone', 'kept', 'returned')", name=op.f("ck_concerns_state_is_known")),
        sa.CheckConstraint("(rang IS NULL) = (rang_at IS NULL)", name=op.f("ck_concerns_rang_at_a_time")),
        sa.CheckConstraint("state <> 'gone' OR message_id IS NOT NULL", name=op.f("ck_concerns_gone_as_a_message")),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_concerns_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_concerns_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "rang_contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_concerns_school_id_rang_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "message_id"],
            ["messages.school_id", "messages.id"],
            name=op.f("fk_concerns_school_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "line_id"], ["lines.school_id", "lines.id"], name=op.f("fk_concerns_school_id_line_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_concerns_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_concerns_school_id_id")),
    )
    op.create_index("ix_concerns_student", "concerns", ["school_id", "student_id", "made_at"])
    op.create_index("ix_concerns_message", "concerns", ["school_id", "message_id"])
    op.create_index("uq_concerns_once_key", "concerns", ["school_id", "once_key"], unique=True)
    _wall("concerns")


def _own_hints() -> None:
    op.create_table(
        "own_hints",
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_own_hints_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_hints")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_own_hints_school_id_id")),
    )
    _wall("own_hints")


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY school_wall ON {table} "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
