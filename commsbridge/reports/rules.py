"""What a school's report counts by: how often good news should reach home, and its own guide for balance."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from commsbridge import prompts, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.reports.models import ReportRules
from commsbridge.students import Aim

# PBIS guidance about acknowledgement in class (5:1), not about messages home; no New Zealand source was found and later
# work sees no threshold. A guide, labelled so where it is shown.
GUIDE = 5
MOST = 20
_COMMON = prompts.Rules()


@dataclass(frozen=True, slots=True)
class Aims:
    """What a report counts by.

    ``usual``, ``book`` and ``own`` are good contacts in ten school days (prompts.rules): for most students, for one
    with a communication book, for those with a target of their own. ``guide``: praises for each concern.
    """

    usual: int = _COMMON.usual_times
    book: int = _COMMON.book_times
    guide: int = GUIDE
    own: Mapping[uuid.UUID, int] = field(default_factory=dict)

    def target(self, student_id: uuid.UUID, *, has_book: bool) -> int:
        """The target of one student: their own, else the school's for those with a book, or for all others."""
        return self.own.get(student_id) or (self.book if has_book else self.usual)


def aims_of(work: Work, until: datetime, *, only: Collection[uuid.UUID] | None = None) -> Aims:
    """What stood just before ``until`` (aware); the common aims where the school had set none."""
    stood = students.aims_at(work, until, only=only)
    common = Aims()
    return Aims(
        usual=stood.school.get(Aim.USUAL, common.usual),
        book=stood.school.get(Aim.BOOK, common.book),
        guide=stood.school.get(Aim.PRAISES, common.guide),
        own=stood.own,
    )


def guide_of(work: Work) -> int:
    """The guide for balance as it stands now: a guide, labelled so; nobody passes or fails by it."""
    return work.session.scalar(select(ReportRules.guide)) or GUIDE


def set_guide(work: Work, guide: int) -> None:
    """Set the school's guide; reports of days from now on count with it. Raises Invalid."""
    if not 1 <= guide <= MOST:
        raise Invalid(N_("Choose a number from 1 to %(most)s."), field="guide", most=MOST)
    row = work.session.scalar(select(ReportRules).with_for_update()) or ReportRules()
    row.guide = guide
    work.session.add(row)
    students.note_aim(work, Aim.PRAISES, guide)
