"""Words that wait for the family's answer: which child, shall we stop; and replies that a person moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

STATES = ("filed", "parked", "asked", "command", "automatic", "not_ours")


def upgrade() -> None:
    """Apply: two walled tables, and columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("how", sa.String(length=12), nullable=True))
    op.add_column("replies", sa.Column("pictures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("reply_students", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    named = ", ".join(f"'{state}'" for state in STATES)
    # The one that follows allows all it did, and one more.
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE replies DROP CONSTRAINT ck_replies_state_is_known")
    op.execute(f"ALTER TABLE replies ADD CONSTRAINT ck_replies_state_is_known CHECK (state IN ({named})) NOT VALID")
    op.create_table(
        "family_questions",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("student_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("kind IN ('which_child', 'stop')", name=op.f("ck_family_questions_kind_is_known")),
        *_keys("family_questions", {"reply_id": "replies", "contact_id": "contacts"}),
    )
    waiting = sa.text("closed_at IS NULL")
    op.create_index("ix_family_questions_open", "family_questions", ["school_id", "address"], postgresql_where=waiting)
    op.create_index("ix_family_questions_expires", "family_questions", ["expires_at"], postgresql_where=waiting)
    op.create_index("ix_family_questions_reply", "family_questions", ["school_id", "reply_id"])
    op.create_table(
        "reply_moves",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_student_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("to_student_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("from_contact_id", sa.Uuid(), nullable=True),
        sa.Column("to_contact_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        *_keys("reply_moves", {"reply_id": "replies", "staff_id": "staff"}),
    )
    op.create_index("ix_reply_moves_reply", "reply_moves", ["school_id", "reply_id", "at"])
    for table, verbs in (("family_questions", "SELECT, INSERT, UPDATE"), ("reply_moves", "SELECT, INSERT")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT {verbs} ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON family_questions FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, closed_at, expires_at) ON family_questions TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE replies VALIDATE CONSTRAINT ck_replies_state_is_known")


def _keys(table: str, owners: dict[str, str]) -> list[sa.Constraint]:
    """What every table of a school has: its keys, within the school."""
    return [
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column],
                [f"{owner}.school_id", f"{owner}.id"],
                name=op.f(f"fk_{table}_school_id_{column}"),
            )
            for column, owner in owners.items()
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    ]
