"""The consent ledger: who asked for what, by which way, in which wording we had asked, and how we know. Append-only."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.work import Work
from commsbridge.schools import OptOut
from commsbridge.whanau.models import CARRIED, Channel, ConsentEntry, ConsentKind, Way

# The version of the sentences that tell families why we write, and how to stop: a test holds them to it.
WORDING = "2026-11"
STOPS = frozenset({ConsentKind.STOP, ConsentKind.UNSUBSCRIBE})
STARTS = frozenset({ConsentKind.START, ConsentKind.RESUBSCRIBE})


def note_consent(
    work: Work,
    kind: ConsentKind,
    *,
    channel: Channel,
    address: str,
    sender_id: uuid.UUID,
    evidence: str,
    evidence_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
) -> ConsentEntry:
    """Write a line of the consent ledger and let it hold for the address: the whole phone, not one person.

    ``evidence`` says how we know: "reply", "carrier" (it told us: OptOutType, error 21610), "link" or "staff".
    """
    entry = _entry(
        work, kind, contact_id=contact_id, channel=channel, address=address, evidence=evidence, evidence_id=evidence_id
    )
    entry.sender_id = sender_id
    work.session.add(entry)
    if kind in STOPS:
        stopped = insert(OptOut).values(sender_id=sender_id, address=address, since=work.now)
        work.session.execute(stopped.on_conflict_do_nothing())
    elif kind in STARTS:
        # The wall shows a school only its own contacts' opt-outs; whoever is no contact may start again all the same.
        work.session.execute(select(func.end_opt_out(sender_id, address)))
    work.session.flush()
    work.forget(("stopped", sender_id, address))
    return entry


def note_wish(
    work: Work,
    kind: ConsentKind,
    *,
    contact_id: uuid.UUID | None,
    wish: str | None = None,
    student_id: uuid.UUID | None = None,
    evidence: str,
    evidence_id: uuid.UUID | None = None,
) -> ConsentEntry:
    """Write down a wish that begins or ends, of a contact or (a pause) for a whole child's whānau."""
    entry = _entry(work, kind, contact_id=contact_id, evidence=evidence, evidence_id=evidence_id)
    entry.wish, entry.student_id = wish, student_id
    work.session.add(entry)
    work.session.flush()
    return entry


def note_agreed(work: Work, ways: Sequence[Way], *, evidence: str) -> None:
    """Write down that these numbers and addresses were given to the school to be written to."""
    work.session.add_all(
        _entry(
            work,
            ConsentKind.AGREED,
            contact_id=way.contact_id,
            channel=Channel(way.channel),
            address=way.address,
            evidence=evidence,
        )
        for way in ways
        if way.channel in CARRIED
    )


def _entry(
    work: Work,
    kind: ConsentKind,
    *,
    contact_id: uuid.UUID | None,
    evidence: str,
    evidence_id: uuid.UUID | None = None,
    channel: Channel | None = None,
    address: str | None = None,
) -> ConsentEntry:
    return ConsentEntry(
        id=uuid.uuid4(),
        at=work.now,
        kind=kind,
        contact_id=contact_id,
        channel=channel,
        address=address,
        wording=WORDING,
        staff_id=work.actor.id if work.actor.kind is ActorKind.STAFF else None,
        evidence=evidence,
        evidence_id=evidence_id,
    )


def ledger_of(work: Work, contact_id: uuid.UUID, *, limit: int = 100) -> Sequence[ConsentEntry]:
    """What was asked for by a contact, or on a phone or mailbox that is theirs, newest first."""
    theirs = select(Way.address).where(Way.contact_id == contact_id, Way.rank > 0, Way.address.is_not(None))
    rows = select(ConsentEntry).where(or_(ConsentEntry.contact_id == contact_id, ConsentEntry.address.in_(theirs)))
    return work.session.scalars(rows.order_by(ConsentEntry.at.desc(), ConsentEntry.id).limit(limit)).all()
