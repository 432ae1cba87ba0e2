"""Capture: a request is stored whole before anything is decided, once, and then belongs to a school."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, Executable, Table, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, load_only
from sqlalchemy.orm.attributes import set_committed_value

from commsbridge import schools
from commsbridge.conversations.models import RawInbound
from commsbridge.foundation.work import Work

CHANNEL = "inbound"
# A row that fails this often is left for a person: its trouble is counted and shown to the operator.
MOST_TRIES = 5
NO_SCHOOL = "no school"
TEXTS = "twilio"


class Outside(Protocol):
    """An act outside every school."""

    @property
    def session(self) -> Session:
        """The session."""

    @property
    def now(self) -> datetime:
        """The moment, aware UTC."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored request nobody has taken yet."""

    id: uuid.UUID
    carrier: str
    school_id: uuid.UUID | None
    content_type: str
    body: bytes
    tries: int


_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('inbound ' || :school, 0))")
_RAW = cast(Table, RawInbound.__table__)
_GIVEN = ("id", "carrier", "carrier_key", "content_type", "body", "received_at")


def _storing(school_id: ColumnElement[Any]) -> Executable:
    values: dict[str, Any] = {name: bindparam(name) for name in _GIVEN} | {"school_id": school_id}
    once = insert(_RAW).values(values).on_conflict_do_nothing(index_elements=["carrier", "carrier_key"])
    return once.returning(_RAW.c.id)


# Made once: a hook builds no statement while the carrier waits, and a text finds its school as it is stored.
_STORE = _storing(bindparam("school_id"))
_STORE_WRITTEN_TO = _storing(schools.school_named(bindparam("address")))


def store_raw(
    ingest: Outside,
    *,
    carrier: str,
    carrier_key: str,
    content_type: str,
    body: bytes,
    school_id: uuid.UUID | None = None,
    written_to: str | None = None,
    received_at: datetime | None = None,
) -> bool:
    """Store a request as it came; False when the carrier had sent it before.

    It is ``school_id``'s, or that of the one school whose number it was ``written_to``; of none where neither says.

    ``received_at`` is when the carrier got it, for what our hook missed; never later than now.
    """
    asked = {
        "id": uuid.uuid4(),
        "carrier": carrier,
        "carrier_key": carrier_key[:300],
        "content_type": content_type[:200],
        "body": body,
        "received_at": min(received_at or ingest.now, ingest.now),
    }
    if written_to is None:
        return ingest.session.execute(_STORE, asked | {"school_id": school_id}).first() is not None
    return ingest.session.execute(_STORE_WRITTEN_TO, asked | {"address": written_to}).first() is not None


def wake(ingest: Outside) -> None:
    """Tell the workers that something came in; they look by themselves as well, a little later.

    In a transaction of its own: PostgreSQL lets transactions that notify commit one after the other, so one that stores
    would wait for the disk of all before it.
    """
    ingest.session.execute(text(f"NOTIFY {CHANNEL}"))


def waiting_raw(ingest: Outside, *, limit: int = 100) -> list[uuid.UUID]:
    """The ids of requests nobody has taken, oldest first, through the ingest door: a mail may be large, so no more."""
    rows = (
        select(RawInbound.id)
        .where(
            RawInbound.taken_at.is_(None),
            RawInbound.tries < MOST_TRIES,
            RawInbound.trouble.is_distinct_from(NO_SCHOOL),
        )
        .order_by(RawInbound.number)
        .limit(limit)
    )
    return list(ingest.session.scalars(rows))


def texts_among(ingest: Outside, raw_ids: Collection[uuid.UUID]) -> list[Waiting]:
    """Those of the stored requests that are texts and that nobody has taken, in the order in which they came."""
    rows = select(RawInbound).where(
        RawInbound.id.in_(raw_ids), RawInbound.carrier == TEXTS, RawInbound.taken_at.is_(None)
    )
    return [_waiting(row) for row in ingest.session.scalars(rows.order_by(RawInbound.number))]


def claim_raw(work: Work, raw_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RawInbound]:
    """Those of the stored requests that are this school's and that nobody has taken or is about to: taken now.

    An act that keeps what it knows claims many at once, and finds each again as it files it.
    """
    rows = (
        select(RawInbound)
        .options(load_only(RawInbound.id, RawInbound.received_at, RawInbound.taken_at, RawInbound.trouble))
        .where(RawInbound.id.in_(raw_ids), RawInbound.taken_at.is_(None))
        .order_by(RawInbound.number)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claimed = {row.id: row for row in work.session.scalars(rows)}
    if claimed:
        _say_taken(work, claimed)
    return claimed


def _say_taken(work: Work, claimed: Mapping[uuid.UUID, RawInbound]) -> None:
    """In one statement, however many there are."""
    taken: dict[str, Any] = {"taken_at": work.now, "trouble": None}
    work.session.execute(update(_RAW).where(_RAW.c.id.in_(claimed)).values(taken))
    for row in claimed.values():
        for name, value in taken.items():
            set_committed_value(row, name, value)


def claim_together(work: Work, raw_ids: Collection[uuid.UUID]) -> None:
    """Claim what one act will file; whatever of it another worker has is left to that one."""
    claimed = claim_raw(work, raw_ids)
    for raw_id in raw_ids:
        work.once(("claimed", raw_id), partial(claimed.get, raw_id))


def hold_turn(work: Work) -> bool:
    """Whether it is ours to file this school's texts until the act ends; False while another worker does.

    So that two texts of one phone are read in the order in which they came, however many workers there are.
    """
    return bool(work.session.scalar(_TURN, {"school": str(work.school_id)}))


def raw_request(ingest: Outside, raw_id: uuid.UUID) -> Waiting | None:
    """A stored request as it came, with its school where one is known; None when somebody has taken it meanwhile."""
    row = ingest.session.get(RawInbound, raw_id)
    if row is None or row.taken_at is not None:
        return None
    return _waiting(row)


def _waiting(row: RawInbound) -> Waiting:
    return Waiting(row.id, row.carrier, row.school_id, row.content_type, row.body, row.tries)


def give_to_school(ingest: Outside, raw_id: uuid.UUID, school_id: uuid.UUID | None) -> None:
    """Say whose a stored request is; with no school it is kept, and counted for the operator.

    What it holds (a reply token) knows better than the address it came to, until somebody has taken it.
    """
    row = ingest.session.get(RawInbound, raw_id, with_for_update=True)
    if row is None or row.taken_at is not None:
        return
    row.school_id = school_id
    row.trouble = None if school_id else NO_SCHOOL


def note_trouble(ingest: Outside, raw_id: uuid.UUID, trouble: str) -> int:
    """A request could not be taken this time; ``trouble`` is the kind of fault, never a person's words.

    Returns how often that has been so; 0 when somebody has taken it, or it has no school yet, and all is well.
    """
    row = ingest.session.get(RawInbound, raw_id, with_for_update=True)
    if row is None or row.taken_at is not None or row.trouble == NO_SCHOOL:
        return 0
    row.tries += 1
    row.trouble = trouble[:200]
    return row.tries


def untaken(ingest: Outside) -> int:
    """How many stored requests nobody could take or place: the worker says so as an alarm."""
    stuck = RawInbound.taken_at.is_(None), RawInbound.trouble.is_not(None)
    rows = select(func.count()).select_from(RawInbound).where(*stuck)
    return ingest.session.scalar(rows) or 0
