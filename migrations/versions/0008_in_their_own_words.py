"""What a child loves, is good at and is helped by, in words of their own people; permission for photos of a child."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WALLED = ("student_words", "photo_permissions")


def upgrade() -> None:
    """Two walled tables that are only ever added to; what stood about a child becomes the first of its words."""
    op.create_table(
        "student_words",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("tells", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("said_by", sa.String(length=120), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        *_school_columns("student_words"),
        sa.CheckConstraint("tells IN ('loves', 'strengths', 'helps')", name=op.f("ck_student_words_tells_is_known")),
        _belongs("student_words", "students", "student_id"),
        _belongs("student_words", "staff", "written_by"),
    )
    op.create_index("ix_student_words_student", "student_words", ["school_id", "student_id", "number"])
    op.create_table(
        "photo_permissions",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(length=120), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        *_school_columns("photo_permissions"),
        _belongs("photo_permissions", "students", "student_id"),
        _belongs("photo_permissions", "staff", "written_by"),
    )
    op.create_index("ix_photo_permissions_student", "photo_permissions", ["school_id", "student_id", "number"])
    # Before the wall stands: the owner may read every student, and writes through no wall.
    op.execute(
        "INSERT INTO student_words (school_id, student_id, tells, words, said_by, said_on, written_at) "
        "SELECT school_id, id, 'loves', about, about_by, created_at::date, now() FROM students WHERE about <> ''"
    )
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO commsbridge_app")


def _school_columns(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )


def _belongs(table: str, target: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{target}.school_id", f"{target}.id"], name=op.f(f"fk_{table}_school_id_{column}")
    )
