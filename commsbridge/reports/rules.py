"""A school's own guide for balance: how many praises for each concern. A guide, labelled so; nobody passes or fails."""

from __future__ import annotations

from sqlalchemy import select

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.reports.measures import GUIDE
from commsbridge.reports.models import ReportRules

MOST = 20


def guide_of(work: Work) -> int:
    """The guide of this school; the common one until it sets its own."""
    return work.session.scalar(select(ReportRules.guide)) or GUIDE


def set_guide(work: Work, guide: int) -> None:
    """Set the school's guide; every report that is opened from now on counts with it. Raises Invalid."""
    if not 1 <= guide <= MOST:
        raise Invalid(N_("Choose a number from 1 to %(most)s."), field="guide", most=MOST)
    row = work.session.scalar(select(ReportRules).with_for_update()) or ReportRules()
    row.guide = guide
    work.session.add(row)
    work.session.flush()
