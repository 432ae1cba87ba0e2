"""The book goes home: how it comes, what was read, and the doorway to a contact's own page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

CHANGED = ("book_wishes", "book_homeward", "family_devices", "family_codes")
APPENDED = ("book_reads", "family_closings")
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
)


def upgrade() -> None:
    """Apply: new tables, and three more moments; the version before this one knows nothing of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    known = ", ".join(f"'{moment}'" for moment in MOMENTS)
    # The one that follows allows all it did, and three more.
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE lines DROP CONSTRAINT ck_lines_moment_is_known")
    op.execute(f"ALTER TABLE lines ADD CONSTRAINT ck_lines_moment_is_known CHECK (moment IN ({known})) NOT VALID")
    _home()
    _family()
    for table in (*CHANGED, *APPENDED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT{', UPDATE' if table in CHANGED else ''} ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON book_homeward FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, done_at, due_at) ON book_homeward TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_moment_is_known")


def _home() -> None:
    op.create_table(
        "book_wishes",
        *_school_row("book_wishes"),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("comes", sa.String(length=8), nullable=False),
        sa.Column("tells_none", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("whole", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("book_wishes", "contacts", "contact_id"),
        sa.CheckConstraint("comes IN ('each', 'daily', 'weekly', 'never')", name=op.f("ck_book_wishes_comes_is_known")),
    )
    op.create_index(
        "uq_book_wishes_standing",
        "book_wishes",
        ["school_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "book_homeward",
        *_school_row("book_homeward"),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("book_homeward", "book_pages", "page_id"),
        _belongs("book_homeward", "contacts", "contact_id"),
    )
    op.create_index("ix_book_homeward_due", "book_homeward", ["due_at"], postgresql_where=sa.text("done_at IS NULL"))
    op.create_table(
        "book_reads",
        *_school_row("book_reads"),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("told_child", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("book_reads", "book_pages", "page_id"),
        _belongs("book_reads", "contacts", "contact_id"),
        sa.UniqueConstraint(
            "school_id",
            "page_id",
            "contact_id",
            "told_child",
            name=op.f("uq_book_reads_school_id_page_id_contact_id_told_child"),
        ),
    )


def _family() -> None:
    op.create_table(
        "family_devices",
        *_school_row("family_devices"),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("family_devices", "contacts", "contact_id"),
        _belongs("family_devices", "deliveries", "delivery_id"),
    )
    op.create_index("ix_family_devices_contact", "family_devices", ["school_id", "contact_id"])
    op.create_table(
        "family_codes",
        *_school_row("family_codes"),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("family_codes", "contacts", "contact_id"),
        _belongs("family_codes", "deliveries", "delivery_id"),
    )
    op.create_index("ix_family_codes_contact", "family_codes", ["school_id", "contact_id", "made_at"])
    op.create_table(
        "family_closings",
        *_school_row("family_closings"),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        _belongs("family_closings", "contacts", "contact_id"),
        _belongs("family_closings", "staff", "staff_id"),
    )
    op.create_index("ix_family_closings_contact", "family_closings", ["school_id", "contact_id", "at"])


def _school_row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f(f"fk_{table}_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("school_id", "id", name=op.f(f"uq_{table}_school_id_id")),
    )


def _belongs(table: str, to: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column], [f"{to}.school_id", f"{to}.id"], name=op.f(f"fk_{table}_school_id_{column}")
    )
