"""Photos that go with praise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

HOLDERS = ("messages", "deliveries", "later_praises")


def upgrade() -> None:
    """A walled table for the photos, and columns nobody must fill; their keys are checked after they hold."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "photos",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("shows", sa.String(length=8), nullable=False),
        sa.Column("alt", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("shows IN ('work', 'child')", name=op.f("ck_photos_shows_is_known")),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_photos_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_photos_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_photos_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_photos_school_id_id")),
    )
    op.create_index("ix_photos_student", "photos", ["school_id", "student_id"])
    op.execute("ALTER TABLE photos ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE photos FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON photos "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON photos FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, DELETE ON photos TO commsbridge_app")
    for table in HOLDERS:
        op.add_column(table, sa.Column("photo_id", sa.Uuid(), nullable=True))
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_school_id_photo_id FOREIGN KEY (school_id, photo_id) "
            "REFERENCES photos (school_id, id) NOT VALID"
        )
    with op.get_context().autocommit_block():
        for table in HOLDERS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_school_id_photo_id")
