"""Nouns of the lobby: schools, staff and their sign-in, senders, doors, term calendar, and who looked at what."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import Dated, OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.language import LONGEST_CODE
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.reo_dates import DayNames


class Role(StrEnum):
    """What a member of staff may see and do: docs/roles.md is the table."""

    KAIAKO = "kaiako"
    KAIAWHINA = "kaiawhina"
    LEARNING_SUPPORT = "learning_support"
    LEADER = "leader"
    OFFICE = "office"
    CHILD_PROTECTION = "child_protection"
    SPEAKER = "speaker"


class SenderKind(StrEnum):
    """Kinds of sender: what a reply costs a family, and what an operator asks of each text, follows from it."""

    STANDARD = "standard"
    ZERO_RATED = "zero_rated"
    LONG_CODE = "long_code"
    MAIL = "mail"


class School(Model):
    """A school. Outside the walls: sign-in and hooks must find it before a school is known.

    ``text_name`` stands first in every text. ``observed_anniversary`` is the region whose anniversary day is kept,
    where that is not the school's own. ``only_checked_te_reo``: te reo that nobody named has checked stays here.
    ``day_names`` and ``text_vowels`` are how it writes te reo; names of people stay as they are.
    ``concerns_read_first``: a second person reads each concern before it goes.
    """

    __tablename__ = "schools"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid(), default=uuid.uuid4)
    number: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    name_en: Mapped[str] = mapped_column(String(120))
    name_mi: Mapped[str] = mapped_column(String(120))
    text_name: Mapped[str] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(3))
    observed_anniversary: Mapped[str | None] = mapped_column(String(3))
    time_zone: Mapped[str] = mapped_column(String(40), server_default="Pacific/Auckland", default="Pacific/Auckland")
    quiet_from: Mapped[time] = mapped_column(server_default=text("'20:00'"), default=time(20))
    quiet_until: Mapped[time] = mapped_column(server_default=text("'07:30'"), default=time(7, 30))
    office_phone: Mapped[str | None] = mapped_column(String(20))
    only_checked_te_reo: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    day_names: Mapped[DayNames] = mapped_column(
        OneOf(DayNames, 11), server_default="traditional", default=DayNames.TRADITIONAL
    )
    text_vowels: Mapped[LongVowels] = mapped_column(
        OneOf(LongVowels, 7), server_default="macrons", default=LongVowels.MACRONS
    )
    concerns_read_first: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = (
        CheckConstraint("day_names IN ('traditional', 'loan')", name="day_names_are_known"),
        CheckConstraint("text_vowels IN ('macrons', 'doubled', 'plain')", name="text_vowels_are_known"),
    )

    def name_in(self, language: str) -> str:
        """Its name for who reads ``language``: the te reo Māori one for "mi" and "both", else the English one."""
        return self.name_mi if language in {"mi", "both"} else self.name_en


class Account(Model):
    """One person's sign-in, which may serve several schools. Outside the walls."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid(), default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(LONGEST_CODE), server_default="en", default="en")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Model):
    """That an account works at a school: ids only, so that sign-in can offer the schools. Outside the walls.

    ``left_on`` is the first day (the school's own) on which sign-in no longer offers it.
    """

    __tablename__ = "memberships"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    left_on: Mapped[date | None]


class SignIn(Model):
    """A signed-in device: the cookie's digest, never the cookie. Outside the walls.

    With ``remember`` it lasts a term whether used or not; without, it ends when it was not used for some hours.
    """

    __tablename__ = "sign_ins"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("schools.id"))
    remember: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Attempt(Model):
    """A try at a guarded door (sign-in, reset), counted to slow guessing; the key is a digest. Outside the walls."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[bytes]
    at: Mapped[datetime]
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)


class Door(Model):
    """A secret link that can close: the token's digest, what it opens, and until when. Outside the walls."""

    __tablename__ = "doors"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("schools.id"))
    subject_id: Mapped[uuid.UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Sender(Model):
    """A number or mail address that messages leave from, with its pace. Outside the walls; holds no person.

    ``rate`` is units (text segments, mails) a second and ``burst`` how many may go at once; ``paid_until`` is the
    theoretical arrival time of the generic cell rate algorithm (ITU-T I.371), kept on the database's clock.
    """

    __tablename__ = "senders"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid(), default=uuid.uuid4)
    kind: Mapped[SenderKind] = mapped_column(OneOf(SenderKind, 12))
    address: Mapped[str] = mapped_column(String(254), unique=True)
    shared: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    carrier_adds_charge_words: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    rate: Mapped[float] = mapped_column(server_default=text("1"), default=1.0)
    burst: Mapped[int] = mapped_column(server_default=text("10"), default=10)
    paid_until: Mapped[datetime] = mapped_column(server_default=text("'epoch'"))
    held_until: Mapped[datetime | None]
    alarm: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        CheckConstraint("rate > 0 AND burst > 0", name="pace_is_positive"),
        CheckConstraint("kind IN ('standard', 'zero_rated', 'long_code', 'mail')", name="kind_is_known"),
    )


class SchoolSender(Model):
    """Which school sends from which sender. Outside the walls: an inbound text names only the sender.

    A school sends from the sender given last; answers to an earlier one still find it.
    """

    __tablename__ = "school_senders"

    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("senders.id"), primary_key=True, index=True)
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NumberSchool(Model):
    """Which schools a phone hears from on a shared sender, so that an answer finds them.

    A school sees and writes its own rows; the ingest role reads all of them to route a text.
    """

    __tablename__ = "number_schools"

    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("senders.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("schools.id"), primary_key=True, server_default=func.current_school()
    )


class OptOut(Model):
    """That an address said STOP to a sender: it holds for every school and every contact on that phone.

    The wall lets a school see it only where the school holds that address itself.
    """

    __tablename__ = "opt_outs"

    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("senders.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    since: Mapped[datetime]


class Duty(StrEnum):
    """What a process is there for: it sends and files, or it asks people at the times they chose."""

    WORKER = "worker"
    CLOCK = "clock"


class WorkerSeen(Model):
    """A heartbeat of each worker and of the clock that ticks: readiness and the admin's page say whether they are."""

    __tablename__ = "workers_seen"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime]
    duty: Mapped[Duty] = mapped_column(OneOf(Duty, 8), server_default="worker", default=Duty.WORKER)


class HookAlarm(Model):
    """Rejected hook signatures, counted by hour and hook: nothing of the request is kept."""

    __tablename__ = "hook_alarms"

    hook: Mapped[str] = mapped_column(String(30), primary_key=True)
    hour_at: Mapped[datetime] = mapped_column(primary_key=True)
    refused: Mapped[int] = mapped_column(server_default=text("0"), default=0)


class Staff(SchoolRow, Model):
    """A member of staff of one school. ``shown_name`` is how families read it: "Ms Walsh".

    ``left_on`` is the first day on which they are no longer there. ``working_days`` has a bit for each weekday they
    work, Monday the lowest.
    """

    __tablename__ = "staff"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(120))
    shown_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))
    left_on: Mapped[date | None]
    working_days: Mapped[int] = mapped_column(server_default=text("31"), default=31)
    __table_args__ = within_school(
        UniqueConstraint("school_id", "account_id"),
        UniqueConstraint("school_id", "email"),
        CheckConstraint("working_days BETWEEN 1 AND 31", name="working_days_are_weekdays"),
    )


class StaffRole(Dated, SchoolRow, Model):
    """A role held by a member of staff, from and to dates (the last day included)."""

    __tablename__ = "staff_roles"

    staff_id: Mapped[uuid.UUID]
    role: Mapped[Role] = mapped_column(OneOf(Role, 20))
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        Index("ix_staff_roles_staff", "school_id", "staff_id"),
        CheckConstraint(
            "role IN ('kaiako', 'kaiawhina', 'learning_support', 'leader', 'office', 'child_protection', 'speaker')",
            name="role_is_known",
        ),
    )


class StaffPhone(SchoolRow, Model):
    """A mobile that somebody on the staff says is theirs; proven once they typed the code that was texted to it.

    Of the code only a digest is kept, until it is used or over. ``stopped_at``: the phone said STOP.
    """

    __tablename__ = "staff_phones"

    staff_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(20))
    code_digest: Mapped[bytes | None]
    code_until: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    asked_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        Index("ix_staff_phones_staff", "school_id", "staff_id"),
        Index(
            "uq_staff_phones_proven",
            "school_id",
            "address",
            unique=True,
            postgresql_where=text("verified_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )


class StaffDevice(SchoolRow, Model):
    """A browser that somebody asked to be prompted on: where its push service takes messages, and its keys for them.

    ``names``: its notices may name children. ``failed_at``: the last one was not taken. One that the push service no
    longer knows has ended, and is ``gone``.
    """

    __tablename__ = "staff_devices"

    staff_id: Mapped[uuid.UUID]
    endpoint: Mapped[str] = mapped_column(String(1000))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    names: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    added_at: Mapped[datetime]
    failed_at: Mapped[datetime | None]
    gone: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        Index("ix_staff_devices_staff", "school_id", "staff_id"),
        Index(
            "uq_staff_devices_endpoint",
            "school_id",
            "endpoint",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Term(SchoolRow, Model):
    """A term whose days this school has set for itself; the others are as shipped. First and last days included."""

    __tablename__ = "terms"

    year: Mapped[int]
    number: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    __table_args__ = within_school(
        UniqueConstraint("school_id", "year", "number"), CheckConstraint("first_on < last_on", name="first_before_last")
    )


class ClosedDay(SchoolRow, Model):
    """A day on which this school is closed though the calendar says otherwise: teacher-only day, flood, anniversary."""

    __tablename__ = "closed_days"

    closed_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(120))
    __table_args__ = within_school(UniqueConstraint("school_id", "closed_on"))


class SendingRules(SchoolRow, Model):
    """How this school sends, in one row at most; ``urgent_roles`` are the names of roles with blanks between them.

    ``text_cents`` is the price of one text segment, ``budget_cents`` what a month's texts may cost.
    """

    __tablename__ = "sending_rules"

    praise_on_school_days: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    notices_on_school_days: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    urgent_roles: Mapped[str] = mapped_column(String(120))
    text_cents: Mapped[float]
    budget_cents: Mapped[int | None]
    __table_args__ = within_school(
        UniqueConstraint("school_id"),
        CheckConstraint("text_cents > 0 AND budget_cents > 0", name="costs_are_positive"),
    )


class Look(SchoolRow, Model):
    """Who looked at which guarded thing, when: the audit. Append-only."""

    __tablename__ = "looks"

    at: Mapped[datetime]
    staff_id: Mapped[uuid.UUID | None]
    subject: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID]
    __table_args__ = within_school(Index("ix_looks_subject", "school_id", "subject", "subject_id", "at"))
