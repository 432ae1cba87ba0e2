"""Sharing with a specialist from outside: what is offered, each yes of whānau, devices, and every look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0059"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply: four new tables; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "specialist_shares",
        *_own(),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", WHEN, nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("code_at", WHEN, nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at_home", sa.Uuid(), nullable=True),
        *_keys(
            "specialist_shares", student_id="students", offered_by="staff", ended_by="staff", ended_at_home="contacts"
        ),
    )
    op.create_index("ix_specialist_shares_student", "specialist_shares", ["school_id", "student_id", "offered_at"])
    op.create_table(
        "specialist_answers",
        *_own(),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("at", WHEN, nullable=False),
        *_keys("specialist_answers", share_id="specialist_shares", contact_id="contacts", written_by="staff"),
    )
    op.create_index("ix_specialist_answers_share", "specialist_answers", ["school_id", "share_id", "at"])
    op.create_table(
        "specialist_devices",
        *_own(),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        *_keys("specialist_devices", share_id="specialist_shares"),
    )
    op.create_index("ix_specialist_devices_share", "specialist_devices", ["school_id", "share_id"])
    op.create_table(
        "specialist_looks",
        *_own(),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        *_keys("specialist_looks", share_id="specialist_shares"),
    )
    op.create_index("ix_specialist_looks_share", "specialist_looks", ["school_id", "share_id", "at"])
    for table in ("specialist_shares", "specialist_answers", "specialist_devices", "specialist_looks"):
        _wall(table)
    # A share gets its link and ends; all else of it is only added to.
    op.execute("GRANT UPDATE ON specialist_shares TO commsbridge_app")


def _own() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
    )


def _keys(table: str, **belongs: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_{table}_school_id_{column}")
            )
            for column, to in belongs.items()
        ),
    )


def _wall(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY school_wall ON {table} "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO commsbridge_app")
