"""Answers: who is writing one, which message answered which reply, and words kept for next time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

GRANTS = {"reply_answers": "SELECT, INSERT", "answer_words": "SELECT, INSERT, UPDATE"}


def upgrade() -> None:
    """Apply: two walled tables, and columns nobody must fill."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("replies", sa.Column("claimed_by", sa.Uuid(), nullable=True))
    op.add_column("replies", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "reply_answers",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_own("reply_answers", {"reply_id": "replies", "message_id": "messages"}),
    )
    op.create_index("ix_reply_answers_reply", "reply_answers", ["school_id", "reply_id"])
    op.create_index("uq_reply_answers_message", "reply_answers", ["school_id", "message_id"], unique=True)
    op.create_table(
        "answer_words",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        *_own("answer_words", {"staff_id": "staff"}),
    )
    op.create_index("ix_answer_words_staff", "answer_words", ["school_id", "staff_id"])
    for table, verbs in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT {verbs} ON {table} TO commsbridge_app")


def _own(table: str, owners: dict[str, str]) -> list[sa.schema.SchemaItem]:
    """The columns and keys of every row of a school."""
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
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
