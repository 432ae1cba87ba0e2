"""Homes of a child that ask to be named to one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Apply: one new table; the version before this one knows nothing of it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "home_showings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_home_showings_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_showings")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_home_showings_school_id_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_home_showings_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_home_showings_school_id_contact_id"),
        ),
    )
    op.create_index("ix_home_showings_student", "home_showings", ["school_id", "student_id", "at"])
    op.execute("ALTER TABLE home_showings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE home_showings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON home_showings "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON home_showings FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON home_showings TO commsbridge_app")
