"""Reports by mail to named leaders, and a school's own guide for balance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Apply: two walled tables; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "report_mails",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("rhythm", sa.String(length=8), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_own("report_mails"),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"],
            ["staff.school_id", "staff.id"],
            name=op.f("fk_report_mails_school_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "named_by"],
            ["staff.school_id", "staff.id"],
            name=op.f("fk_report_mails_school_id_named_by"),
        ),
        sa.CheckConstraint("rhythm IN ('week', 'month', 'term')", name=op.f("ck_report_mails_rhythm_is_known")),
    )
    goes_on = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_report_mails_one_each",
        "report_mails",
        ["school_id", "staff_id", "rhythm"],
        unique=True,
        postgresql_where=goes_on,
    )
    op.create_index("ix_report_mails_due", "report_mails", ["next_at"], postgresql_where=goes_on)
    op.create_table(
        "report_rules",
        sa.Column("guide", sa.Integer(), nullable=False),
        *_own("report_rules"),
        sa.CheckConstraint("guide BETWEEN 1 AND 20", name=op.f("ck_report_rules_guide_is_sane")),
        sa.UniqueConstraint("school_id", name=op.f("uq_report_rules_school_id")),
    )
    for table in ("report_mails", "report_rules"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON report_mails FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, ended_at, next_at) ON report_mails TO commsbridge_carrier")


def _own(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns and keys of every row of a school."""
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )
