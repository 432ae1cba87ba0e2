"""Reading concerns: by id, by the message that brings them, and those that wait for a second person."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.concerns.models import Concern, ConcernState


def concern_by_id(work: Work, concern_id: uuid.UUID) -> Concern:
    """One concern. Raises NotFound."""
    concern = work.session.get(Concern, concern_id)
    if concern is None:
        raise NotFound(N_("That concern is not here."))
    return concern


def concerns_by_id(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Concern]:
    """Concerns by id, in one query."""
    return {row.id: row for row in work.session.scalars(select(Concern).where(Concern.id.in_(ids)))} if ids else {}


def concern_of_message(work: Work, message_id: uuid.UUID) -> Concern | None:
    """The concern that a message brings."""
    return work.session.scalars(select(Concern).where(Concern.message_id == message_id)).first()


def waiting_concerns(work: Work, student_ids: Collection[uuid.UUID]) -> Sequence[Concern]:
    """Concerns about these children that wait for a second person, the oldest first."""
    waiting = select(Concern).where(Concern.state == ConcernState.WAITING, Concern.student_id.in_(student_ids))
    return work.session.scalars(waiting.order_by(Concern.made_at, Concern.id)).all()
