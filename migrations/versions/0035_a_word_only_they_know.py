"""A word only a contact knows, asked for beside the code on a device that is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Apply: one new table; the version before this one knows nothing of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "family_words",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("misses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_family_words_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_words")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_family_words_school_id_id")),
        _belongs("contacts", "contact_id"),
        _belongs("staff", "ended_by"),
    )
    op.create_index(
        "uq_family_words_standing",
        "family_words",
        ["school_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute("ALTER TABLE family_words ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE family_words FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON family_words "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON family_words FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON family_words TO commsbridge_app")


def _belongs(to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_family_words_school_id_{column}")
    )
