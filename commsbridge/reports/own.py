"""A teacher's own numbers: what they were asked and answered. For them alone; no report of anybody else reads them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import text

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.reports.facts import PROMPT_LASTS, bounds
from commsbridge.reports.measures import Answers, Prompts
from commsbridge.reports.periods import Period

# Questions that came in the period and are, or were at their end, this person's.
OWED = """
SELECT count(*) FILTER (WHERE kept AND took_minutes <= allowed_minutes) AS in_time,
       count(*) FILTER (WHERE kept AND took_minutes > allowed_minutes) AS late,
       count(*) FILTER (WHERE NOT kept AND due_at < :until) AS overdue,
       count(*) FILTER (WHERE NOT kept AND (due_at IS NULL OR due_at >= :until)) AS open
FROM (SELECT *, kept_at IS NOT NULL AND kept_at < :until AS kept FROM promises
      WHERE holder_id = :staff AND asked_at >= :start AND asked_at < :until
        AND (kept_how = 'not_needed' AND kept_at < :until) IS NOT TRUE) q
"""
ASKED = """
SELECT count(*) AS offered, count(*) FILTER (WHERE c.answer IS NOT NULL OR l.praised) AS answered,
       count(*) FILTER (WHERE c.answer = 'gate' OR l.praised) AS helped
FROM prompts p JOIN prompted_children c ON c.school_id = p.school_id AND c.prompt_id = p.id
  CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM lines w WHERE w.school_id = c.school_id AND w.student_id = c.student_id AND w.moment = 'praise'
      AND w.at >= p.made_at AND w.at < least(p.made_at + :prompt_lasts, :until)
      AND NOT EXISTS (SELECT FROM lines g WHERE g.school_id = w.school_id AND g.about = w.id
                      AND g.moment IN ('undone', 'moved'))) AS praised) l
WHERE p.staff_id = :staff AND p.due_at >= :start AND p.due_at < :until
"""


@dataclass(frozen=True, slots=True)
class Own:
    """What one member of staff was asked in a period: questions they hold, and prompts."""

    answers: Answers
    prompts: Prompts


def own_numbers(work: Work, staff_id: uuid.UUID, calendar: SchoolCalendar, period: Period) -> Own:
    """The numbers of whoever looks; a page shows them to nobody else. Counted as the school's are (measures)."""
    given = {**bounds(calendar, period), "staff": staff_id}
    owed = work.session.execute(text(OWED), given).mappings().one()
    asked = work.session.execute(text(ASKED), {**given, "prompt_lasts": PROMPT_LASTS}).mappings().one()
    return Own(Answers(**owed, middle=None, ninth=None), Prompts(**asked))
