"""A request without news: whoever said yes is told that it still stands, and need not ask whether anybody remembers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commsbridge import messages
from commsbridge.foundation.work import Work
from commsbridge.messages import Links, PageTelling
from commsbridge.students import Student
from commsbridge.support.models import SupportRequest
from commsbridge.support.requests import standing_consents, tells_next


def schools_with_quiet_requests(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The schools in which a request had no news for weeks, through the carrier's door."""
    wanted = select(SupportRequest.school_id).where(SupportRequest.tells_at <= now).distinct()
    return session.scalars(wanted).all()


def tell_that_it_stands(work: Work, *, links: Links) -> int:
    """Tell each home without news that its request still stands, in its way and language; again after as long.

    Returns how many requests were told of.
    """
    rows = select(SupportRequest).where(SupportRequest.tells_at <= work.now)
    due = work.session.scalars(rows.order_by(SupportRequest.id).with_for_update(skip_locked=True)).all()
    for request in due:
        child = work.session.get_one(Student, request.student_id)
        to = set(standing_consents(work, request.id))
        messages.tell_of_page(work, child, PageTelling.STANDS, to=to, staff_id=None, links=links)
        request.tells_at = tells_next(work)
    work.session.flush()
    return len(due)
