"""Nouns of hui: the meeting of one home, its times and people, what each brings, what was agreed and what follows."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.language import Language


class HuiKind(StrEnum):
    """Why people meet; ``open`` is the standing invitation that a family takes up."""

    IEP = "iep"
    INTERVIEW = "interview"
    CATCH_UP = "catch_up"
    TRANSITION = "transition"
    RESTORATIVE = "restorative"
    OPEN = "open"


class HuiState(StrEnum):
    """Where a hui stands."""

    PREPARED = "prepared"
    ASKED = "asked"
    SET = "set"
    HELD = "held"
    CANCELLED = "cancelled"


class Part(StrEnum):
    """How much of the hui the student is there for."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Whose(StrEnum):
    """Who brought something to the hui, or says how it went."""

    STUDENT = "student"
    FAMILY = "family"
    SCHOOL = "school"
    GUEST = "guest"


class Agrees(StrEnum):
    """What the family says of one point."""

    AGREE = "agree"
    NOT_YET = "not_yet"
    DIFFERENTLY = "differently"
    LATER = "later"


class Welcome(StrEnum):
    """Whether the family wants somebody at the table."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"


class Hears(StrEnum):
    """Who hears a student's voice, as the student chose."""

    EVERYONE = "everyone"
    SCHOOL = "school"
    HOME = "home"


class Helped(StrEnum):
    """How a next step went, looking back."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Hui(SchoolRow, Model):
    """One meeting with one home of a child: ``household_id``, or ``contact_id`` of somebody who is of no home.

    Where two homes both said so, ``with_household_id`` or ``with_contact_id`` names the second one: they meet together.
    ``round`` counts how often times were offered. ``look_at`` is when it next needs a look: a reminder, a step whose
    day is over. ``sequence`` counts the changes that calendars must hear of. Minutes that were sent never change.
    ``chased_at``: whoever opened it was asked for minutes that had not gone out.
    ``next_on`` is the day on which they meet again; ``next_asked_at`` when whoever opened it was asked to offer times.
    ``read_back_by`` read the summary aloud at ``read_back_at``; what is written afterwards has not been read back.
    """

    __tablename__ = "hui"

    student_id: Mapped[uuid.UUID]
    household_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    with_household_id: Mapped[uuid.UUID | None]
    with_contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID]
    kind: Mapped[HuiKind] = mapped_column(OneOf(HuiKind, 12))
    state: Mapped[HuiState] = mapped_column(OneOf(HuiState, 10))
    purpose: Mapped[str] = mapped_column(Text)
    needed: Mapped[str] = mapped_column(Text, server_default="", default="")
    place: Mapped[str] = mapped_column(String(200), server_default="", default="")
    video_url: Mapped[str] = mapped_column(String(300), server_default="", default="")
    minutes: Mapped[int]
    round: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    sequence: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    begins_at: Mapped[datetime | None]
    chosen_by: Mapped[uuid.UUID | None]
    chair: Mapped[str] = mapped_column(String(120), server_default="", default="")
    minute_taker: Mapped[str] = mapped_column(String(120), server_default="", default="")
    made_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    read_back_by: Mapped[str] = mapped_column(String(120), server_default="", default="")
    read_back_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    minutes_sent_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]
    next_on: Mapped[date | None]
    next_asked_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(Text, server_default="", default="")
    __table_args__ = within_school(
        belongs_to("students", "student_id"),
        belongs_to("households", "household_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("households", "with_household_id"),
        belongs_to("contacts", "with_contact_id"),
        belongs_to("contacts", "chosen_by"),
        belongs_to("staff", "staff_id"),
        CheckConstraint(
            "kind IN ('iep', 'interview', 'catch_up', 'transition', 'restorative', 'open')", name="kind_is_known"
        ),
        CheckConstraint("state IN ('prepared', 'asked', 'set', 'held', 'cancelled')", name="state_is_known"),
        CheckConstraint("(household_id IS NULL) <> (contact_id IS NULL)", name="one_home"),
        CheckConstraint("with_household_id IS NULL OR with_contact_id IS NULL", name="one_other_home"),
        CheckConstraint("state <> 'set' OR begins_at IS NOT NULL", name="set_has_a_time"),
        CheckConstraint("minutes BETWEEN 10 AND 240", name="minutes_are_sensible"),
        Index("ix_hui_student", "school_id", "student_id", "made_at"),
        Index("ix_hui_due", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    @property
    def places(self) -> tuple[tuple[uuid.UUID | None, uuid.UUID | None], ...]:
        """The homes it is with, each as its household, or as somebody who is of none."""
        own, other = (self.household_id, self.contact_id), (self.with_household_id, self.with_contact_id)
        return (own,) if other == (None, None) else (own, other)

    @property
    def homes(self) -> tuple[uuid.UUID, ...]:
        """What names the homes it is with."""
        return tuple(key for place in self.places for key in place if key is not None)

    @property
    def joint(self) -> bool:
        """Whether two homes meet together."""
        return len(self.places) > 1


class HuiTime(SchoolRow, Model):
    """One time that a family may choose; ``round`` says with which others it was offered."""

    __tablename__ = "hui_times"

    hui_id: Mapped[uuid.UUID]
    round: Mapped[int]
    number: Mapped[int]
    begins_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"), UniqueConstraint("school_id", "hui_id", "round", "number")
    )


class HuiAsking(SchoolRow, Model):
    """That a phone or mailbox was asked to choose: there, the times of one round count up from ``first_number``."""

    __tablename__ = "hui_askings"

    hui_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    address: Mapped[str] = mapped_column(String(254))
    round: Mapped[int]
    first_number: Mapped[int]
    asked_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("deliveries", "delivery_id"),
        Index("ix_hui_askings_address", "school_id", "address", "asked_at"),
        Index("ix_hui_askings_hui", "school_id", "hui_id"),
    )


class HuiTold(SchoolRow, Model):
    """A message by which the home was told of its hui: what has not left yet is stopped once it no longer holds."""

    __tablename__ = "hui_told"

    hui_id: Mapped[uuid.UUID]
    message_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("messages", "message_id"),
        Index("ix_hui_told_hui", "school_id", "hui_id"),
    )


class HuiPerson(SchoolRow, Model):
    """Somebody proposed for the table, or brought by the family (``by_family``), and what the family says to it.

    ``email``: somebody from outside is told by mail, in ``language``; ``told_at``: that they are wanted, and when,
    until it changes; ``mail_id``: the delivery of what they were told last, ``agreed_at`` when what was
    agreed was mailed. ``home`` brings them.
    """

    __tablename__ = "hui_people"

    hui_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text, server_default="", default="")
    email: Mapped[str] = mapped_column(String(254), server_default="", default="")
    language: Mapped[str] = mapped_column(String(10), server_default="both", default="both")
    told_at: Mapped[datetime | None]
    mail_id: Mapped[uuid.UUID | None]
    agreed_at: Mapped[datetime | None]
    by_family: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    home: Mapped[uuid.UUID | None]
    answer: Mapped[Welcome] = mapped_column(OneOf(Welcome, 8))
    answered_by: Mapped[uuid.UUID | None]
    answered_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("contacts", "answered_by"),
        CheckConstraint("answer IN ('waiting', 'yes', 'no')", name="answer_is_known"),
        Index("ix_hui_people_hui", "school_id", "hui_id"),
        Index("ix_hui_people_staff", "school_id", "staff_id"),
    )


class HuiWish(SchoolRow, Model):
    """How the family wishes the hui to be. Append-only: the newest stands, and who said it.

    ``kaitakawaenga`` is None until it was said. ``together``: they would meet together with another home of the child,
    if that one says so too. ``home`` says whose wishes they are where two homes meet.
    """

    __tablename__ = "hui_wishes"

    hui_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    place: Mapped[str] = mapped_column(String(200), server_default="", default="")
    tikanga: Mapped[str] = mapped_column(Text, server_default="", default="")
    interpreter: Mapped[str] = mapped_column(String(120), server_default="", default="")
    support: Mapped[str] = mapped_column(String(200), server_default="", default="")
    access: Mapped[str] = mapped_column(Text, server_default="", default="")
    kaitakawaenga: Mapped[bool | None]
    timer: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    together: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    home: Mapped[uuid.UUID | None]
    part: Mapped[Part | None] = mapped_column(OneOf(Part, 6))
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        CheckConstraint("part IN ('all', 'some', 'none')", name="part_is_known"),
        Index("ix_hui_wishes_hui", "school_id", "hui_id", "at"),
    )


class HuiItem(SchoolRow, Model):
    """One point of the agenda, what was decided of it, and what the family says to that.

    ``words_mi``: the same in te reo Māori, where it is a usual point or of the school's own form; else "".
    """

    __tablename__ = "hui_items"

    hui_id: Mapped[uuid.UUID]
    whose: Mapped[Whose] = mapped_column(OneOf(Whose, 8))
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(Text)
    words_mi: Mapped[str] = mapped_column(Text, server_default="", default="")
    position: Mapped[int]
    made_at: Mapped[datetime]
    decided: Mapped[str] = mapped_column(Text, server_default="", default="")
    agrees: Mapped[Agrees | None] = mapped_column(OneOf(Agrees, 12))
    agrees_words: Mapped[str] = mapped_column(Text, server_default="", default="")
    agrees_by: Mapped[uuid.UUID | None]
    agrees_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("contacts", "agrees_by"),
        belongs_to("staff", "staff_id"),
        CheckConstraint("whose IN ('student', 'family', 'school')", name="whose_is_known"),
        UniqueConstraint("school_id", "hui_id", "position"),
        CheckConstraint("agrees IN ('agree', 'not_yet', 'differently', 'later')", name="agrees_is_known"),
    )

    def words_in(self, language: Language) -> str:
        """The point for a reader of a language; as it was typed where it has no other words."""
        return (self.words_mi or self.words) if language is Language.MI else self.words


class HuiVoice(SchoolRow, Model):
    """What a student or a family says beforehand. ``with_whom`` is the trusted adult a student said it to.

    ``pictures`` are the keys of those a student pointed at (books.PICTURES), in the order they are shown.
    ``hears`` is the student's choice; a family's voice is heard by everyone there. What may be about somebody's safety
    names its alert, and is shown to nobody until the people named for safety let it stand, then at school alone.
    """

    __tablename__ = "hui_voices"

    hui_id: Mapped[uuid.UUID]
    whose: Mapped[Whose] = mapped_column(OneOf(Whose, 8))
    words: Mapped[str] = mapped_column(Text)
    pictures: Mapped[list[str]] = mapped_column(ARRAY(String(10)), server_default=text("'{}'"), default=list)
    hears: Mapped[Hears] = mapped_column(OneOf(Hears, 8))
    with_whom: Mapped[str] = mapped_column(String(120), server_default="", default="")
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    alert_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("safety_alerts", "alert_id"),
        CheckConstraint("whose IN ('student', 'family')", name="whose_is_known"),
        CheckConstraint("hears IN ('everyone', 'school', 'home')", name="hears_is_known"),
        Index("ix_hui_voices_hui", "school_id", "hui_id"),
        Index(
            "uq_hui_voices_alert", "school_id", "alert_id", unique=True, postgresql_where=text("alert_id IS NOT NULL")
        ),
    )


class HuiStep(SchoolRow, Model):
    """A next step: what, who (``staff_id`` where they are of the staff), by when, and what came of it.

    ``done_at`` is when somebody said what came of it, and ``done`` whether it was done; False: ``explained`` says why
    not. None there is a step that ended before this was kept, with words that may say either. ``reminded_at``: the
    family was reminded, on its day, of a step of its own. ``home``: which of two homes takes it.
    """

    __tablename__ = "hui_steps"

    hui_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID | None]
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(120))
    staff_id: Mapped[uuid.UUID | None]
    by_family: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    home: Mapped[uuid.UUID | None]
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done: Mapped[bool | None]
    explained: Mapped[str] = mapped_column(Text, server_default="", default="")
    reminded_at: Mapped[datetime | None]
    raised_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("hui_items", "item_id"),
        belongs_to("staff", "staff_id"),
        CheckConstraint("done IS NULL OR done_at IS NOT NULL", name="done_has_a_time"),
        Index("ix_hui_steps_hui", "school_id", "hui_id"),
        Index("ix_hui_steps_open", "school_id", "due_on", postgresql_where=text("done_at IS NULL")),
    )


class HuiEvaluation(SchoolRow, Model):
    """How a next step went, as the student, the family, the school or a guest sees it; ``staff_id`` wrote it down.

    Append-only.
    """

    __tablename__ = "hui_evaluations"

    step_id: Mapped[uuid.UUID]
    whose: Mapped[Whose] = mapped_column(OneOf(Whose, 8))
    helped: Mapped[Helped] = mapped_column(OneOf(Helped, 8))
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    guest_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui_steps", "step_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("hui_people", "guest_id"),
        CheckConstraint("whose IN ('student', 'family', 'school', 'guest')", name="whose_is_known"),
        CheckConstraint("helped IN ('yes', 'partly', 'no')", name="helped_is_known"),
        Index("ix_hui_evaluations_step", "school_id", "step_id", "at"),
    )


class HuiCorrection(SchoolRow, Model):
    """What stands beside minutes that were sent: they are never changed. Append-only."""

    __tablename__ = "hui_corrections"

    hui_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui", "hui_id"),
        belongs_to("contacts", "contact_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_hui_corrections_hui", "school_id", "hui_id", "at"),
    )
