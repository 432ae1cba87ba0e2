"""Hui: the meeting of one home, its times and people, what each brings, what was agreed, and what follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

CHANGED = ("hui", "hui_people", "hui_items", "hui_steps")
APPENDED = (
    "hui_times",
    "hui_askings",
    "hui_told",
    "hui_wishes",
    "hui_voices",
    "hui_evaluations",
    "hui_corrections",
)
WIDER = {
    ("lines", "moment_is_known"): "moment IN ('praise', 'welcome', 'notice', 'reply', 'answer', 'staff_note', 'gate', "
    "'call', 'wish', 'sent', 'arrived', 'did_not_arrive', 'uncertain', 'held', 'cancelled', 'undone', 'seen', "
    "'moved', 'corrected', 'other_way', 'concern', 'book', 'read_at_home', 'told_child', 'read_to_child', "
    "'support', 'hui')",
    ("safety_alerts", "said_in_is_known"): "said_in IN ('book', 'beside', 'answer', 'hui')",
}


def upgrade() -> None:
    """Apply: new tables, one more moment of the log, one more place where a child's words stand."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for (table, name), rule in WIDER.items():
        # The one that follows allows all it did, and one more.
        op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID")
    _hui()
    _brought()
    _follows()
    for table in (*CHANGED, *APPENDED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT{', UPDATE' if table in CHANGED else ''} ON {table} TO commsbridge_app")
    op.execute("CREATE POLICY carrier ON hui FOR SELECT TO commsbridge_carrier USING (true)")
    op.execute("GRANT SELECT (school_id, look_at) ON hui TO commsbridge_carrier")
    with op.get_context().autocommit_block():
        for table, name in WIDER:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def _hui() -> None:
    op.create_table(
        "hui",
        *_school_row("hui"),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("needed", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("video_url", sa.String(length=300), server_default="", nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column("chair", sa.String(length=120), server_default="", nullable=False),
        sa.Column("minute_taker", sa.String(length=120), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), server_default="", nullable=False),
        _belongs("hui", "contacts", "chosen_by"),
        _belongs("hui", "contacts", "contact_id"),
        _belongs("hui", "households", "household_id"),
        _belongs("hui", "staff", "staff_id"),
        _belongs("hui", "students", "student_id"),
        sa.CheckConstraint(
            "state IN ('prepared', 'asked', 'set', 'held', 'cancelled')",
            name=op.f("ck_hui_state_is_known"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 10 AND 240",
            name=op.f("ck_hui_minutes_are_sensible"),
        ),
        sa.CheckConstraint(
            "state <> 'set' OR begins_at IS NOT NULL",
            name=op.f("ck_hui_set_has_a_time"),
        ),
        sa.CheckConstraint(
            "kind IN ('iep', 'interview', 'catch_up', 'transition', 'restorative', 'open')",
            name=op.f("ck_hui_kind_is_known"),
        ),
        sa.CheckConstraint(
            "(household_id IS NULL) <> (contact_id IS NULL)",
            name=op.f("ck_hui_one_home"),
        ),
    )
    op.create_index("ix_hui_due", "hui", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.create_index("ix_hui_student", "hui", ["school_id", "student_id", "made_at"])
    op.create_table(
        "hui_times",
        *_school_row("hui_times"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_times", "hui", "hui_id"),
        sa.UniqueConstraint(
            "school_id", "hui_id", "round", "number", name=op.f("uq_hui_times_school_id_hui_id_round_number")
        ),
    )
    op.create_table(
        "hui_askings",
        *_school_row("hui_askings"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_askings", "contacts", "contact_id"),
        _belongs("hui_askings", "deliveries", "delivery_id"),
        _belongs("hui_askings", "hui", "hui_id"),
    )
    op.create_index("ix_hui_askings_address", "hui_askings", ["school_id", "address", "asked_at"])
    op.create_index("ix_hui_askings_hui", "hui_askings", ["school_id", "hui_id"])
    op.create_table(
        "hui_told",
        *_school_row("hui_told"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_told", "hui", "hui_id"),
        _belongs("hui_told", "messages", "message_id"),
    )
    op.create_index("ix_hui_told_hui", "hui_told", ["school_id", "hui_id"])
    op.create_table(
        "hui_people",
        *_school_row("hui_people"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("by_family", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_people", "contacts", "answered_by"),
        _belongs("hui_people", "hui", "hui_id"),
        _belongs("hui_people", "staff", "staff_id"),
        sa.CheckConstraint(
            "answer IN ('waiting', 'yes', 'no')",
            name=op.f("ck_hui_people_answer_is_known"),
        ),
    )
    op.create_index("ix_hui_people_hui", "hui_people", ["school_id", "hui_id"])
    op.create_index("ix_hui_people_staff", "hui_people", ["school_id", "staff_id"])


def _brought() -> None:
    op.create_table(
        "hui_wishes",
        *_school_row("hui_wishes"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("tikanga", sa.Text(), server_default="", nullable=False),
        sa.Column("interpreter", sa.String(length=120), server_default="", nullable=False),
        sa.Column("support", sa.String(length=200), server_default="", nullable=False),
        sa.Column("access", sa.Text(), server_default="", nullable=False),
        sa.Column("kaitakawaenga", sa.Boolean(), nullable=False),
        sa.Column("part", sa.String(length=6), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_wishes", "contacts", "contact_id"),
        _belongs("hui_wishes", "hui", "hui_id"),
        _belongs("hui_wishes", "staff", "staff_id"),
        sa.CheckConstraint(
            "part IN ('all', 'some', 'none')",
            name=op.f("ck_hui_wishes_part_is_known"),
        ),
    )
    op.create_index("ix_hui_wishes_hui", "hui_wishes", ["school_id", "hui_id", "at"])
    op.create_table(
        "hui_items",
        *_school_row("hui_items"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("whose", sa.String(length=8), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.Text(), server_default="", nullable=False),
        sa.Column("agrees", sa.String(length=12), nullable=True),
        sa.Column("agrees_words", sa.Text(), server_default="", nullable=False),
        sa.Column("agrees_by", sa.Uuid(), nullable=True),
        sa.Column("agrees_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("hui_items", "contacts", "agrees_by"),
        _belongs("hui_items", "contacts", "contact_id"),
        _belongs("hui_items", "hui", "hui_id"),
        _belongs("hui_items", "staff", "staff_id"),
        sa.CheckConstraint(
            "whose IN ('student', 'family', 'school')",
            name=op.f("ck_hui_items_whose_is_known"),
        ),
        sa.UniqueConstraint("school_id", "hui_id", "position", name=op.f("uq_hui_items_school_id_hui_id_position")),
        sa.CheckConstraint(
            "agrees IN ('agree', 'not_yet', 'differently', 'later')",
            name=op.f("ck_hui_items_agrees_is_known"),
        ),
    )
    op.create_table(
        "hui_voices",
        *_school_row("hui_voices"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("whose", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hears", sa.String(length=8), nullable=False),
        sa.Column("with_whom", sa.String(length=120), server_default="", nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_voices", "safety_alerts", "alert_id"),
        _belongs("hui_voices", "contacts", "contact_id"),
        _belongs("hui_voices", "hui", "hui_id"),
        _belongs("hui_voices", "staff", "staff_id"),
        sa.CheckConstraint(
            "hears IN ('everyone', 'school', 'home')",
            name=op.f("ck_hui_voices_hears_is_known"),
        ),
        sa.CheckConstraint(
            "whose IN ('student', 'family')",
            name=op.f("ck_hui_voices_whose_is_known"),
        ),
    )
    op.create_index("ix_hui_voices_hui", "hui_voices", ["school_id", "hui_id"])
    op.create_index(
        "uq_hui_voices_alert",
        "hui_voices",
        ["school_id", "alert_id"],
        unique=True,
        postgresql_where=sa.text("alert_id IS NOT NULL"),
    )


def _follows() -> None:
    op.create_table(
        "hui_steps",
        *_school_row("hui_steps"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("by_family", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained", sa.Text(), server_default="", nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("hui_steps", "hui", "hui_id"),
        _belongs("hui_steps", "hui_items", "item_id"),
        _belongs("hui_steps", "staff", "staff_id"),
    )
    op.create_index("ix_hui_steps_hui", "hui_steps", ["school_id", "hui_id"])
    op.create_index(
        "ix_hui_steps_open", "hui_steps", ["school_id", "due_on"], postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_table(
        "hui_evaluations",
        *_school_row("hui_evaluations"),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("whose", sa.String(length=8), nullable=False),
        sa.Column("helped", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_evaluations", "contacts", "contact_id"),
        _belongs("hui_evaluations", "staff", "staff_id"),
        _belongs("hui_evaluations", "hui_steps", "step_id"),
        sa.CheckConstraint(
            "whose IN ('student', 'family', 'school')",
            name=op.f("ck_hui_evaluations_whose_is_known"),
        ),
        sa.CheckConstraint(
            "helped IN ('yes', 'partly', 'no')",
            name=op.f("ck_hui_evaluations_helped_is_known"),
        ),
    )
    op.create_index("ix_hui_evaluations_step", "hui_evaluations", ["school_id", "step_id", "at"])
    op.create_table(
        "hui_corrections",
        *_school_row("hui_corrections"),
        sa.Column("hui_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs("hui_corrections", "contacts", "contact_id"),
        _belongs("hui_corrections", "hui", "hui_id"),
        _belongs("hui_corrections", "staff", "staff_id"),
    )
    op.create_index("ix_hui_corrections_hui", "hui_corrections", ["school_id", "hui_id", "at"])


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
