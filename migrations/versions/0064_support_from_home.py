"""Requests for support that whānau begin themselves, and entries of the directory that a person checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    """Apply: one column, one table; the version before this one writes requests of staff alone, as it did."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "service_checks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("service", sa.String(30), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('page', 'rang', 'met')", name=op.f("ck_service_checks_how_is_known")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_service_checks_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_checks")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_service_checks_school_id_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"],
            ["staff.school_id", "staff.id"],
            name=op.f("fk_service_checks_school_id_staff_id"),
        ),
    )
    op.create_index("ix_service_checks_service", "service_checks", ["school_id", "service", "at"])
    op.execute("ALTER TABLE service_checks ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE service_checks FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON service_checks "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON service_checks FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON service_checks TO commsbridge_app")
    # The version before this one writes who asked and never reads it: a row without one breaks nothing there.
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE support_requests ALTER COLUMN asked_by DROP NOT NULL")
    op.add_column("support_requests", sa.Column("from_contact", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE support_requests ADD CONSTRAINT fk_support_requests_school_id_from_contact "
        "FOREIGN KEY (school_id, from_contact) REFERENCES contacts (school_id, id) NOT VALID"
    )
    op.execute(
        "ALTER TABLE support_requests ADD CONSTRAINT ck_support_requests_somebody_asks "
        "CHECK ((asked_by IS NULL) <> (from_contact IS NULL)) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE support_requests VALIDATE CONSTRAINT fk_support_requests_school_id_from_contact")
        op.execute("ALTER TABLE support_requests VALIDATE CONSTRAINT ck_support_requests_somebody_asks")
