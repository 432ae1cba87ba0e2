"""Finer wishes, a whole consent ledger, and how a school sends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NEW = ("wishes", "sending_rules")


def upgrade() -> None:
    """Apply: two tables, columns nobody must fill, and START for whoever is no contact."""
    op.create_table(
        "wishes",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_family", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'only_about') = (student_id IS NOT NULL)", name=op.f("ck_wishes_only_about_names_a_child")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_wishes_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_wishes_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_wishes_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_wishes_school_id_id")),
    )
    op.create_index("ix_wishes_contact", "wishes", ["school_id", "contact_id"])
    op.create_table(
        "sending_rules",
        sa.Column("praise_on_school_days", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("notices_on_school_days", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("urgent_roles", sa.String(length=120), nullable=False),
        sa.Column("text_cents", sa.Double(), nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("text_cents > 0 AND budget_cents > 0", name=op.f("ck_sending_rules_costs_are_positive")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_sending_rules_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_rules")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_sending_rules_school_id_id")),
        sa.UniqueConstraint("school_id", name=op.f("uq_sending_rules_school_id")),
    )
    for table in NEW:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    for column, kind in (
        ("wording", sa.String(length=20)),
        ("staff_id", sa.Uuid()),
        ("wish", sa.String(length=20)),
        ("student_id", sa.Uuid()),
    ):
        op.add_column("consent_entries", sa.Column(column, kind, nullable=True))
    # The version before this one writes these columns and never reads them.
    for column in ("channel", "address"):
        op.execute(
            f"-- squawk-ignore ban-drop-not-null\nALTER TABLE consent_entries ALTER COLUMN {column} DROP NOT NULL"
        )
    for column, table in (("staff_id", "staff"), ("student_id", "students")):
        op.execute(
            f"ALTER TABLE consent_entries ADD CONSTRAINT fk_consent_entries_school_id_{column} "
            f"FOREIGN KEY (school_id, {column}) REFERENCES {table} (school_id, id) NOT VALID"
        )
    # A school sees only the opt-outs of its own contacts; a phone that is no contact's must be able to start again.
    op.execute("CREATE POLICY starting_again ON opt_outs FOR DELETE TO commsbridge_owner USING (true)")
    op.execute(
        "CREATE FUNCTION end_opt_out(sender uuid, phone text) RETURNS void LANGUAGE sql SECURITY DEFINER "
        "SET search_path = pg_catalog, pg_temp AS $$ "
        "DELETE FROM public.opt_outs o WHERE o.sender_id = sender AND o.address = phone AND EXISTS "
        "(SELECT FROM public.school_senders s WHERE s.sender_id = sender AND s.school_id = public.current_school()) $$"
    )
    op.execute("REVOKE ALL ON FUNCTION end_opt_out(uuid, text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION end_opt_out(uuid, text) TO commsbridge_app")
    with op.get_context().autocommit_block():
        for column in ("staff_id", "student_id"):
            op.execute(f"ALTER TABLE consent_entries VALIDATE CONSTRAINT fk_consent_entries_school_id_{column}")
        op.create_index(
            "ix_consent_entries_contact",
            "consent_entries",
            ["school_id", "contact_id", "at"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )
