"""Around: what choosing needs to know of a school, asked for once however many of its teachers are asked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, union_all

from commsbridge import partnership, schools, students, whanau
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.prompts.choosing import Waiting, choose
from commsbridge.prompts.models import Answer, Prompt, PromptedChild
from commsbridge.schools import Viewer
from commsbridge.students import Student

# How long a child who was asked about is left to that adult (school days, the day itself included).
LEFT_TO_OTHERS = 2
# "Somebody else sees more of this child": so long they are not asked about again (school days).
SPARED_FOR = 10


@dataclass(frozen=True, slots=True)
class Around:
    """A school as it stands at one moment, for the members of staff it was looked at for.

    ``taught`` has the children of each, by staff id and student id; ``spared`` are those nobody is asked about now;
    ``asked`` says who is asked about a child already, ``left`` whom an adult left to somebody else.
    """

    taught: Mapping[uuid.UUID, Mapping[uuid.UUID, Student]]
    waiting: Mapping[uuid.UUID, Waiting]
    spared: Collection[uuid.UUID]
    asked: Mapping[uuid.UUID, set[uuid.UUID]]
    left: Collection[tuple[uuid.UUID, uuid.UUID]]
    today: date

    def next_for(self, staff_id: uuid.UUID, how_many: int) -> list[Waiting]:
        """The children somebody would be asked about now, the most due first."""
        taught = self.taught[staff_id]
        spare = {child for child in taught if self._is_spared(staff_id, child)}
        return choose((self.waiting[child] for child in taught), how_many, spare=spare, turn=self.today.isoformat())

    def note_asked(self, staff_id: uuid.UUID, student_ids: Collection[uuid.UUID]) -> None:
        """Somebody is asked about these children from now on: no other adult is, today."""
        for student_id in student_ids:
            self.asked[student_id].add(staff_id)

    def _is_spared(self, staff_id: uuid.UUID, student_id: uuid.UUID) -> bool:
        elsewhere = self.asked[student_id] - {staff_id}
        return student_id in self.spared or bool(elsewhere) or (staff_id, student_id) in self.left


def look_around(work: Work, viewers: Collection[Viewer], calendar: SchoolCalendar) -> Around:
    """Look at the children these members of staff teach today, and at what was asked about them lately."""
    today = schools.today(work)
    taught = students.students_taught_by_each(work, viewers, today)
    children = {child.id: child for theirs in taught.values() for child in theirs.values()}
    reached = partnership.good_news_reached(work, list(children)) if children else {}
    asked, left = _asked_lately(work, calendar, today) if children else ({}, set())
    return Around(
        taught=taught,
        waiting={each.id: _waiting(each, reached.get(each.id), calendar, today) for each in children.values()},
        spared=_spared(work, children, today) if children else set(),
        asked=defaultdict(set, asked),
        left=left,
        today=today,
    )


def _waiting(child: Student, reached: datetime | None, calendar: SchoolCalendar, today: date) -> Waiting:
    here = calendar.school_days_since(calendar.local(child.created_at).date(), today)
    waited = calendar.school_days_since(calendar.local(reached).date(), today) if reached else None
    return Waiting(child.id, waited, here)


def _spared(work: Work, children: Collection[uuid.UUID], today: date) -> set[uuid.UUID]:
    reachable = whanau.reachable(work, list(children), on=today)
    paused = {pause.student_id for pause in whanau.running_pauses(work, on=today, student_ids=list(children))}
    return {each for each in children if each in paused or each not in reachable}


def _asked_lately(
    work: Work, calendar: SchoolCalendar, today: date
) -> tuple[dict[uuid.UUID, set[uuid.UUID]], set[tuple[uuid.UUID, uuid.UUID]]]:
    """By child who was asked about them just now and has not done with it; and whom an adult left to somebody else."""
    lately = schools.day_begins(work, _back(calendar, today, LEFT_TO_OTHERS))
    earlier = schools.day_begins(work, _back(calendar, today, SPARED_FOR))
    prompted = select(PromptedChild.student_id, PromptedChild.answer, Prompt.staff_id).join(
        Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id)
    )
    done = PromptedChild.answer.is_distinct_from(Answer.LATER) & PromptedChild.answer.is_not(None)
    rows = union_all(
        prompted.where(Prompt.due_at >= lately, ~done),
        prompted.where(Prompt.due_at >= earlier, PromptedChild.answer == Answer.SOMEONE_ELSE),
    )
    asked: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    left = set()
    for student_id, said, staff_id in work.session.execute(rows):
        if said == Answer.SOMEONE_ELSE:
            left.add((staff_id, student_id))
        else:
            asked[student_id].add(staff_id)
    return asked, left


def _back(calendar: SchoolCalendar, today: date, days: int) -> date:
    """The first of the last ``days`` school days."""
    return next(iter(calendar.last_school_days(days, today)), today)
