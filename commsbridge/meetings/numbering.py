"""Numbers at a phone: of all it was asked about hui and has not answered, no two answers have the same number."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiAsking, HuiState, HuiTime
from commsbridge.meetings.question_models import HuiQuestion

# Older than this, nobody remembers what a number stood for.
QUESTION_LASTS = timedelta(days=21)
ASKED = "hui questions"


def first_number(work: Work, address: str, hui: Hui, count: int, *, question: bool = False) -> int:
    """The number that ``count`` answers begin with at a phone: the first that leaves all it may still answer alone.

    A ``question`` leaves the numbers of what was asked there last alone as well: an answer that is sent twice is none
    to the question that followed it.
    """
    taken = _open_times(work, address, hui) + [_numbers(each) for each in questions_at(work, address)]
    if question:
        taken += _lately(work, address)
    able = [1, *(each.stop for each in taken)]
    return min(first for first in able if not any(each.start < first + count and first < each.stop for each in taken))


def _numbers(question: HuiQuestion) -> range:
    return range(question.first_number, question.first_number + question.choices)


def _open_times(work: Work, address: str, hui: Hui) -> list[range]:
    """The numbers of the times that other hui offer this phone."""
    rows = select(HuiAsking, Hui).join(Hui, (Hui.school_id == HuiAsking.school_id) & (Hui.id == HuiAsking.hui_id))
    rows = rows.where(HuiAsking.address == address, HuiAsking.round == Hui.round, Hui.id != hui.id)
    found = work.session.execute(rows.where(Hui.state == HuiState.ASKED))
    return [_times(work, asking) for asking, _ in found]


def _times(work: Work, asking: HuiAsking) -> range:
    rows = select(func.count()).where(HuiTime.hui_id == asking.hui_id, HuiTime.round == asking.round)
    return range(asking.first_number, asking.first_number + (work.session.scalar(rows) or 0))


def _lately(work: Work, address: str) -> list[range]:
    """The numbers of what this phone was asked last."""
    time = work.session.scalars(
        select(HuiAsking).where(HuiAsking.address == address).order_by(HuiAsking.asked_at.desc()).limit(1)
    ).first()
    question = work.session.scalars(
        select(HuiQuestion)
        .where(HuiQuestion.address == address, HuiQuestion.choices > 0)
        .order_by(HuiQuestion.asked_at.desc())
        .limit(1)
    ).first()
    if question is not None and (time is None or question.asked_at > time.asked_at):
        return [_numbers(question)]
    return [_times(work, time)] if time is not None else []


def questions_at(work: Work, address: str) -> list[HuiQuestion]:
    """The questions a phone or mailbox was asked and has not answered, the newest first."""
    rows = select(HuiQuestion).where(
        HuiQuestion.address == address,
        HuiQuestion.answered_at.is_(None),
        HuiQuestion.asked_at > work.now - QUESTION_LASTS,
    )
    return list(work.session.scalars(rows.order_by(HuiQuestion.asked_at.desc(), HuiQuestion.id)))


def is_asked(work: Work, address: str) -> bool:
    """Whether anything that was asked of a phone or mailbox waits for an answer; of many, the school is asked once."""
    return address in work.once(ASKED, lambda: _addresses_asked(work))


def _addresses_asked(work: Work) -> frozenset[str]:
    waits = HuiQuestion.answered_at.is_(None), HuiQuestion.asked_at > work.now - QUESTION_LASTS
    times = select(HuiAsking.address).join(Hui, (Hui.school_id == HuiAsking.school_id) & (Hui.id == HuiAsking.hui_id))
    times = times.where(HuiAsking.round == Hui.round, Hui.state == HuiState.ASKED)
    return frozenset(work.session.scalars(select(HuiQuestion.address).where(*waits).union(times)))
