"""What a school says about prompts: how often good news should reach each home, and what happens to a late prompt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from commsbridge import students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.prompts.choosing import SCHOOL_DAYS
from commsbridge.prompts.models import Late, PromptRules

MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """A school's rules: good contacts in ten school days, for most children and for one with a book; late prompts.

    The defaults are the product's guidance: one a fortnight, two a school week for a student with a book (two positive
    mails a week were feasible: Fefer et al. 2020, five families).
    """

    usual_times: int = 1
    book_times: int = 4
    late: Late = Late.MOVE


def rules_of(work: Work) -> Rules:
    """The rules of this school; the common ones until it sets its own."""
    row = work.session.scalar(select(PromptRules))
    return Rules(row.usual_times, row.book_times, row.late) if row else Rules()


def set_rules(work: Work, rules: Rules) -> None:
    """Set the school's rules. Raises Invalid for a target that is none, or more than once a day."""
    for field, times in (("usual_times", rules.usual_times), ("book_times", rules.book_times)):
        if not 1 <= times <= MOST_TIMES:
            raise Invalid(N_("Choose once to ten times in two weeks."), field=field)
    row = work.session.scalar(select(PromptRules).with_for_update()) or PromptRules()
    row.usual_times, row.book_times, row.late = rules.usual_times, rules.book_times, rules.late
    work.session.add(row)
    work.session.flush()


def intervals_of(work: Work, student_ids: Collection[UUID]) -> Mapping[UUID, float]:
    """The school days that each child's target leaves between two good contacts."""
    rules, own = rules_of(work), students.targets_of(work, student_ids)
    found = {}
    for each in student_ids:
        target = own.get(each, students.Target())
        times = target.times or (rules.book_times if target.has_book else rules.usual_times)
        found[each] = SCHOOL_DAYS / times
    return found
