"""What was aimed for is kept with when: a report of days that are over counts by what stood then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"


def upgrade() -> None:
    """Apply: a walled table that is only ever added to; what stands already counts as if it had always stood."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "aims_set",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("aim", sa.String(length=8), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("aim IN ('usual', 'book', 'own', 'praises')", name=op.f("ck_aims_set_aim_is_known")),
        sa.CheckConstraint("(aim = 'own') = (student_id IS NOT NULL)", name=op.f("ck_aims_set_own_is_of_a_student")),
        sa.CheckConstraint(
            "times BETWEEN 1 AND 20 AND (times IS NOT NULL OR aim = 'own')", name=op.f("ck_aims_set_times_are_sane")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_aims_set_school_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_aims_set_school_id_{column}")
            )
            for column, to in (("student_id", "students"), ("set_by", "staff"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aims_set")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_aims_set_school_id_id")),
    )
    op.create_index("ix_aims_set_standing", "aims_set", ["school_id", "aim", "student_id", "number"])
    # Before the wall stands: the owner may read every row, and writes through no wall.
    for aim, student, times, table in (
        ("usual", "NULL::uuid", "usual_times", "prompt_rules"),
        ("book", "NULL::uuid", "book_times", "prompt_rules"),
        ("own", "student_id", "times", "contact_targets"),
        ("praises", "NULL::uuid", "guide", "report_rules"),
    ):
        op.execute(
            "INSERT INTO aims_set (school_id, aim, student_id, times, set_at) "
            f"SELECT school_id, '{aim}', {student}, {times}, '2000-01-01T00:00Z' FROM {table} "
            f"WHERE {times} IS NOT NULL"
        )
    op.execute("ALTER TABLE aims_set ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE aims_set FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON aims_set "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON aims_set FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON aims_set TO commsbridge_app")
