"""Around: what choosing needs to know of a school, asked for once however many of its teachers are asked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, any_, bindparam, func, or_, select

from commsbridge import partnership, schools, students, whanau
from commsbridge.foundation.columns import Ids
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.prompts.choosing import EARLIEST, Waiting, choose
from commsbridge.prompts.models import Answer, Prompt, PromptedChild
from commsbridge.prompts.rules import intervals_of
from commsbridge.schools import Viewer
from commsbridge.students import Student

# How long a child who was asked about is left to that adult (school days, the day itself included); whoever is past
# their target for that day alone.
LEFT_TO_OTHERS = 2
# "Somebody else sees more of this child": so long they are not asked about again (school days).
SPARED_FOR = 10
# Adults who share a child take turns: asked about lately, they let the others come first (school days).
TURN_LASTS = 5
SHARED_WITHIN = 20
# A concern weighs for so long (school days).
CONCERNS_OF = 10
Pair = tuple[uuid.UUID, uuid.UUID]
# By child and adult since a moment: when last asked, when last asked and not done, when last left to somebody else.
LATELY: Select[uuid.UUID, uuid.UUID, datetime, datetime | None, datetime | None] = (
    select(
        PromptedChild.student_id,
        Prompt.staff_id,
        func.max(Prompt.due_at),
        func.max(Prompt.due_at).filter(or_(PromptedChild.answer.is_(None), PromptedChild.answer == Answer.LATER)),
        func.max(Prompt.due_at).filter(PromptedChild.answer == Answer.SOMEONE_ELSE),
    )
    .join(Prompt, (Prompt.school_id == PromptedChild.school_id) & (Prompt.id == PromptedChild.prompt_id))
    .where(
        Prompt.due_at >= bindparam("since"),
        PromptedChild.student_id == any_(bindparam("children", type_=Ids())),
    )
    .group_by(PromptedChild.student_id, Prompt.staff_id)
)


@dataclass(frozen=True, slots=True)
class Around:
    """A school as it stands at one moment, for the members of staff it was looked at for.

    ``taught`` has the children of each, by staff id and student id; ``spared`` are those nobody is asked about now;
    ``asked`` says who is asked about a child already, ``left`` whom an adult left to somebody else, ``turned`` whose
    turn at a child was lately, and now is another adult's. Pairs are of staff id and student id.
    """

    taught: Mapping[uuid.UUID, Mapping[uuid.UUID, Student]]
    waiting: Mapping[uuid.UUID, Waiting]
    spared: Collection[uuid.UUID]
    asked: Mapping[uuid.UUID, set[uuid.UUID]]
    left: Collection[Pair]
    today_of: set[Pair]
    turned: Collection[Pair]
    today: date

    def next_for(
        self,
        staff_id: uuid.UUID,
        how_many: int,
        *,
        only: Collection[uuid.UUID] | None = None,
        earliest: float = EARLIEST,
        again_today: bool = False,
    ) -> list[Waiting]:
        """The children somebody would be asked about now, the most due first; of ``only`` these, where given.

        Nobody is asked about one child twice a day, unless it is only to be seen (``again_today``).
        """
        theirs = [child for child in self.taught[staff_id] if only is None or child in only]
        offered = [child for child in theirs if not self._is_spared(staff_id, child)]
        if not again_today:
            offered = [child for child in offered if (staff_id, child) not in self.today_of]
        return choose(
            (self.waiting[child] for child in offered),
            how_many,
            after={child for child in offered if (staff_id, child) in self.turned} if self.turned else (),
            turn=self.today.isoformat(),
            earliest=earliest,
        )

    def note_asked(self, staff_id: uuid.UUID, student_ids: Collection[uuid.UUID]) -> None:
        """Somebody is asked about these children from now on: no other adult is, today."""
        for student_id in student_ids:
            self.asked[student_id].add(staff_id)
            self.today_of.add((staff_id, student_id))

    def _is_spared(self, staff_id: uuid.UUID, student_id: uuid.UUID) -> bool:
        if student_id in self.spared or (staff_id, student_id) in self.left:
            return True
        others = self.asked.get(student_id, set()) - {staff_id}
        if others and self.waiting[student_id].due >= 1:
            return any((other, student_id) in self.today_of for other in others)
        return bool(others)


def look_around(work: Work, viewers: Collection[Viewer], calendar: SchoolCalendar) -> Around:
    """Look at the children these members of staff teach today, and at what was asked about them lately."""
    today = schools.today(work)
    taught = students.students_taught_by_each(work, viewers, today)
    children = {child.id: child for theirs in taught.values() for child in theirs.values()}
    lately = _asked_lately(work, list(children), calendar, today) if children else _Lately({}, set(), set(), set())
    return Around(
        taught=taught,
        waiting=_waiting(work, children, calendar, today) if children else {},
        spared=_spared(work, children, today) if children else set(),
        asked=defaultdict(set, lately.asked),
        left=lately.left,
        today_of=lately.today_of,
        turned=lately.turned,
        today=today,
    )


def _waiting(
    work: Work, children: Mapping[uuid.UUID, Student], calendar: SchoolCalendar, today: date
) -> dict[uuid.UUID, Waiting]:
    ids = list(children)
    reached = partnership.good_news_reached(work, ids)
    since = schools.day_begins(work, _back(calendar, today, CONCERNS_OF))
    concerns = partnership.concerns_since(work, ids, since=since)
    every = intervals_of(work, ids)
    return {
        child.id: Waiting(
            child.id,
            _days(calendar, reached.get(child.id), today),
            calendar.school_days_since(calendar.local(child.created_at).date(), today),
            every[child.id],
            concerns.get(child.id, 0),
        )
        for child in children.values()
    }


def _days(calendar: SchoolCalendar, reached: datetime | None, today: date) -> int | None:
    return calendar.school_days_since(calendar.local(reached).date(), today) if reached else None


def _spared(work: Work, children: Collection[uuid.UUID], today: date) -> set[uuid.UUID]:
    reachable = whanau.reachable(work, list(children), on=today)
    paused = {pause.student_id for pause in whanau.running_pauses(work, on=today, student_ids=list(children))}
    return {each for each in children if each in paused or each not in reachable}


class _Lately(NamedTuple):
    """What was asked in the last weeks, as Around has it."""

    asked: dict[uuid.UUID, set[uuid.UUID]]
    left: set[Pair]
    today_of: set[Pair]
    turned: set[Pair]


def _asked_lately(work: Work, children: Collection[uuid.UUID], calendar: SchoolCalendar, today: date) -> _Lately:
    """Who was asked about a child just now and has not done; whom an adult left to others; whose turn it was lately.

    The database folds the weeks into one row for each adult and child: a year of prompts stays where it is.
    """
    just_now, own, spared = (
        schools.day_begins(work, _back(calendar, today, days)) for days in (LEFT_TO_OTHERS, TURN_LASTS, SPARED_FOR)
    )
    since = schools.day_begins(work, _back(calendar, today, SHARED_WITHIN))
    began_today = schools.day_begins(work, today)
    found = _Lately(defaultdict(set), set(), set(), set())
    adults: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    mine: set[Pair] = set()
    about = {"children": list(children), "since": since}
    for student_id, staff_id, last_at, open_at, left_at in work.session.execute(LATELY, about):
        adults[student_id].add(staff_id)
        if left_at is not None and left_at >= spared:
            found.left.add((staff_id, student_id))
        if open_at is not None and open_at >= just_now:
            found.asked[student_id].add(staff_id)
        if last_at >= own:
            mine.add((staff_id, student_id))
        if last_at >= began_today:
            found.today_of.add((staff_id, student_id))
    found.turned.update(pair for pair in mine if len(adults[pair[1]]) > 1)
    return found


def _back(calendar: SchoolCalendar, today: date, days: int) -> date:
    """The first of the last ``days`` school days."""
    return next(iter(calendar.last_school_days(days, today)), today)
