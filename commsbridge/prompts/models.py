"""Nouns of prompts: when a teacher is asked, each time they were, and the children they were asked about."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school

MONDAY_TO_FRIDAY = range(5)


def weekdays_of(days: int) -> tuple[int, ...]:
    """The days of the week (Monday 0) of bits, Monday the lowest."""
    return tuple(day for day in MONDAY_TO_FRIDAY if days >> day & 1)


class Late(StrEnum):
    """What a school does with a prompt that could not be made in time: it goes, or it comes later and says so."""

    DROP = "drop"
    MOVE = "move"


class PromptRules(SchoolRow, Model):
    """What a school says about prompts, in one row at most; times are good contacts in ten school days.

    ``begin_days`` (bits as in Schedule), ``before_at`` and ``after_at`` are what a teacher is offered to begin with.
    """

    __tablename__ = "prompt_rules"

    usual_times: Mapped[int]
    book_times: Mapped[int]
    late: Mapped[Late] = mapped_column(OneOf(Late, 4))
    begin_days: Mapped[int] = mapped_column(server_default=text("10"))
    before_at: Mapped[time] = mapped_column(server_default=text("'08:30'::time"))
    after_at: Mapped[time] = mapped_column(server_default=text("'15:00'::time"))
    __table_args__ = within_school(
        UniqueConstraint("school_id"),
        CheckConstraint("usual_times BETWEEN 1 AND 10 AND book_times BETWEEN 1 AND 10", name="times_are_sane"),
        CheckConstraint("begin_days BETWEEN 1 AND 31", name="begin_days_are_weekdays"),
        CheckConstraint("late IN ('drop', 'move')", name="late_is_known"),
    )


class Schedule(SchoolRow, Model):
    """When one member of staff is asked who shone. ``days`` has a bit for each weekday, Monday the lowest.

    ``at`` is the time on the school's clock; ``how_many`` children are named; ``by_mail``, ``by_text``, ``by_push``
    beside the page Today. ``paused_until`` is the last day on which nothing is asked, ``until_on`` the last on which
    anything is (None: there is no last). ``class_id``, ``group_id`` or ``student_id``: about that class, group or child
    alone. ``asked_until``: its moments up to then were looked at. One that has ended keeps its prompts.
    """

    __tablename__ = "prompt_schedules"

    staff_id: Mapped[uuid.UUID]
    class_id: Mapped[uuid.UUID | None]
    student_id: Mapped[uuid.UUID | None]
    group_id: Mapped[uuid.UUID | None]
    days: Mapped[int]
    at: Mapped[time]
    how_many: Mapped[int]
    by_mail: Mapped[bool]
    by_text: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    by_push: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    paused_until: Mapped[date | None]
    until_on: Mapped[date | None]
    asked_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        belongs_to("classes", "class_id"),
        belongs_to("students", "student_id"),
        belongs_to("student_groups", "group_id"),
        CheckConstraint("class_id IS NULL OR student_id IS NULL", name="one_narrowing"),
        CheckConstraint("group_id IS NULL OR (class_id IS NULL AND student_id IS NULL)", name="group_alone"),
        CheckConstraint("days BETWEEN 1 AND 31", name="days_are_weekdays"),
        CheckConstraint("how_many BETWEEN 1 AND 3", name="how_many_is_few"),
        Index(
            "uq_prompt_schedules_one_for_each",
            "school_id",
            "staff_id",
            text("coalesce(class_id, student_id, group_id, '00000000-0000-0000-0000-000000000000')"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    @property
    def about(self) -> uuid.UUID | None:
        """The class, group or child it is about alone; None when it is about all that somebody teaches."""
        return self.class_id or self.group_id or self.student_id

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days of the week, Monday 0."""
        return weekdays_of(self.days)


class PromptMove(SchoolRow, Model):
    """That the prompt of one day (``from_on``) comes at ``to_at`` instead, or, without, not at all."""

    __tablename__ = "prompt_moves"

    schedule_id: Mapped[uuid.UUID]
    from_on: Mapped[date]
    to_at: Mapped[datetime | None]
    moved_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("prompt_schedules", "schedule_id"), UniqueConstraint("school_id", "schedule_id", "from_on")
    )


class PromptTime(Model):
    """That somebody at a school is asked on this weekday at this time: what the clock looks up. Outside the walls."""

    __tablename__ = "prompt_times"

    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[time] = mapped_column(primary_key=True)


class Prompt(SchoolRow, Model):
    """One time somebody was asked. The same schedule is never asked twice for one moment.

    ``texted_at`` is when it went to their phone, None when it did not. ``late``: it was missed, and dropped (then no
    child was asked about) or moved to ``made_at``.
    """

    __tablename__ = "prompts"

    schedule_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    texted_at: Mapped[datetime | None]
    late: Mapped[Late | None] = mapped_column(OneOf(Late, 4))
    __table_args__ = within_school(
        belongs_to("prompt_schedules", "schedule_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("school_id", "schedule_id", "due_at"),
        CheckConstraint("late IN ('drop', 'move')", name="late_is_known"),
        Index("ix_prompts_staff", "school_id", "staff_id", "due_at"),
        Index("ix_prompts_due_at", "school_id", "due_at"),
    )


class Answer(StrEnum):
    """What somebody said of a child they were asked about; praise needs no answer: the log has it."""

    NOT_TODAY = "not_today"
    AWAY = "away"
    LATER = "later"
    SOMEONE_ELSE = "someone_else"
    GATE = "gate"


class PromptedChild(SchoolRow, Model):
    """A child somebody was asked about. ``waited`` is what was shown: school days, None for never.

    ``again_on`` is the day on which one put off for later is shown again.
    """

    __tablename__ = "prompted_children"

    prompt_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    place: Mapped[int]
    waited: Mapped[int | None]
    concerns: Mapped[int]
    answer: Mapped[Answer | None] = mapped_column(OneOf(Answer, 12))
    answered_at: Mapped[datetime | None]
    again_on: Mapped[date | None]
    __table_args__ = within_school(
        belongs_to("prompts", "prompt_id"),
        belongs_to("students", "student_id"),
        UniqueConstraint("school_id", "prompt_id", "student_id"),
        Index("ix_prompted_children_student", "school_id", "student_id"),
        Index("ix_prompted_children_left", "school_id", "prompt_id", postgresql_where=text("answer = 'someone_else'")),
        CheckConstraint(f"answer IN ({', '.join(repr(str(each.value)) for each in Answer)})", name="answer_is_known"),
    )


class PushState(StrEnum):
    """Where a notice to a device stands: to go, taken by its push service, not taken, or too late by now."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    LATE = "late"


class Push(SchoolRow, Model):
    """A prompt as a notice to one device; this table is its queue.

    ``payload`` is what the device gets, forgotten once that is over. A try holds it until ``due_at``: should the
    worker die meanwhile it goes again, and the device shows it once (prompts.pushing). After ``expires_at`` nobody is
    asked any more that day.
    """

    __tablename__ = "prompt_pushes"

    prompt_id: Mapped[uuid.UUID]
    device_id: Mapped[uuid.UUID]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[PushState] = mapped_column(OneOf(PushState, 8))
    attempt: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    code: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = within_school(
        belongs_to("prompts", "prompt_id"),
        belongs_to("staff_devices", "device_id"),
        UniqueConstraint("school_id", "prompt_id", "device_id"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'late')", name="state_is_known"),
        Index("ix_prompt_pushes_waiting", "due_at", "school_id", postgresql_where=text("state = 'waiting'")),
        Index("ix_prompt_pushes_device", "school_id", "device_id"),
    )
