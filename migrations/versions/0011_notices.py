"""Notices: a note to a family, a class or the school."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply: a table, and a column nobody must fill."""
    op.create_table(
        "notices",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("words_mi", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("audience IN ('family', 'class', 'school')", name=op.f("ck_notices_audience_is_known")),
        sa.CheckConstraint("NOT urgent OR reason IS NOT NULL", name=op.f("ck_notices_urgent_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_notices_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_notices_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_notices_school_id_id")),
    )
    op.create_index("ix_notices_made_at", "notices", ["school_id", "made_at"])
    op.create_index("uq_notices_once_key", "notices", ["school_id", "once_key"], unique=True)
    op.execute("ALTER TABLE notices ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notices FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON notices "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON notices FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON notices TO commsbridge_app")
    op.add_column("messages", sa.Column("notice_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE messages ADD CONSTRAINT fk_messages_school_id_notice_id "
        "FOREIGN KEY (school_id, notice_id) REFERENCES notices (school_id, id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE messages VALIDATE CONSTRAINT fk_messages_school_id_notice_id")
        op.create_index(
            "ix_messages_notice",
            "messages",
            ["school_id", "notice_id"],
            postgresql_where=sa.text("notice_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
