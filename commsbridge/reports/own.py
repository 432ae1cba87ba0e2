"""A teacher's own numbers: what they were asked and answered. For them alone; no report of anybody else reads them."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import text

from commsbridge import partnership
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.reports.facts import PROMPT_LASTS, bounds
from commsbridge.reports.periods import Period
from commsbridge.reports.summary import Answers, Prompts


class Owed(StrEnum):
    """Where a question stood at the end of the last day."""

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"
    OPEN = "open"


class OwnQuestion(NamedTuple):
    """A question that is somebody's to answer: when it was asked, about whom, and where it stood."""

    asked_at: datetime
    student_id: uuid.UUID | None
    stood: Owed


class OwnPrompt(NamedTuple):
    """That somebody was asked about a child: when, about whom, whether they answered, and whether it helped."""

    at: datetime
    student_id: uuid.UUID
    answered: bool
    helped: bool


# Questions that came in the period and are, or were at their end, this person's. One about two children is one here.
OWED = """
SELECT asked_at, (SELECT l.student_id FROM lines l WHERE l.school_id = q.school_id AND l.subject_id = q.reply_id
                  AND l.subject = 'reply' AND l.moment = 'reply' ORDER BY l.number DESC LIMIT 1) AS student_id,
       CASE WHEN kept AND took_minutes <= allowed_minutes THEN 'in_time' WHEN kept THEN 'late'
            WHEN due_at < :until THEN 'overdue' ELSE 'open' END AS stood
FROM (SELECT *, kept_at IS NOT NULL AND kept_at < :until AS kept FROM promises
      WHERE holder_id = :staff AND asked_at >= :start AND asked_at < :until
        AND (kept_how = 'not_needed' AND kept_at < :until) IS NOT TRUE) q
ORDER BY asked_at, reply_id
"""
ASKED = """
SELECT p.due_at, c.student_id, (c.answer IS NOT NULL AND c.answered_at < :until) OR l.praised AS answered,
       (c.answer = 'gate' AND c.answered_at < :until) IS TRUE OR l.praised AS helped
FROM prompts p JOIN prompted_children c ON c.school_id = p.school_id AND c.prompt_id = p.id
  CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM lines w WHERE w.school_id = c.school_id AND w.student_id = c.student_id AND w.moment = 'praise'
      AND w.at >= p.made_at AND w.at < least(p.made_at + :prompt_lasts, :until)
      AND NOT EXISTS (SELECT FROM lines g WHERE g.school_id = w.school_id AND g.about = w.id
                      AND g.moment IN ('undone', 'moved') AND g.at < :until)) AS praised) l
WHERE p.staff_id = :staff AND p.due_at >= :start AND p.due_at < :until AND p.made_at < :until
ORDER BY p.due_at, c.id
"""


@dataclass(frozen=True, slots=True)
class Own:
    """What one member of staff did in a period: the children they praised, the questions they hold, their prompts."""

    praised: frozenset[uuid.UUID]
    questions: tuple[OwnQuestion, ...]
    prompted: tuple[OwnPrompt, ...]

    @property
    def answers(self) -> Answers:
        """The questions counted; what their answers took is told of a whole school alone."""
        stood = Counter(each.stood for each in self.questions)
        return Answers(**{each.value: stood[each] for each in Owed}, middle=None, ninth=None)

    @property
    def prompts(self) -> Prompts:
        """The prompts counted."""
        return Prompts(
            offered=len(self.prompted),
            answered=sum(each.answered for each in self.prompted),
            helped=sum(each.helped for each in self.prompted),
        )


def own_numbers(work: Work, staff_id: uuid.UUID, calendar: SchoolCalendar, period: Period) -> Own:
    """The numbers of whoever looks; a page shows them to nobody else. Counted as the school's are (measures)."""
    days = bounds(calendar, period)
    given = {**days, "staff": staff_id}
    owed = work.session.execute(text(OWED), given)
    asked = work.session.execute(text(ASKED), {**given, "prompt_lasts": PROMPT_LASTS})
    praised = partnership.praised_since(work, since=days["start"], until=days["until"], staff_id=staff_id)
    return Own(
        frozenset(praised),
        tuple(OwnQuestion(row.asked_at, row.student_id, Owed(row.stood)) for row in owed),
        tuple(OwnPrompt(*row) for row in asked),
    )
