"""The outbox: record what became of the deliveries a worker holds, judge their senders, reap what was dropped.

All of it happens through the carrier's door, which sees deliveries and senders of every school and nothing else.
Leases and pacing use the database's clock: a machine whose clock is wrong cannot reap another's lease.
docs/decisions/0003 has the measurements behind "the deliveries table is the queue".
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from commsbridge.messages.claiming import LEASE_SECONDS, Claimed
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Outcome, Refused, Uncertain

# A carrier call is cut off well under the lease, so that a live worker never loses one it is still holding.
CALL_SECONDS = 20
# Back-off when the carrier gives no Retry-After: 2, 4, 8 ... seconds, a quarter of it by chance, at most 15 minutes.
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 900.0
SENDER_PAUSE_SECONDS = 120
# A carrier that is busy says so of the sender: what else waits for it rests, too, and keeps its order.
BUSY_PAUSE_SECONDS = 30.0
# So many addresses that a sender cannot reach are no longer the addresses' fault.
MANY_UNREACHED = 5
CHANNEL = "deliveries"

# By id alone: CASE, so that no index on what is in flight seems to serve where the statistics say that little is.
_COMPLETE = text("""
UPDATE deliveries d
SET state = v.state, why = v.why, code = v.code, carrier_id = coalesce(v.carrier_id, d.carrier_id), lease_until = NULL,
    worker = NULL, due_at = CASE WHEN v.state = 'queued' THEN now() + make_interval(secs => v.pause) ELSE d.due_at END,
    sent_at = CASE WHEN v.state = 'sent' THEN now() ELSE d.sent_at END,
    settled_at = CASE WHEN v.state = 'queued' THEN NULL ELSE now() END
FROM unnest(cast(:ids AS uuid[]), cast(:attempts AS int[]), cast(:states AS text[]), cast(:whys AS text[]),
            cast(:codes AS text[]), cast(:carrier_ids AS text[]), cast(:pauses AS float8[]))
     AS v(id, attempt, state, why, code, carrier_id, pause)
WHERE d.id = v.id AND d.attempt = v.attempt
  AND CASE d.state WHEN 'sending' THEN d.worker = :worker WHEN 'uncertain' THEN d.code = 'lease' ELSE false END
RETURNING d.id
""")

_HOLD_SENDERS = text("""
UPDATE senders SET held_until = now() + make_interval(secs => :pause), alarm = :alarm WHERE id = ANY(:ids)
""")
_SLOW_SENDER = text("""
UPDATE senders SET held_until = greatest(held_until, now() + make_interval(secs => :pause)) WHERE id = :id
""")
_CALM_SENDERS = text("""
UPDATE senders s SET alarm = NULL, held_until = NULL WHERE id = ANY(:ids) AND alarm IS NOT NULL
AND (alarm <> 'route' OR NOT EXISTS (
    SELECT FROM deliveries d WHERE d.state = 'queued' AND d.sender_id = s.id AND d.why = 'route'))
""")
_ALARM_UNREACHED = text("""
UPDATE senders s SET alarm = 'route' WHERE id = ANY(:ids) AND alarm IS NULL
AND :many <= (SELECT count(DISTINCT d.address) FROM deliveries d
              WHERE d.state = 'queued' AND d.sender_id = s.id AND d.why = 'route')
""")
_RENEW = text("""
UPDATE deliveries SET lease_until = now() + make_interval(secs => :lease)
WHERE worker = :worker AND state = 'sending' AND id = ANY(:ids)
""")
_REAP = text("""
UPDATE deliveries
SET state = 'uncertain', code = 'lease', lease_until = NULL, worker = NULL, settled_at = now()
WHERE state = 'sending' AND lease_until < now()
RETURNING id
""")
_TO_SETTLE = text("""
SELECT school_id, bool_and(sent) AS only_sent FROM (
    SELECT school_id, bool_and(state = 'sent') AS sent FROM deliveries
    WHERE logged_state IS DISTINCT FROM state AND state IN ('sent', 'failed', 'uncertain') GROUP BY school_id
    UNION ALL SELECT school_id, false FROM deliveries WHERE state = 'queued' AND expires_at <= now()
    UNION ALL SELECT school_id, false FROM deliveries WHERE state = 'held' AND held_until <= now()
    UNION ALL SELECT school_id, false FROM deliveries WHERE state = 'failed' AND may_turn
) found GROUP BY school_id
""")
_UNCERTAIN_TEXTS = text("""
SELECT d.id, d.school_id, d.address, d.body, least(d.made_at, d.settled_at) AS since, d.carrier_id, d.attempt,
       s.address AS sender
FROM deliveries d JOIN senders s ON s.id = d.sender_id
WHERE d.state = 'uncertain' AND d.channel = 'text' AND d.settled_at < now() - make_interval(secs => :age)
ORDER BY d.settled_at LIMIT 50
""")
_OURS = text("SELECT carrier_id FROM deliveries WHERE carrier_id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of one claimed delivery."""

    claimed: Claimed
    outcome: Outcome


def complete(session: Session, finished: Sequence[Finished], *, worker: str, chance: float) -> set[uuid.UUID]:
    """Record outcomes in one statement; what somebody else has learnt or tried meanwhile is left as it is.

    A lease that ran out is no loss while nobody has tried again: the answer to this very attempt ends the doubt.
    ``chance`` (0 to 1) spreads retries. Returns the ids recorded.
    """
    if not finished:
        return set()
    rows = [_row(each, chance) for each in finished]
    ids, attempts, states, whys, codes, carrier_ids, pauses = (list(column) for column in zip(*rows, strict=True))
    recorded = session.scalars(
        _COMPLETE,
        {
            "ids": ids, "attempts": attempts, "states": states, "whys": whys, "codes": codes,
            "carrier_ids": carrier_ids, "pauses": pauses, "worker": worker,
        },
    ).all()  # fmt: skip
    _judge_senders(session, finished)
    _slow_down(session, finished, chance)
    return set(recorded)


def _row(each: Finished, chance: float) -> tuple[uuid.UUID, int, str, str | None, str | None, str | None, float]:
    claimed = each.claimed
    match each.outcome:
        case Accepted(carrier_id):
            return claimed.id, claimed.attempt, "sent", None, None, carrier_id, 0.0
        case Refused(cause, code):
            return claimed.id, claimed.attempt, "failed", cause.value, code, None, 0.0
        case NotSent(cause, code, retry_after):
            wanted = LONGEST_PAUSE if cause is Cause.ROUTE else retry_after
            pause = pause_before(claimed.attempt, wanted, chance)
            return claimed.id, claimed.attempt, "queued", cause.value, code, None, pause
        case Uncertain(code):
            return claimed.id, claimed.attempt, "uncertain", None, code, None, 0.0


def pause_before(attempt: int, retry_after: float | None, chance: float) -> float:
    """Seconds before the next try: what the carrier asked for, else doubling from FIRST_PAUSE, a quarter by chance.

    From the second try on never less than the doubling: a carrier that asks for no pause is not asked without end.
    """
    doubled = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 20))
    least = 0.0 if retry_after is not None and attempt == 1 else doubled
    wanted = max(retry_after or 0.0, least)
    return float(wanted * (1 + chance / 4))


def _judge_senders(session: Session, finished: Sequence[Finished]) -> None:
    """A sender whose configuration is at fault holds its own queue; one that is accepted again is calm.

    An address it cannot reach waits alone, and only many of them put the sender in alarm; its queue goes on.
    """
    at_fault = {
        each.claimed.sender_id: each.outcome.cause
        for each in finished
        if isinstance(each.outcome, NotSent) and _is_not_sent(each, Cause.SENDER, Cause.CREDENTIALS)
    }
    for sender_id, cause in at_fault.items():
        session.execute(_HOLD_SENDERS, {"pause": SENDER_PAUSE_SECONDS, "alarm": cause.value, "ids": [sender_id]})
    unreached = {each.claimed.sender_id for each in finished if _is_not_sent(each, Cause.ROUTE)}
    if unreached:
        session.execute(_ALARM_UNREACHED, {"ids": list(unreached), "many": MANY_UNREACHED})
    in_alarm = (each for each in finished if each.claimed.alarm and isinstance(each.outcome, Accepted))
    well = {each.claimed.sender_id for each in in_alarm} - set(at_fault)
    if well:
        session.execute(_CALM_SENDERS, {"ids": list(well)})


def _slow_down(session: Session, finished: Sequence[Finished], chance: float) -> None:
    """The carrier asks for fewer: the sender rests as long as it asked for, or a little; never for hours."""
    rests: dict[uuid.UUID, float] = {}
    for each in finished:
        if isinstance(each.outcome, NotSent) and each.outcome.cause is Cause.BUSY:
            asked = each.outcome.retry_after
            pause = pause_before(each.claimed.attempt, asked, chance)
            rest = min(pause, BUSY_PAUSE_SECONDS if asked is None else LONGEST_PAUSE)
            rests[each.claimed.sender_id] = max(rest, rests.get(each.claimed.sender_id, 0.0))
    for sender_id in sorted(rests, key=str):
        session.execute(_SLOW_SENDER, {"id": sender_id, "pause": rests[sender_id]})


def _is_not_sent(finished: Finished, *causes: Cause) -> bool:
    return isinstance(finished.outcome, NotSent) and finished.outcome.cause in causes


def renew(session: Session, ids: Sequence[uuid.UUID], *, worker: str, lease: float = LEASE_SECONDS) -> None:
    """Keep the leases of deliveries still in flight for so many seconds more."""
    session.execute(_RENEW, {"ids": list(ids), "worker": worker, "lease": lease})


def reap(session: Session) -> list[uuid.UUID]:
    """Deliveries whose worker fell silent become uncertain: never sent again blindly. Returns which."""
    return list(session.scalars(_REAP))


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A school where something became of a delivery; ``only_sent``: telling the log what was sent is all there is."""

    school_id: uuid.UUID
    only_sent: bool


def schools_to_settle(session: Session) -> list[ToSettle]:
    """The schools whose log has not yet been told what became of a delivery, or where one waited too long."""
    return [ToSettle(row.school_id, row.only_sent) for row in session.execute(_TO_SETTLE)]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An uncertain text, to ask the carrier about; ``attempt`` is the try that nobody knows the end of.

    The carrier did not get it before ``since``, so far as the clocks are right that wrote it down.
    """

    id: uuid.UUID
    school_id: uuid.UUID
    address: str
    body: str
    since: datetime
    carrier_id: str | None
    attempt: int
    sender: str


def doubtful_texts(session: Session, *, older_than: float) -> list[Doubtful]:
    """Uncertain texts whose doubt is older than so many seconds, oldest first, at most 50."""
    rows = session.execute(_UNCERTAIN_TEXTS, {"age": older_than})
    return [
        Doubtful(row.id, row.school_id, row.address, row.body, row.since, row.carrier_id, row.attempt, row.sender)
        for row in rows
    ]


def known_carrier_ids(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of the carrier's ids already belong to a delivery."""
    return set(session.scalars(_OURS, {"ids": list(ids)}))
