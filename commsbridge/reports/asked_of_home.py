"""How much is asked of one home in a week, from all sides: counted, so that home and school read the same."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from commsbridge import books, meetings, messages, plans, schools, specialists, students, whanau
from commsbridge.foundation.work import Work
from commsbridge.meetings import HuiState
from commsbridge.messages import MessageKind
from commsbridge.plans import Part
from commsbridge.whanau import HomeOfChild, MayMessage

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AskedOfHome:
    """What came in the last seven days (``messages``, of them ``good`` news), and what waits for the home.

    ``hui``: with a time to choose, or held in the next seven days; ``words``: yes or no to somebody who may be there,
    or to a point they put off. ``steps``: of this home, due by then.
    ``forms``: what waits for their yes (how a book is kept, a plan, something to share).
    """

    messages: int
    good: int
    hui: int
    words: int
    steps: int
    forms: int

    @property
    def waits(self) -> int:
        """Everything that waits for the home."""
        return self.hui + self.words + self.steps + self.forms


def asked_of_home(work: Work, home: HomeOfChild) -> AskedOfHome:
    """What is asked of a whole home, about all its children and by everybody at school."""
    came = messages.sent_to_home(work, home.everybody, since=work.now - WEEK)
    children = _children(work, home)
    hui, words, steps = _hui(work, home, children)
    forms = _books(work, home, children) + _plans(work, home, children) + _shares(work, home, children)
    return AskedOfHome(sum(came.values()), came.get(MessageKind.PRAISE, 0), hui, words, steps, forms)


def _children(work: Work, home: HomeOfChild) -> set[uuid.UUID]:
    today = schools.today(work)
    ties = whanau.ties_of(work, home.everybody, on=today)
    found = {tie.student_id for each in ties.values() for tie in each if tie.may_message is MayMessage.YES}
    return found - students.left_by(work, found, today)


def _hui(work: Work, home: HomeOfChild, children: Collection[uuid.UUID]) -> tuple[int, int, int]:
    all_of_them = meetings.hui_of_home(work, home.people[0][0], children)
    found = [each for each in all_of_them if each.state is not HuiState.CANCELLED]
    soon = [
        each
        for each in found
        if each.state is HuiState.ASKED
        or (each.state is HuiState.SET and each.begins_at and work.now <= each.begins_at <= work.now + WEEK)
    ]
    by = schools.today(work) + WEEK
    steps = meetings.steps_of(work, [each.id for each in found], still_open=True)
    theirs = [each for each in steps if each.by_family and each.home in {None, home.key} and each.due_on <= by]
    return len(soon), sum(meetings.words_awaited(work, each, home.key) for each in found), len(theirs)


def _books(work: Work, home: HomeOfChild, children: Collection[uuid.UUID]) -> int:
    kept = [each for each in books.books_of(work, children) if each.agreement_number]
    signed = [{yes.contact_id for yes in books.agreement_of(work, each).by_home} for each in kept]
    return sum(not each & home.everybody for each in signed)


def _plans(work: Work, home: HomeOfChild, children: Collection[uuid.UUID]) -> int:
    begun = [plan for each in children if (plan := plans.plan_of(work, each)) is not None]
    standing = [plans.standing_of(work, each) for each in begun]
    return sum(
        each.agreed(home.key, home.everybody).home is None
        and any(item.part is Part.GOAL for item in plans.seen_at(each.items, home.key))
        for each in standing
    )


def _shares(work: Work, home: HomeOfChild, children: Collection[uuid.UUID]) -> int:
    offered = [each for each in specialists.shares_about(work, children) if not specialists.is_over(work, each)]
    said = specialists.answers_to(work, [each.id for each in offered])
    return sum(not {yes.contact_id for yes in said[each.id]} & home.everybody for each in offered)
