"""Pictures that came with what somebody wrote: fetched from the carrier, made anew, behind the school's wall."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Apply: a new table alone; the version before this one knows nothing of it."""
    op.create_table(
        "reply_pictures",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("media_type", sa.String(length=20), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'kept', 'too_large', 'unreadable', 'gone')",
            name=op.f("ck_reply_pictures_state_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'kept') = (content IS NOT NULL)", name=op.f("ck_reply_pictures_kept_with_its_content")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (fetch_at IS NOT NULL)", name=op.f("ck_reply_pictures_waits_for_a_moment")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_reply_pictures_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "reply_id"], ["replies.school_id", "replies.id"],
            name=op.f("fk_reply_pictures_school_id_reply_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_pictures")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_reply_pictures_school_id_id")),
    )  # fmt: skip
    op.create_index("ix_reply_pictures_reply", "reply_pictures", ["school_id", "reply_id"])
    op.create_index(
        "ix_reply_pictures_due", "reply_pictures", ["fetch_at"], postgresql_where=sa.text("fetch_at IS NOT NULL")
    )
    op.execute("ALTER TABLE reply_pictures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reply_pictures FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON reply_pictures "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON reply_pictures FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON reply_pictures TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON reply_pictures FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, fetch_at) ON reply_pictures TO commsbridge_carrier")
