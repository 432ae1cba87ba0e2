"""A guest who was mailed what was agreed is asked how a step went; what guests say is their own word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"


def upgrade() -> None:
    """Apply: a column, a table, and a value of its own for what a guest says, also for what stands already."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui_people", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "hui_guest_askings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_hui_guest_askings_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hui_guest_askings")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_hui_guest_askings_school_id_id")),
        sa.UniqueConstraint(
            "school_id", "step_id", "person_id", name=op.f("uq_hui_guest_askings_school_id_step_id_person_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{to}.school_id", f"{to}.id"],
                name=op.f(f"fk_hui_guest_askings_school_id_{column}"),
            )
            for to, column in (("hui_steps", "step_id"), ("hui_people", "person_id"), ("deliveries", "delivery_id"))
        ),
    )
    op.execute("ALTER TABLE hui_guest_askings ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hui_guest_askings FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON hui_guest_askings "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON hui_guest_askings FOR SELECT TO commsbridge_owner USING (true)")
    # A row is held while its guest answers, so the right to change it goes with it.
    op.execute("GRANT SELECT, INSERT, UPDATE ON hui_guest_askings TO commsbridge_app")
    # The one that follows allows all it did, and one more.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE hui_evaluations DROP CONSTRAINT ck_hui_evaluations_whose_is_known"
    )
    # Rows of every school: the wall holds the owner, too, while it is forced.
    op.execute("ALTER TABLE hui_evaluations NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE hui_evaluations SET whose = 'guest' WHERE guest_id IS NOT NULL")
    op.execute("ALTER TABLE hui_evaluations FORCE ROW LEVEL SECURITY")
    op.execute(
        "ALTER TABLE hui_evaluations ADD CONSTRAINT ck_hui_evaluations_whose_is_known "
        "CHECK (whose IN ('student', 'family', 'school', 'guest')) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE hui_evaluations VALIDATE CONSTRAINT ck_hui_evaluations_whose_is_known")
