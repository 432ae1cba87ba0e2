"""Who checked the te reo: a role for its speakers, the history of every wording, and what waits for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply. Expand first, contract in a later release: the version before this one keeps running meanwhile."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE staff_roles DROP CONSTRAINT ck_staff_roles_role_is_known"
    )
    op.execute(
        "ALTER TABLE staff_roles ADD CONSTRAINT ck_staff_roles_role_is_known CHECK (role IN ('kaiako', 'kaiawhina', "
        "'learning_support', 'leader', 'office', 'child_protection', 'speaker')) NOT VALID"
    )
    op.add_column(
        "schools", sa.Column("only_checked_te_reo", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "wording_checks",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_mi", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.String(length=120), nullable=True),
        sa.Column("licensed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('approved', 'rejected', 'written')", name=op.f("ck_wording_checks_verdict_is_known")
        ),
        sa.CheckConstraint(
            "verdict = 'written' OR (checked_by IS NOT NULL AND checked_on IS NOT NULL)",
            name=op.f("ck_wording_checks_named"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"],
            ["staff.school_id", "staff.id"],
            name=op.f("fk_wording_checks_school_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_wording_checks_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_checks")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_wording_checks_school_id_id")),
    )
    op.create_index("ix_wording_checks_key", "wording_checks", ["school_id", "key", "number"], unique=False)
    op.execute("ALTER TABLE wording_checks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE wording_checks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON wording_checks "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON wording_checks FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON wording_checks TO commsbridge_app")
    op.add_column("deliveries", sa.Column("awaits", sa.String(length=12), nullable=True))
    op.add_column("deliveries", sa.Column("awaits_until", sa.DateTime(timezone=True), nullable=True))
    for name, rule in (
        ("awaits_until_a_time", "(awaits IS NULL) = (awaits_until IS NULL)"),
        ("awaits_is_known", "awaits IN ('check', 'translation')"),
    ):
        op.execute(f"ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_{name} CHECK ({rule}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE staff_roles VALIDATE CONSTRAINT ck_staff_roles_role_is_known")
        op.execute("ALTER TABLE deliveries VALIDATE CONSTRAINT ck_deliveries_awaits_until_a_time")
        op.execute("ALTER TABLE deliveries VALIDATE CONSTRAINT ck_deliveries_awaits_is_known")
