"""Two homes that both said so meet together; each speaks for itself there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    """Apply: columns without a value yet, and one table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("hui", sa.Column("with_household_id", sa.Uuid(), nullable=True))
    op.add_column("hui", sa.Column("with_contact_id", sa.Uuid(), nullable=True))
    op.add_column("hui_wishes", sa.Column("together", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("hui_wishes", sa.Column("home", sa.Uuid(), nullable=True))
    op.add_column("hui_steps", sa.Column("home", sa.Uuid(), nullable=True))
    for table, column in (("households", "with_household_id"), ("contacts", "with_contact_id")):
        name = f"fk_hui_school_id_{column}"
        op.execute(
            f"ALTER TABLE hui ADD CONSTRAINT {name} FOREIGN KEY (school_id, {column}) "
            f"REFERENCES {table} (school_id, id) NOT VALID"
        )
    op.execute(
        "ALTER TABLE hui ADD CONSTRAINT ck_hui_one_other_home "
        "CHECK (with_household_id IS NULL OR with_contact_id IS NULL) NOT VALID"
    )
    _words()
    with op.get_context().autocommit_block():
        for name in ("fk_hui_school_id_with_household_id", "fk_hui_school_id_with_contact_id", "ck_hui_one_other_home"):
            op.execute(f"ALTER TABLE hui VALIDATE CONSTRAINT {name}")


def _words() -> None:
    op.create_table(
        "hui_home_words",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_hui_home_words_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hui_home_words")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_hui_home_words_school_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{to}.school_id", f"{to}.id"],
                name=op.f(f"fk_hui_home_words_school_id_{column}"),
            )
            for to, column in (("hui", "hui_id"), ("contacts", "contact_id"), ("staff", "staff_id"))
        ),
    )
    op.create_index("ix_hui_home_words_subject", "hui_home_words", ["school_id", "hui_id", "subject_id", "at"])
    op.execute("ALTER TABLE hui_home_words ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hui_home_words FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON hui_home_words "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON hui_home_words FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT ON hui_home_words TO commsbridge_app")
