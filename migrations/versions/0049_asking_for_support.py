"""Requests for learning support: the yes of whānau, and each step of what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

MOMENTS = (
    "praise",
    "welcome",
    "notice",
    "reply",
    "answer",
    "staff_note",
    "gate",
    "call",
    "wish",
    "sent",
    "arrived",
    "did_not_arrive",
    "uncertain",
    "held",
    "cancelled",
    "undone",
    "seen",
    "moved",
    "corrected",
    "other_way",
    "concern",
    "book",
    "read_at_home",
    "told_child",
    "read_to_child",
    "support",
)
HOW = "how IN ('in_person', 'phone', 'writing', 'page')"
STATES = "state IN ('asked', 'received', 'planned', 'declined', 'reached_out', 'plan', 'closed', 'withdrawn')"


def upgrade() -> None:
    """Apply: three new tables and one moment more; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "support_requests",
        *_own(),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=30), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        *_keys("support_requests", student_id="students", asked_by="staff"),
    )
    op.create_index("ix_support_requests_student", "support_requests", ["school_id", "student_id", "asked_at"])
    op.create_index("uq_support_requests_once_key", "support_requests", ["school_id", "once_key"], unique=True)
    op.create_table(
        "support_consents",
        *_own(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(HOW, name=op.f("ck_support_consents_how_is_known")),
        sa.CheckConstraint("(how = 'page') = (written_by IS NULL)", name=op.f("ck_support_consents_somebody_wrote_it")),
        *_keys("support_consents", request_id="support_requests", contact_id="contacts", written_by="staff"),
    )
    op.create_index("ix_support_consents_request", "support_consents", ["school_id", "request_id", "at"])
    op.create_table(
        "support_steps",
        *_own(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("waiting_with", sa.String(length=80), server_default="", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_support_steps_state_is_known")),
        sa.UniqueConstraint(
            "school_id", "request_id", "number", name=op.f("uq_support_steps_school_id_request_id_number")
        ),
        *_keys("support_steps", request_id="support_requests", owner_id="staff", staff_id="staff"),
    )
    for table in ("support_requests", "support_consents", "support_steps"):
        _wall(table)
    known = ", ".join(f"'{moment}'" for moment in MOMENTS)
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({known})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")


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
