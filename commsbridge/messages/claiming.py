"""The claim: deliveries that may go now are taken fairly and at each sender's pace, at a cost no queue makes longer.

Leases and pacing use the database's clock: a machine whose clock is wrong cannot reap another's lease.
docs/decisions/0003 has the measurements behind "the deliveries table is the queue".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

LEASE_SECONDS = 60
# With less time left the carrier would let it expire on the way to the phone; it waits for the next hours instead.
LAST_MOMENT_SECONDS = 10

# In a lane with no more due than a claim looks at, all of it is looked at. In a longer one the claim leaps through the
# index from school to school, beginning at one drawn by lot, and reads of each no more than could be chosen: a claim
# costs the same however much waits, and with more schools than slots none waits for ever.
# Fair turns: within a sender and lane the schools go one after the other, so a flood of one delays no other.
# Pace: the generic cell rate algorithm, a sender; a text of several segments may overdraw and is then paid off. A
# sender that another worker has paid for meanwhile is left to that one.
# The statistics lag behind a queue that fills at once, so the plan is left no choice: each LIMIT has the order of the
# index it must be read by (the carrier's door sorts last), and what is chosen is found by id, not among all that waits.
_CLAIM = """
WITH RECURSIVE oldest AS MATERIALIZED (
    SELECT d.* FROM generate_series(0, 3) AS lanes(lane) CROSS JOIN LATERAL (
        SELECT d.*, may_go(d) AS free FROM deliveries d
        WHERE d.state = 'queued' AND d.lane = lanes.lane AND d.due_at <= now() ORDER BY d.due_at LIMIT 2 * :slots) d
), long AS MATERIALIZED (
    SELECT lane FROM oldest GROUP BY lane HAVING count(*) = 2 * :slots
), room AS MATERIALIZED (
    SELECT s.id, s.rate, s.paid_until, pace.paid, extract(epoch FROM now() - pace.paid) * s.rate AS units
    FROM senders s
    CROSS JOIN LATERAL (SELECT greatest(s.paid_until, now() - make_interval(secs => s.burst / s.rate)) AS paid) pace
    WHERE (s.held_until IS NULL OR s.held_until <= now()) AND pace.paid < now()
), begun AS MATERIALIZED (
    SELECT long.lane, able.id AS sender_id, gen_random_uuid() AS start,
           least(ceil(able.units), ceil(2.0 * :slots / count(*) OVER (PARTITION BY long.lane))) AS most
    FROM long CROSS JOIN LATERAL (
        SELECT room.id, room.units FROM (SELECT * FROM room ORDER BY random()) room
        CROSS JOIN LATERAL (SELECT FROM deliveries d
                            WHERE d.state = 'queued' AND d.sender_id = room.id AND d.lane = long.lane
                            ORDER BY d.school_id LIMIT 1) waits
        LIMIT :slots) able
), schools AS (
    SELECT b.sender_id, b.lane, b.start, b.most, 1 AS step, next.school_id, next.round
    FROM begun b CROSS JOIN LATERAL (
        (SELECT d.school_id, false AS round FROM deliveries d
         WHERE d.state = 'queued' AND d.sender_id = b.sender_id AND d.lane = b.lane AND d.school_id >= b.start
         ORDER BY d.school_id LIMIT 1)
        UNION ALL
        (SELECT d.school_id, true FROM deliveries d
         WHERE d.state = 'queued' AND d.sender_id = b.sender_id AND d.lane = b.lane ORDER BY d.school_id LIMIT 1)
        LIMIT 1) next
    UNION ALL
    SELECT s.sender_id, s.lane, s.start, s.most, s.step + 1, next.school_id, next.round
    FROM schools s CROSS JOIN LATERAL (
        (SELECT d.school_id, s.round FROM deliveries d
         WHERE d.state = 'queued' AND d.sender_id = s.sender_id AND d.lane = s.lane AND d.school_id > s.school_id
           AND (NOT s.round OR d.school_id < s.start) ORDER BY d.school_id LIMIT 1)
        UNION ALL
        (SELECT d.school_id, true FROM deliveries d
         WHERE NOT s.round AND d.state = 'queued' AND d.sender_id = s.sender_id AND d.lane = s.lane
           AND d.school_id < s.start ORDER BY d.school_id LIMIT 1)
        LIMIT 1) next
    WHERE s.step < s.most
), looked_at AS (
    SELECT id, sender_id, lane, school_id, due_at, units FROM oldest
    WHERE free AND lane NOT IN (SELECT lane FROM long)
    UNION ALL
    SELECT d.*
    FROM (SELECT s.*, ceil(2.0 * :slots / count(*) OVER (PARTITION BY s.lane)) AS share FROM schools s) s
    CROSS JOIN LATERAL (
        SELECT d.id, d.sender_id, d.lane, d.school_id, d.due_at, d.units FROM deliveries d
        WHERE d.state = 'queued' AND d.sender_id = s.sender_id AND d.lane = s.lane AND d.school_id = s.school_id
          AND d.due_at <= now() AND may_go(d)
        ORDER BY d.due_at, d.id LIMIT s.share) d
), waiting AS MATERIALIZED (
    SELECT d.id, d.sender_id, d.lane, d.units, random() AS lot,
           row_number() OVER (PARTITION BY d.sender_id, d.lane, d.school_id ORDER BY d.due_at, d.id) AS turn
    FROM looked_at d
), paced AS (
    SELECT w.*, room.units AS room,
           sum(w.units) OVER (PARTITION BY w.sender_id ORDER BY w.lane, w.turn, w.lot, w.id) - w.units AS before
    FROM waiting w JOIN room ON room.id = w.sender_id
), chosen AS MATERIALIZED (
    SELECT id, sender_id FROM paced WHERE before < room ORDER BY lane, turn, lot LIMIT :slots
), paying AS MATERIALIZED (
    SELECT s.id FROM senders s JOIN room ON room.id = s.id
    WHERE s.paid_until = room.paid_until AND s.id IN (SELECT sender_id FROM chosen)
    FOR UPDATE OF s SKIP LOCKED
), locked AS (
    SELECT d.id FROM deliveries d JOIN chosen USING (id) JOIN paying ON paying.id = chosen.sender_id
    WHERE CASE d.state WHEN 'queued' THEN true ELSE false END FOR UPDATE OF d SKIP LOCKED
), claimed AS (
    UPDATE deliveries d
    SET state = 'sending', attempt = d.attempt + 1, worker = :worker, why = NULL, code = NULL,
        lease_until = now() + make_interval(secs => :lease)
    FROM locked WHERE d.id = locked.id
    RETURNING d.id, d.school_id, d.sender_id, d.contact_id, d.channel, d.address, d.subject, d.body, d.html, d.units,
              d.lane, d.attempt, extract(epoch FROM d.expires_at - now()) AS lives, d.language,
              d.photo_id, d.calendar
), paid AS (
    UPDATE senders s SET paid_until = room.paid + make_interval(secs => spent.units / room.rate)
    FROM room JOIN (SELECT sender_id, sum(units) AS units FROM claimed GROUP BY 1) spent ON spent.sender_id = room.id
    WHERE s.id = room.id
)
SELECT c.*, s.address AS sender, s.alarm FROM claimed c JOIN senders s ON s.id = c.sender_id ORDER BY c.lane, c.id
"""
# What comes after a welcome waits until that has left, or until what stopped it is known: it may stop both.
_MAY_GO = """(
    d.expires_at > now() + make_interval(secs => :last) AND coalesce((
        SELECT first.state NOT IN ('queued', 'held', 'sending')
               AND NOT (first.state = 'uncertain' AND first.channel = 'text')
               AND NOT (first.state = 'failed' AND first.logged_state IS DISTINCT FROM first.state)
        FROM deliveries first WHERE first.id = d.after_id), true))"""
_CLAIM_NOW = text(_CLAIM.replace("may_go(d)", _MAY_GO))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery this worker holds, with all that handing over needs; ``lives``: seconds until it is too late.

    ``language`` is what it is written in: mi, en or both; ``photo_id`` the photo that a mail carries within;
    ``calendar``: a file for a calendar goes along.
    """

    id: uuid.UUID
    school_id: uuid.UUID
    sender_id: uuid.UUID
    contact_id: uuid.UUID | None
    channel: str
    address: str
    subject: str | None
    body: str
    html: str | None
    units: int
    lane: int
    attempt: int
    lives: float
    sender: str
    alarm: str | None
    language: str
    photo_id: uuid.UUID | None = None
    calendar: bool = False


def claim(session: Session, *, worker: str, slots: int, lease: float = LEASE_SECONDS) -> list[Claimed]:
    """Take up to ``slots`` deliveries that may go now, in one statement; the caller commits before it calls anybody.

    ``lease`` is how many seconds they are this worker's before anybody else may doubt them.
    """
    wanted = {"worker": worker, "slots": slots, "lease": lease, "last": LAST_MOMENT_SECONDS}
    rows = session.execute(_CLAIM_NOW, wanted)
    return [
        Claimed(
            row.id, row.school_id, row.sender_id, row.contact_id, row.channel, row.address, row.subject, row.body,
            row.html, row.units, row.lane, row.attempt, float(row.lives), row.sender, row.alarm, row.language,
            row.photo_id, row.calendar,
        )
        for row in rows
    ]  # fmt: skip
