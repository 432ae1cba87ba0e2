"""What a report asks of hui: which were held, whether the family chose, whether voices were heard, steps in time."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from commsbridge.foundation.work import Work

# Without what may be about somebody's safety, and without a voice that its student wants heard at home alone.
HELD = """
SELECT h.id, h.student_id, h.begins_at,
       (SELECT count(*) FROM hui_times t
        WHERE t.school_id = h.school_id AND t.hui_id = h.id AND t.round = h.round) AS times,
       (SELECT count(*) FROM hui_people p WHERE p.school_id = h.school_id AND p.hui_id = h.id AND NOT p.by_family
        AND (p.answered_at IS NULL OR p.answered_at > h.begins_at)) AS unanswered,
       EXISTS (SELECT FROM hui_voices v WHERE v.school_id = h.school_id AND v.hui_id = h.id AND v.at <= h.begins_at
               AND v.alert_id IS NULL AND v.hears <> 'home') AS voiced
FROM hui h
WHERE h.state = 'held' AND h.begins_at >= :start AND h.begins_at < :until
  AND (CAST(:only AS uuid[]) IS NULL OR h.student_id = ANY(:only))
ORDER BY h.begins_at, h.id
"""
STEPS = """
SELECT s.id, h.student_id, s.due_on, s.done_at, s.done
FROM hui_steps s JOIN hui h ON h.school_id = s.school_id AND h.id = s.hui_id
WHERE h.state = 'held' AND s.due_on >= :first_on AND s.due_on <= :last_on AND s.made_at < :until
  AND (CAST(:only AS uuid[]) IS NULL OR h.student_id = ANY(:only))
ORDER BY s.due_on, s.id
"""


@dataclass(frozen=True, slots=True)
class HeldHui:
    """A hui that was held: how many ``times`` were on offer, how many people the family had not answered about by then.

    By then is before it began. ``voiced``: the student or the family had said something for the people there, or the
    student was asked and chose to say nothing. Where two homes meet it is one hui; each answers about everybody.
    """

    id: uuid.UUID
    student_id: uuid.UUID
    begins_at: datetime
    times: int
    unanswered: int
    voiced: bool

    @property
    def family_chose(self) -> bool:
        """Whether the family chose the time among two or more, and said yes or no to everybody the school proposed."""
        return self.times > 1 and not self.unanswered


@dataclass(frozen=True, slots=True)
class StepDue:
    """A next step whose day came: when somebody said that it was done, or why it was not; neither: not said by then."""

    id: uuid.UUID
    student_id: uuid.UUID
    due_on: date
    done_at: datetime | None
    explained_at: datetime | None


def held_hui(
    work: Work, *, start: datetime, until: datetime, only: Collection[uuid.UUID] | None = None
) -> list[HeldHui]:
    """The hui that were held from ``start`` to before ``until`` (aware UTC), about everybody or those of ``only``."""
    given = {"start": start, "until": until, "only": None if only is None else list(only)}
    return [HeldHui(*row) for row in work.session.execute(text(HELD), given)]


def steps_due(
    work: Work, *, first_on: date, last_on: date, until: datetime, only: Collection[uuid.UUID] | None = None
) -> list[StepDue]:
    """The next steps whose day lies within these; what was said of them from ``until`` on (aware UTC) is not known."""
    given = {"first_on": first_on, "last_on": last_on, "until": until, "only": None if only is None else list(only)}
    return [
        StepDue(
            row.id,
            row.student_id,
            row.due_on,
            row.done_at if row.done and row.done_at < until else None,
            row.done_at if row.done_at and not row.done and row.done_at < until else None,
        )
        for row in work.session.execute(text(STEPS), given)
    ]
