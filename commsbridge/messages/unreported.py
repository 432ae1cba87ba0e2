"""Texts that went, and whose end the carrier has not told: its report may have been lost, so it is asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, text
from sqlalchemy.orm import Session

from commsbridge.foundation.work import Work
from commsbridge.messages.gateways import SentText
from commsbridge.messages.models import Delivery, State
from commsbridge.messages.receipts import take_receipt

# Seconds after it went that a text is asked about. Reports come within moments, so an hour is enough to call one lost;
# after twelve the carrier has an end for each: a text lives ten hours at most (the API reference's ValidityPeriod).
FIRST_ASKED = 3600.0
LAST_ASKED = 12 * 3600.0
AT_ONCE = 200

# What may still be told is younger than that: news lasts three days, and half a day more to be asked about.
_UNREPORTED = text("""
SELECT d.id, d.school_id, d.address, d.carrier_id, least(d.made_at, d.settled_at) AS since, s.address AS sender
FROM deliveries d JOIN senders s ON s.id = d.sender_id
WHERE d.made_at > now() - interval '4 days' AND d.state = 'sent' AND d.channel = 'text' AND d.carrier_id IS NOT NULL
  AND d.settled_at <= now() - make_interval(secs => :first)
  AND (d.asked_at IS NULL
       OR (d.settled_at <= now() - make_interval(secs => :last)
           AND d.asked_at < d.settled_at + make_interval(secs => :last)))
ORDER BY d.settled_at LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Unreported:
    """A text the carrier took under ``carrier_id``, and has not told the end of; ``since`` is before it went (UTC)."""

    id: uuid.UUID
    school_id: uuid.UUID
    address: str
    carrier_id: str
    since: datetime
    sender: str


def unreported_texts(session: Session, *, first: float = FIRST_ASKED, last: float = LAST_ASKED) -> list[Unreported]:
    """Texts of all schools to ask the carrier about now, oldest first, at most AT_ONCE; through the carrier's door.

    Each is asked about once it is ``first`` seconds old and once more at ``last``.
    """
    rows = session.execute(_UNREPORTED, {"first": first, "last": last, "limit": AT_ONCE})
    return [Unreported(row.id, row.school_id, row.address, row.carrier_id, row.since, row.sender) for row in rows]


def take_listed(work: Work, unreported: Unreported, listed: SentText | None) -> State | None:
    """Keep what the carrier's list says of a text, None when it is not there, and that it was asked.

    Returns where the delivery stands now, None when it is not the school's.
    """
    delivery = work.session.get(Delivery, unreported.id, with_for_update=True)
    if delivery is None:
        return None
    delivery.asked_at = func.now()
    if listed is not None:
        take_receipt(work, delivery.id, listed.as_receipt())
    work.session.flush()
    return delivery.state
