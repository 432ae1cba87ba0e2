"""Words to translate: who offers how much, what is asked for, and who would rather not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WALLED = ("translators", "translations", "translations_declined")


def _own(name: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{name}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{name}_school_id_id")),
    )


def _belongs(name: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{table}.school_id", f"{table}.id"], name=op.f(f"fk_{name}_school_id_{column}")
    )


def upgrade() -> None:
    """Apply. Expand first, contract in a later release: the version before this one keeps running meanwhile."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "later_praises", sa.Column("te_reo_first", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "translators",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("weekly", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *_own("translators"),
        sa.CheckConstraint("weekly BETWEEN 0 AND 20", name=op.f("ck_translators_weekly_is_bearable")),
        _belongs("translators", "staff", "staff_id"),
        sa.UniqueConstraint("school_id", "staff_id", name=op.f("uq_translators_school_id_staff_id")),
    )
    op.create_table(
        "translations",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words_mi", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        *_own("translations"),
        sa.CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name=op.f("ck_translations_taken_by_somebody")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (words_mi IS NULL)", name=op.f("ck_translations_answered_with_words")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR taken_by IS NOT NULL", name=op.f("ck_translations_answered_by_somebody")
        ),
        _belongs("translations", "messages", "message_id"),
        _belongs("translations", "students", "student_id"),
        _belongs("translations", "staff", "asked_by"),
        _belongs("translations", "staff", "taken_by"),
        sa.UniqueConstraint("school_id", "message_id", name=op.f("uq_translations_school_id_message_id")),
    )
    op.create_index("ix_translations_deadline", "translations", ["school_id", "deadline_at"])
    op.create_index("ix_translations_taken", "translations", ["school_id", "taken_by", "taken_at"])
    op.create_table(
        "translations_declined",
        sa.Column("translation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_own("translations_declined"),
        _belongs("translations_declined", "translations", "translation_id"),
        _belongs("translations_declined", "staff", "staff_id"),
        sa.UniqueConstraint(
            "school_id",
            "translation_id",
            "staff_id",
            name=op.f("uq_translations_declined_school_id_translation_id_staff_id"),
        ),
    )
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON translators, translations TO commsbridge_app")
    op.execute("GRANT SELECT, INSERT ON translations_declined TO commsbridge_app")
