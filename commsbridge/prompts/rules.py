"""What a school says about prompts: how often good news should reach each home, and what happens to a late prompt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import select

from commsbridge import students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.prompts.choosing import SCHOOL_DAYS
from commsbridge.prompts.models import MONDAY_TO_FRIDAY, Late, PromptRules, weekdays_of
from commsbridge.students import Aim

MOST_TIMES = 10
# The hours in which a teacher may be asked anything: never at night, whatever was typed.
EARLIEST, LATEST = time(7, 0), time(18, 0)
NO_DAY = N_("Choose at least one day from Monday to Friday.")
OUTSIDE_HOURS = N_("Choose a time between 7 am and 6 pm.")


@dataclass(frozen=True, slots=True)
class Rules:
    """A school's rules: good contacts in ten school days, for most children and for one with a book; late prompts.

    The defaults are the product's guidance: one a fortnight, two a school week for a student with a book (two positive
    mails a week were feasible: Fefer et al. 2020, five families). ``begin_days`` (Monday 0), ``before_at`` and
    ``after_at``, on the school's clock, are what a teacher is offered to begin with: on which days, before and after
    class.
    """

    usual_times: int = 1
    book_times: int = 4
    late: Late = Late.MOVE
    begin_days: tuple[int, ...] = (1, 3)
    before_at: time = time(8, 30)
    after_at: time = time(15, 0)


def rules_of(work: Work) -> Rules:
    """The rules of this school; the common ones until it sets its own."""
    return work.once("prompt rules", lambda: _rules(work))


def _rules(work: Work) -> Rules:
    row = work.session.scalar(select(PromptRules))
    if row is None:
        return Rules()
    begin_days = weekdays_of(row.begin_days)
    return Rules(row.usual_times, row.book_times, row.late, begin_days, row.before_at, row.after_at)


def set_rules(work: Work, rules: Rules) -> None:
    """Set the school's rules.

    Raises Invalid for a target that is none, or more than once a day, for no weekday, and for a time outside EARLIEST
    to LATEST.
    """
    for field, times in (("usual_times", rules.usual_times), ("book_times", rules.book_times)):
        if not 1 <= times <= MOST_TIMES:
            raise Invalid(N_("Choose once to ten times in two weeks."), field=field)
    if not rules.begin_days or not set(rules.begin_days) <= set(MONDAY_TO_FRIDAY):
        raise Invalid(NO_DAY, field="days")
    for field, at in (("before_at", rules.before_at), ("after_at", rules.after_at)):
        if not EARLIEST <= at <= LATEST:
            raise Invalid(OUTSIDE_HOURS, field=field)
    row = work.session.scalar(select(PromptRules).with_for_update()) or PromptRules()
    common = Rules()
    stood = {Aim.USUAL: row.usual_times or common.usual_times, Aim.BOOK: row.book_times or common.book_times}
    row.usual_times, row.book_times, row.late = rules.usual_times, rules.book_times, rules.late
    row.begin_days = sum(1 << day for day in set(rules.begin_days))
    row.before_at, row.after_at = rules.before_at, rules.after_at
    work.session.add(row)
    work.session.flush()
    work.forget("prompt rules")
    for aim, times in ((Aim.USUAL, rules.usual_times), (Aim.BOOK, rules.book_times)):
        if times != stood[aim]:
            students.note_aim(work, aim, times)


def intervals_of(work: Work, student_ids: Collection[UUID]) -> Mapping[UUID, float]:
    """The school days that each child's target leaves between two good contacts."""
    rules, own = rules_of(work), students.targets_of(work, student_ids)
    found = {}
    for each in student_ids:
        target = own.get(each, students.Target())
        times = target.times or (rules.book_times if target.has_book else rules.usual_times)
        found[each] = SCHOOL_DAYS / times
    return found
