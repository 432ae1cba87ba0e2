"""The first house: the lobby, the rooms of the first path, and the walls between schools."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WALLED = (
    "staff", "staff_roles", "terms", "closed_days", "looks", "students", "classes", "enrolments", "teaching",
    "staff_bars", "households", "contacts", "languages_asked", "ways", "guardianships", "pauses", "consent_entries",
    "lines", "line_words", "korero", "tasks", "phrases", "messages", "deliveries", "delivery_receipts", "replies",
    "reply_students", "raw_inbound",
)  # fmt: skip
APPEND_ONLY = ("looks", "consent_entries", "lines", "line_words", "delivery_receipts")
LOBBY = (
    "schools", "accounts", "memberships", "sign_ins", "attempts", "doors", "senders", "school_senders",
    "number_schools", "opt_outs", "workers_seen", "hook_alarms",
)  # fmt: skip
FORGETTABLE = ("sign_ins", "attempts", "doors", "opt_outs", "terms", "closed_days", "staff_bars")


def upgrade() -> None:
    """Apply. Expand first, contract in a later release: the version before this one keeps running meanwhile."""
    op.execute(
        "CREATE FUNCTION current_school() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE "
        "AS $$ SELECT nullif(current_setting('commsbridge.school_id', true), '')::uuid $$"
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="en", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"], unique=False)
    op.create_table(
        "hook_alarms",
        sa.Column("hook", sa.String(length=30), nullable=False),
        sa.Column("hour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("hook", "hour_at", name=op.f("pk_hook_alarms")),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_mi", sa.String(length=120), nullable=False),
        sa.Column("text_name", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=3), nullable=True),
        sa.Column("observed_anniversary", sa.String(length=3), nullable=True),
        sa.Column("time_zone", sa.String(length=40), server_default="Pacific/Auckland", nullable=False),
        sa.Column("quiet_from", sa.Time(), server_default=sa.text("'20:00'"), nullable=False),
        sa.Column("quiet_until", sa.Time(), server_default=sa.text("'07:30'"), nullable=False),
        sa.Column("office_phone", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("number", name=op.f("uq_schools_number")),
    )
    op.create_table(
        "senders",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("carrier_adds_charge_words", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rate", sa.Double(), server_default=sa.text("1"), nullable=False),
        sa.Column("burst", sa.Integer(), server_default=sa.text("10"), nullable=False),
        sa.Column("paid_until", sa.DateTime(timezone=True), server_default=sa.text("'epoch'"), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "kind IN ('standard', 'zero_rated', 'long_code', 'mail')", name=op.f("ck_senders_kind_is_known")
        ),
        sa.CheckConstraint("rate > 0 AND burst > 0", name=op.f("ck_senders_pace_is_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
        sa.UniqueConstraint("address", name=op.f("uq_senders_address")),
    )
    op.create_table(
        "workers_seen",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers_seen")),
    )
    op.create_table(
        "classes",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_classes_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_classes_school_id_id")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_classes_school_id_name")),
    )
    op.create_table(
        "closed_days",
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_closed_days_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sa.UniqueConstraint("school_id", "closed_on", name=op.f("uq_closed_days_school_id_closed_on")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_closed_days_school_id_id")),
    )
    op.create_table(
        "doors",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_doors_account_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_doors_school_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_doors")),
    )
    op.create_table(
        "households",
        sa.Column("label", sa.String(length=60), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_households_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_households_school_id_id")),
    )
    op.create_table(
        "korero",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_korero_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_korero")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_korero_school_id_id")),
    )
    op.create_index("ix_korero_student", "korero", ["school_id", "student_id"], unique=False)
    op.create_index("uq_korero_once_key", "korero", ["school_id", "once_key"], unique=True)
    op.create_table(
        "lines",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("subject", sa.String(length=12), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "moment IN ('praise', 'welcome', 'notice', 'reply', 'answer', 'staff_note', 'gate', 'call', 'wish', "
            "'sent', "
            "'arrived', 'did_not_arrive', 'uncertain', 'held', 'cancelled', 'undone', 'seen', 'moved', 'corrected')",
            name=op.f("ck_lines_moment_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "about"], ["lines.school_id", "lines.id"], name=op.f("fk_lines_school_id_about")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_lines_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_lines_school_id_id")),
    )
    op.create_index("ix_lines_about", "lines", ["school_id", "about"], unique=False)
    op.create_index("ix_lines_student_at", "lines", ["school_id", "student_id", "at"], unique=False)
    op.create_index("ix_lines_subject", "lines", ["school_id", "subject", "subject_id"], unique=False)
    op.create_table(
        "looks",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_looks_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_looks_school_id_id")),
    )
    op.create_index("ix_looks_subject", "looks", ["school_id", "subject", "subject_id", "at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_memberships_school_id")),
        sa.PrimaryKeyConstraint("account_id", "school_id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_memberships_staff_id")),
    )
    op.create_table(
        "number_schools",
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_number_schools_school_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name=op.f("fk_number_schools_sender_id")),
        sa.PrimaryKeyConstraint("sender_id", "address", "school_id", name=op.f("pk_number_schools")),
    )
    op.create_table(
        "opt_outs",
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name=op.f("fk_opt_outs_sender_id")),
        sa.PrimaryKeyConstraint("sender_id", "address", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "phrases",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("setting", sa.String(length=20), nullable=False),
        sa.Column("text_en", sa.String(length=200), nullable=False),
        sa.Column("text_mi", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(length=120), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("check_note", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_phrases_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_phrases_school_id_id")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_phrases_school_id_key")),
    )
    op.create_table(
        "raw_inbound",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("carrier", sa.String(length=10), nullable=False),
        sa.Column("carrier_key", sa.String(length=300), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_raw_inbound_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_inbound")),
    )
    op.create_index(
        "ix_raw_inbound_waiting", "raw_inbound", ["number"], unique=False, postgresql_where=sa.text("taken_at IS NULL")
    )
    op.create_index("uq_raw_inbound_carrier_key", "raw_inbound", ["carrier", "carrier_key"], unique=True)
    op.create_table(
        "school_senders",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_senders_school_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name=op.f("fk_school_senders_sender_id")),
        sa.PrimaryKeyConstraint("school_id", "sender_id", name=op.f("pk_school_senders")),
    )
    op.create_index(op.f("ix_school_senders_sender_id"), "school_senders", ["sender_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("remember", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_sign_ins_school_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_ins_expires_at"), "sign_ins", ["expires_at"], unique=False)
    op.create_table(
        "staff",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("shown_name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_staff_account_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_staff_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("school_id", "account_id", name=op.f("uq_staff_school_id_account_id")),
        sa.UniqueConstraint("school_id", "email", name=op.f("uq_staff_school_id_email")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_staff_school_id_id")),
    )
    op.create_table(
        "students",
        sa.Column("roll_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("preferred_name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("year_level", sa.Integer(), nullable=True),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("about_by", sa.String(length=120), server_default="", nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_students_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_students_school_id_id")),
        sa.UniqueConstraint("school_id", "roll_id", name=op.f("uq_students_school_id_roll_id")),
    )
    op.create_table(
        "tasks",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("role IS NOT NULL OR staff_id IS NOT NULL", name=op.f("ck_tasks_somebody_holds_it")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_tasks_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_tasks_school_id_id")),
    )
    op.create_index("ix_tasks_open", "tasks", ["school_id", "kind", "subject_id"], unique=False)
    op.create_table(
        "terms",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("first_on < last_on", name=op.f("ck_terms_first_before_last")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_terms_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_terms_school_id_id")),
        sa.UniqueConstraint("school_id", "year", "number", name=op.f("uq_terms_school_id_year_number")),
    )
    op.create_table(
        "contacts",
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("greeting", sa.String(length=60), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("note", sa.String(length=240), server_default="", nullable=False),
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "household_id"],
            ["households.school_id", "households.id"],
            name=op.f("fk_contacts_school_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_contacts_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_contacts_school_id_id")),
    )
    op.create_index("ix_contacts_name_key", "contacts", ["school_id", "name_key"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "class_id"],
            ["classes.school_id", "classes.id"],
            name=op.f("fk_enrolments_school_id_class_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_enrolments_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_enrolments_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_enrolments_school_id_id")),
    )
    op.create_index("ix_enrolments_class", "enrolments", ["school_id", "class_id"], unique=False)
    op.create_index("ix_enrolments_student", "enrolments", ["school_id", "student_id"], unique=False)
    op.create_table(
        "line_words",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "line_id"], ["lines.school_id", "lines.id"], name=op.f("fk_line_words_school_id_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_line_words_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_line_words_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_words")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_line_words_school_id_id")),
    )
    op.create_index("ix_line_words_student", "line_words", ["school_id", "student_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("as_link", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "line_id"], ["lines.school_id", "lines.id"], name=op.f("fk_messages_school_id_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "phrase_id"],
            ["phrases.school_id", "phrases.id"],
            name=op.f("fk_messages_school_id_phrase_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_messages_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_messages_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_messages_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_messages_school_id_id")),
    )
    op.create_index("ix_messages_student", "messages", ["school_id", "student_id", "made_at"], unique=False)
    op.create_index("uq_messages_once_key", "messages", ["school_id", "once_key"], unique=True)
    op.create_table(
        "staff_bars",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("kind IN ('whanau', 'restricted')", name=op.f("ck_staff_bars_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_staff_bars_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_staff_bars_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_staff_bars_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_bars")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_staff_bars_school_id_id")),
        sa.UniqueConstraint(
            "school_id", "staff_id", "student_id", name=op.f("uq_staff_bars_school_id_staff_id_student_id")
        ),
    )
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "role IN ('kaiako', 'kaiawhina', 'learning_support', 'leader', 'office', 'child_protection')",
            name=op.f("ck_staff_roles_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_staff_roles_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_staff_roles_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_staff_roles_school_id_id")),
    )
    op.create_index("ix_staff_roles_staff", "staff_roles", ["school_id", "staff_id"], unique=False)
    op.create_table(
        "teaching",
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "class_id"], ["classes.school_id", "classes.id"], name=op.f("fk_teaching_school_id_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_teaching_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_teaching_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teaching")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_teaching_school_id_id")),
    )
    op.create_index("ix_teaching_staff", "teaching", ["school_id", "staff_id"], unique=False)
    op.create_table(
        "consent_entries",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_consent_entries_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_consent_entries_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_entries")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_consent_entries_school_id_id")),
    )
    op.create_index("ix_consent_entries_address", "consent_entries", ["school_id", "address", "at"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("units", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("lane", sa.Integer(), server_default=sa.text("2"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier_id", sa.String(length=120), nullable=True),
        sa.Column("rank", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("logged_state", sa.String(length=10), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_deliveries_lease_while_sending")
        ),
        sa.CheckConstraint(
            "state <> 'queued' OR (sender_id IS NOT NULL AND address IS NOT NULL)",
            name=op.f("ck_deliveries_queued_can_go"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'held', 'by_hand', 'sending', 'sent', 'delivered', 'failed', 'uncertain', "
            "'cancelled')",
            name=op.f("ck_deliveries_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "after_id"],
            ["deliveries.school_id", "deliveries.id"],
            name=op.f("fk_deliveries_school_id_after_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_deliveries_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "line_id"], ["lines.school_id", "lines.id"], name=op.f("fk_deliveries_school_id_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "message_id"],
            ["messages.school_id", "messages.id"],
            name=op.f("fk_deliveries_school_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "staff_id"], ["staff.school_id", "staff.id"], name=op.f("fk_deliveries_school_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_deliveries_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_deliveries_school_id_id")),
        postgresql_with={"fillfactor": "80", "autovacuum_vacuum_scale_factor": "0.02"},
    )
    op.create_index("ix_deliveries_contact", "deliveries", ["school_id", "contact_id", "made_at"], unique=False)
    op.create_index(
        "ix_deliveries_held", "deliveries", ["held_until"], unique=False, postgresql_where=sa.text("state = 'held'")
    )
    op.create_index("ix_deliveries_message", "deliveries", ["school_id", "message_id"], unique=False)
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["lane", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_deliveries_sender_queued",
        "deliveries",
        ["sender_id", "lane", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_deliveries_sending",
        "deliveries",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_deliveries_uncertain",
        "deliveries",
        ["settled_at"],
        unique=False,
        postgresql_where=sa.text("state = 'uncertain'"),
    )
    op.create_index(
        "ix_deliveries_unlogged",
        "deliveries",
        ["school_id"],
        unique=False,
        postgresql_where=sa.text("logged_state IS DISTINCT FROM state AND state IN ('sent', 'failed', 'uncertain')"),
    )
    op.create_table(
        "guardianships",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("relationship", sa.String(length=60), nullable=False),
        sa.Column("may_message", sa.String(length=4), nullable=False),
        sa.Column("limit_reason", sa.Text(), nullable=True),
        sa.Column("primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("may_message IN ('yes', 'no', 'ask')", name=op.f("ck_guardianships_may_message_is_known")),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_guardianships_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_guardianships_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_guardianships_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianships")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_guardianships_school_id_id")),
    )
    op.create_index("ix_guardianships_contact", "guardianships", ["school_id", "contact_id"], unique=False)
    op.create_index("ix_guardianships_student", "guardianships", ["school_id", "student_id"], unique=False)
    op.create_table(
        "languages_asked",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("asked_by_family", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_languages_asked_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_languages_asked_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_languages_asked")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_languages_asked_school_id_id")),
    )
    op.create_index("ix_languages_asked_contact", "languages_asked", ["school_id", "contact_id"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_family", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint("(student_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_pauses_one_subject")),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_pauses_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_pauses_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_pauses_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_pauses_school_id_id")),
    )
    op.create_index("ix_pauses_contact", "pauses", ["school_id", "contact_id"], unique=False)
    op.create_index("ix_pauses_student", "pauses", ["school_id", "student_id"], unique=False)
    op.create_table(
        "ways",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=14), server_default="ok", nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('text', 'email', 'call', 'slip', 'video', 'interpreter')",
            name=op.f("ck_ways_channel_is_known"),
        ),
        sa.CheckConstraint(
            "channel NOT IN ('text', 'email') OR address IS NOT NULL", name=op.f("ck_ways_carried_has_address")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_ways_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_ways_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ways")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_ways_school_id_id")),
    )
    op.create_index("ix_ways_address", "ways", ["school_id", "address"], unique=False)
    op.create_index("ix_ways_contact", "ways", ["school_id", "contact_id"], unique=False)
    op.create_table(
        "delivery_receipts",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("arrival", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "delivery_id"],
            ["deliveries.school_id", "deliveries.id"],
            name=op.f("fk_delivery_receipts_school_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_delivery_receipts_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_receipts")),
        sa.UniqueConstraint(
            "school_id", "delivery_id", "key", name=op.f("uq_delivery_receipts_school_id_delivery_id_key")
        ),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_delivery_receipts_school_id_id")),
    )
    op.create_table(
        "replies",
        sa.Column("raw_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("from_address", sa.String(length=254), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("proven", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=30), nullable=True),
        sa.Column("command", sa.String(length=12), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'parked', 'command', 'automatic', 'not_ours')", name=op.f("ck_replies_state_is_known")
        ),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_inbound.id"], name=op.f("fk_replies_raw_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name=op.f("fk_replies_school_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "delivery_id"],
            ["deliveries.school_id", "deliveries.id"],
            name=op.f("fk_replies_school_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_replies_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("raw_id", name=op.f("uq_replies_raw_id")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_replies_school_id_id")),
    )
    op.create_index("ix_replies_contact", "replies", ["school_id", "contact_id", "received_at"], unique=False)
    op.create_index("ix_replies_state", "replies", ["school_id", "state", "received_at"], unique=False)
    op.create_table(
        "reply_students",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "line_id"], ["lines.school_id", "lines.id"], name=op.f("fk_reply_students_school_id_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "reply_id"],
            ["replies.school_id", "replies.id"],
            name=op.f("fk_reply_students_school_id_reply_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("fk_reply_students_school_id_student_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_reply_students_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_students")),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_reply_students_school_id_id")),
    )
    op.create_index("ix_reply_students_reply", "reply_students", ["school_id", "reply_id"], unique=False)
    op.create_index("ix_reply_students_student", "reply_students", ["school_id", "student_id"], unique=False)
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY school_wall ON {table} "
            "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
        )
        verbs = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"
        op.execute(f"GRANT {verbs} ON {table} TO commsbridge_app")
    for table in LOBBY:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO commsbridge_app")
    for table in FORGETTABLE:
        op.execute(f"GRANT DELETE ON {table} TO commsbridge_app")
    for table in ("opt_outs", "number_schools"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY whose_address ON opt_outs USING "
        "(EXISTS (SELECT FROM ways WHERE ways.school_id = current_school() AND ways.address = opt_outs.address)) "
        "WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY school_wall ON number_schools "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY ingest ON number_schools FOR SELECT TO commsbridge_ingest USING (true)")
    for table in (*WALLED, "opt_outs", "number_schools"):
        op.execute(f"CREATE POLICY backup ON {table} FOR SELECT TO commsbridge_owner USING (true)")
    op.execute("GRANT SELECT ON alembic_version TO commsbridge_app")
    op.execute("CREATE POLICY ingest ON raw_inbound TO commsbridge_ingest USING (true) WITH CHECK (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON raw_inbound TO commsbridge_ingest")
    op.execute("GRANT SELECT ON schools, senders, school_senders, number_schools TO commsbridge_ingest")
    op.execute("CREATE POLICY carrier ON deliveries TO commsbridge_carrier USING (true) WITH CHECK (true)")
    op.execute("GRANT SELECT ON deliveries, senders TO commsbridge_carrier")
    op.execute(
        "GRANT UPDATE (state, why, code, due_at, attempt, worker, lease_until, carrier_id, sent_at, settled_at) "
        "ON deliveries TO commsbridge_carrier"
    )
    op.execute("GRANT UPDATE (paid_until, held_until, alarm) ON senders TO commsbridge_carrier")
