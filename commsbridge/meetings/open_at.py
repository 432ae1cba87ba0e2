"""What a phone or mailbox was asked about hui and may still answer today: times, and questions one by one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from commsbridge import schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.meetings.choosing import chosen_by_homes
from commsbridge.meetings.models import Agrees, Hui, HuiAsking, HuiItem, HuiState, HuiStep
from commsbridge.meetings.numbering import questions_at
from commsbridge.meetings.opening import OPEN_STATES
from commsbridge.meetings.question_models import About, HuiQuestion
from commsbridge.meetings.questions import says_of_point
from commsbridge.meetings.reading import times_of
from commsbridge.meetings.together import home_speaking

BEFORE_IT = frozenset({About.PERSON, About.KAITAKAWAENGA, About.VOICE, About.SUPPORT, About.PART})


class Open(NamedTuple):
    """What an address was asked and has not answered: the times of a hui, or (``question``) something else of it.

    Its answers count up from ``first``; there are ``choices`` of them. ``chosen``: of two homes that meet, this one has
    chosen its time, so that 0 is said to something else.
    """

    hui: Hui
    contact_id: uuid.UUID
    asked_at: datetime
    first: int
    choices: int
    asking: HuiAsking | None = None
    question: HuiQuestion | None = None
    chosen: bool = False

    @property
    def key(self) -> uuid.UUID:
        """The same for two people of a phone who were asked for the time of one hui."""
        return self.question.id if self.question else self.hui.id

    def takes_none(self, *, literally: bool) -> bool:
        """Whether 0, or "none of these", answers it; of a choice that offers no 0, a 0 alone leaves it open."""
        if self.question is None:
            return not self.chosen
        return literally or self.choices == 0

    def offers(self, number: int) -> bool:
        """Whether the number stands for one of its answers."""
        return self.first <= number < self.first + self.choices


def open_at(work: Work, address: str) -> list[Open]:
    """What this phone or mailbox was asked and may still answer today."""
    rows = (
        select(HuiAsking, Hui)
        .join(Hui, (Hui.school_id == HuiAsking.school_id) & (Hui.id == HuiAsking.hui_id))
        .where(HuiAsking.address == address, HuiAsking.round == Hui.round, Hui.state == HuiState.ASKED)
        .order_by(HuiAsking.asked_at.desc(), HuiAsking.id)
    )
    found = [
        Open(
            hui, each.contact_id, each.asked_at, each.first_number, len(times_of(work, hui)), asking=each,
            chosen=hui.joint and home_speaking(work, hui, each.contact_id, None) in chosen_by_homes(work, hui),
        )
        for each, hui in work.session.execute(rows)
    ]  # fmt: skip
    for question in questions_at(work, address):
        hui = work.session.get_one(Hui, question.hui_id)
        if holds(work, hui, question):
            found.append(
                Open(
                    hui, question.contact_id, question.asked_at, question.first_number, question.choices,
                    question=question,
                )
            )  # fmt: skip
    on = schools.today(work)
    writers = {each.contact.id: each.students for each in whanau.writers_at(work, address, on=on)} if found else {}
    return [each for each in found if each.hui.student_id in writers.get(each.contact_id, ())]


def holds(work: Work, hui: Hui, question: HuiQuestion) -> bool:
    """Whether a question still waits for an answer: what it is about may have been settled another way."""
    if question.about in BEFORE_IT:
        return hui.state in OPEN_STATES
    if question.about is About.POINT:
        item = work.session.get_one(HuiItem, question.subject_id)
        home = home_speaking(work, hui, question.contact_id, None)
        return says_of_point(work, hui, item, home) is Agrees.LATER
    ended = work.session.get_one(HuiStep, question.subject_id).done_at is not None
    return ended is (question.about is About.WENT)
