"""Work: one act, by one person, in one school, at one moment, in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from commsbridge.foundation.actors import Actor


@dataclass(frozen=True, slots=True)
class Work:
    """What every verb of the product receives first.

    ``now`` is an aware UTC time and the only clock that rules may ask; the session sees one school's rows alone.
    Rooms flush, never commit: the transaction belongs to whoever opened the work.
    """

    session: Session
    school_id: uuid.UUID
    actor: Actor
    now: datetime
