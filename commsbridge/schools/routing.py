"""Finding the school behind a number, a mail address, a secret link: asked before any school is known."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, String, Uuid, bindparam, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.tokens import digest
from commsbridge.foundation.work import Work
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Door, NumberSchool, School, SchoolSender, Sender, SenderKind


def schools_by_id(lobby: Lobby, school_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, School]:
    """Schools by their ids."""
    found = lobby.session.scalars(select(School).where(School.id.in_(school_ids)))
    return {school.id: school for school in found}


def school_numbered(lobby: Lobby, number: int) -> School | None:
    """The school whose number a signed token carries."""
    return lobby.session.scalar(select(School).where(School.number == number))


def sender_at(work: Work, address: str) -> Sender | None:
    """The school's sender with this number or mail address."""
    return work.once(("sender", address), lambda: _sender_at(work, address))


def _sender_at(work: Work, address: str) -> Sender | None:
    wanted = (
        select(Sender)
        .join(SchoolSender, SchoolSender.sender_id == Sender.id)
        .where(SchoolSender.school_id == work.school_id, Sender.address == address)
    )
    return work.session.scalar(wanted)


def note_numbers(work: Work, numbers: Collection[tuple[uuid.UUID, str]]) -> None:
    """Remember which phones (sender's id, address) hear from this school on a sender that schools share.

    So their answers come here. They are written in the order of their addresses: two acts never wait for each other.
    """
    if numbers:
        rows = [{"sender_id": sender_id, "address": address} for sender_id, address in sorted(numbers, key=str)]
        work.session.execute(insert(NumberSchool).values(rows).on_conflict_do_nothing())


def schools_of_numbers(ingest: Lobby, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[uuid.UUID]]:
    """For each (sender's address, phone): the schools it hears from there; ingest door only.

    On a shared sender those are the schools that wrote to this phone, on another the one that owns it.
    """
    senders = select(Sender.address, SchoolSender.school_id).join(SchoolSender, SchoolSender.sender_id == Sender.id)
    heard = select(Sender.address, NumberSchool.address.label("phone"), NumberSchool.school_id).join(
        NumberSchool, NumberSchool.sender_id == Sender.id
    )
    at = {sender for sender, _ in pairs}
    owners: dict[str, set[uuid.UUID]] = defaultdict(set)
    for row in ingest.session.execute(senders.where(Sender.address.in_(at), Sender.shared.is_(False))):
        owners[row.address].add(row.school_id)
    if at <= owners.keys():
        return {pair: owners[pair[0]] for pair in pairs}
    hear: dict[tuple[str, str], set[uuid.UUID]] = defaultdict(set)
    shared = heard.where(Sender.shared, tuple_(Sender.address, NumberSchool.address).in_(pairs))
    for each in ingest.session.execute(shared):
        hear[each.address, each.phone].add(each.school_id)
    return {pair: owners.get(pair[0]) or hear.get(pair, set()) for pair in pairs}


def school_named(address: ColumnElement[str]) -> ScalarSelect[uuid.UUID]:
    """The one school an address names by itself, for a statement; NULL for a shared sender, and for a stranger's."""
    owners = select(func.min(cast(SchoolSender.school_id, String)).label("owner"), func.count().label("many"))
    owners = owners.join(Sender, Sender.id == SchoolSender.sender_id)
    found = owners.where(Sender.address == address, Sender.shared.is_(False)).subquery()
    return select(cast(found.c.owner, Uuid())).where(found.c.many == 1).scalar_subquery()


_SCHOOL_NAMED = select(school_named(bindparam("address")))


def school_of_sender(lobby: Lobby, address: str) -> uuid.UUID | None:
    """The one school an address names by itself; None for a sender that schools share, and for a stranger's."""
    return lobby.session.scalar(_SCHOOL_NAMED, {"address": address})


def text_senders(lobby: Lobby) -> list[str]:
    """The numbers texts come in to."""
    return list(lobby.session.scalars(select(Sender.address).where(Sender.kind != SenderKind.MAIL)))


def open_door(work: Work, secret: str, *, purpose: str, subject_id: uuid.UUID, expires_at: datetime) -> None:
    """Let whoever holds ``secret`` reach one thing of this school until a time; only its digest is kept."""
    work.session.add(
        Door(
            digest=digest(secret),
            purpose=purpose,
            school_id=work.school_id,
            subject_id=subject_id,
            expires_at=expires_at,
        )
    )


def behind_door(lobby: Lobby, secret: str, *, purpose: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The school and the thing a secret opens; None when it is wrong, over or for something else."""
    door = lobby.session.get(Door, digest(secret))
    if door is None or door.purpose != purpose or door.expires_at <= lobby.now:
        return None
    if door.school_id is None or door.subject_id is None:
        return None
    return door.school_id, door.subject_id
