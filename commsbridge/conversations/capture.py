"""Capture: a request is stored whole before anything is decided, once, and then belongs to a school."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from commsbridge.conversations.models import RawInbound

CHANNEL = "inbound"
# A row that fails this often is left for a person: its trouble is counted and shown to the operator.
MOST_TRIES = 5


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


def store_raw(
    ingest: Outside, *, carrier: str, carrier_key: str, content_type: str, body: bytes, school_id: uuid.UUID | None
) -> bool:
    """Store a request as it came; False when the carrier had sent it before. A NOTIFY wakes the worker."""
    row = insert(RawInbound).values(
        id=uuid.uuid4(),
        carrier=carrier,
        carrier_key=carrier_key[:300],
        content_type=content_type[:200],
        body=body,
        school_id=school_id,
        received_at=ingest.now,
    )
    stored = ingest.session.execute(row.on_conflict_do_nothing(index_elements=["carrier", "carrier_key"])).rowcount  # type: ignore[attr-defined]
    if stored:
        ingest.session.execute(text(f"NOTIFY {CHANNEL}"))
    return bool(stored)


def waiting_raw(ingest: Outside, *, limit: int = 50) -> list[Waiting]:
    """Requests nobody has taken, oldest first, through the ingest door; each names its school where one is known."""
    rows = ingest.session.scalars(
        select(RawInbound)
        .where(
            RawInbound.taken_at.is_(None),
            RawInbound.tries < MOST_TRIES,
            RawInbound.trouble.is_distinct_from("no school"),
        )
        .order_by(RawInbound.number)
        .limit(limit)
    )
    return [Waiting(row.id, row.carrier, row.school_id, row.content_type, row.body, row.tries) for row in rows]


def give_to_school(ingest: Outside, raw_id: uuid.UUID, school_id: uuid.UUID | None) -> None:
    """Say whose a stored request is; with no school it is kept, and counted for the operator."""
    row = ingest.session.get(RawInbound, raw_id, with_for_update=True)
    if row is None or row.school_id is not None:
        return
    row.school_id = school_id
    row.trouble = None if school_id else "no school"


def note_trouble(ingest: Outside, raw_id: uuid.UUID, trouble: str) -> None:
    """A request could not be taken this time; ``trouble`` is the kind of fault, never a person's words."""
    row = ingest.session.get(RawInbound, raw_id, with_for_update=True)
    if row is not None:
        row.tries += 1
        row.trouble = trouble[:200]


def untaken(ingest: Outside) -> int:
    """How many stored requests nobody could take or place: for the operator's page."""
    rows = select(RawInbound.id).where(RawInbound.taken_at.is_(None))
    return len(ingest.session.scalars(rows).all())
