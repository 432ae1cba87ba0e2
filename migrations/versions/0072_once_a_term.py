"""An interpreter and a support person by text; why there is no hui about a plan in a term."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"

ABOUT = "about IN ('person', 'kaitakawaenga', 'voice', 'point', 'due', 'why', 'went', 'support')"


def upgrade() -> None:
    """Apply: one more thing a phone is asked, and one table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    # The one that follows allows all it did, and one more.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE hui_questions DROP CONSTRAINT ck_hui_questions_about_is_known"
    )
    op.execute(f"ALTER TABLE hui_questions ADD CONSTRAINT ck_hui_questions_about_is_known CHECK ({ABOUT}) NOT VALID")
    table = "hui_not_this_term"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("term_on", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{to}.school_id", f"{to}.id"],
                name=op.f(f"fk_{table}_school_id_{column}"),
            )
            for to, column in (("students", "student_id"), ("staff", "staff_id"))
        ),
    )
    op.create_index("ix_hui_not_this_term_student", table, ["school_id", "student_id", "term_on"])
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY school_wall ON {table} "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO commsbridge_app")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE hui_questions VALIDATE CONSTRAINT ck_hui_questions_about_is_known")
