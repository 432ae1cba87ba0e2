"""A child records their own voice alone: heard at school first, then where the child chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"

REFERS = {
    "page_id": "book_pages",
    "household_id": "households",
    "staff_id": "staff",
    "heard_by": "staff",
    "alert_id": "safety_alerts",
}


def upgrade() -> None:
    """Apply: a table, and an entry of a copy may name a row of it; the version before this one knows of neither."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "child_sounds",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sees", sa.String(10), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_by", sa.Uuid(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "sees IN ('teacher', 'one_home', 'homes', 'hui')", name=op.f("ck_child_sounds_sees_is_known")
        ),
        sa.CheckConstraint(
            "(sees = 'one_home') = (household_id IS NOT NULL)", name=op.f("ck_child_sounds_one_home_is_named")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_child_sounds_school_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", name],
                [f"{table}.school_id", f"{table}.id"],
                name=op.f(f"fk_child_sounds_school_id_{name}"),
            )
            for name, table in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_sounds")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_child_sounds_school_id_id")),
    )
    op.create_index("ix_child_sounds_page", "child_sounds", ["school_id", "page_id"])
    op.create_index(
        "uq_child_sounds_alert",
        "child_sounds",
        ["school_id", "alert_id"],
        unique=True,
        postgresql_where=sa.text("alert_id IS NOT NULL"),
    )
    op.execute("ALTER TABLE child_sounds ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE child_sounds FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON child_sounds "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON child_sounds FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON child_sounds TO commsbridge_app")
    op.add_column("asked_items", sa.Column("voice_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE asked_items ADD CONSTRAINT fk_asked_items_school_id_voice_id "
        "FOREIGN KEY (school_id, voice_id) REFERENCES child_sounds (school_id, id) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE asked_items VALIDATE CONSTRAINT fk_asked_items_school_id_voice_id")
