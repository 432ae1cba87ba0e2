"""A school's own form for a hui about a plan; a point of an agenda may stand there in both languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0077"
down_revision = "0076"


def upgrade() -> None:
    """Apply: a column with a constant default, and one table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_items", sa.Column("words_mi", sa.Text(), server_default="", nullable=False))
    table = "hui_forms"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.String(length=60), nullable=False),
        sa.Column("title_mi", sa.String(length=60), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"],
            ["staff.school_id", "staff.id"],
            name=op.f(f"fk_{table}_school_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
        sa.UniqueConstraint("school_id", "form_id", "number", name=op.f(f"uq_{table}_school_id_form_id_number")),
    )
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY school_wall ON {table} "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO commsbridge_app")
