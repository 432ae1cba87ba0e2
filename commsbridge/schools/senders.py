"""Senders: the numbers and mail addresses that messages leave from, and the schools that send from them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.addresses import read_email, read_phone
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import School, SchoolSender, Sender, SenderKind

_SHORT_CODE = re.compile(r"[0-9]{3,6}")


def add_sender(
    lobby: Lobby,
    *,
    kind: SenderKind,
    address: str,
    shared: bool = False,
    rate: float = 1.0,
    burst: int = 10,
    carrier_adds_charge_words: bool = False,
) -> Sender:
    """Add a sender: a short code or phone number for texts, a mail address for mail.

    ``rate`` is text segments or mails a second, ``burst`` how many may go at once. Raises Invalid for an address that
    fits the kind ill or a pace that is not positive, Conflict when there is such a sender.
    """
    if rate <= 0 or burst <= 0:
        raise Invalid(N_("A sender's pace is more than nothing."), field="rate")
    read = _read_address(kind, address)
    if _sender_at(lobby, read) is not None:
        raise Conflict(N_("There is a sender with this address already."), field="address")
    sender = Sender(
        kind=kind,
        address=read,
        shared=shared,
        rate=rate,
        burst=burst,
        carrier_adds_charge_words=carrier_adds_charge_words,
    )
    lobby.session.add(sender)
    lobby.session.flush()
    return sender


def give_sender(lobby: Lobby, school_id: uuid.UUID, sender_id: uuid.UUID) -> None:
    """Let a school send from a sender, from now on in place of an earlier one of the same way.

    Raises NotFound when either is unknown, Conflict when the sender belongs to another school and is not shared.
    """
    sender = lobby.session.get(Sender, sender_id, with_for_update={"key_share": True})
    if sender is None or lobby.session.get(School, school_id) is None:
        raise NotFound(N_("There is no such school or sender."))
    others = select(SchoolSender).where(SchoolSender.sender_id == sender_id, SchoolSender.school_id != school_id)
    if not sender.shared and lobby.session.scalar(others.limit(1)) is not None:
        raise Conflict(N_("This sender belongs to another school and is not shared."))
    given = insert(SchoolSender).values(school_id=school_id, sender_id=sender_id, given_at=lobby.now)
    lobby.session.execute(
        given.on_conflict_do_update(
            index_elements=["school_id", "sender_id"], set_={"given_at": given.excluded.given_at}
        )
    )


def senders_of(work: Work) -> Sequence[Sender]:
    """The senders of this school, the one given last first."""
    return work.once("senders", lambda: _senders(work))


def _senders(work: Work) -> Sequence[Sender]:
    wanted = select(Sender).join(SchoolSender).where(SchoolSender.school_id == work.school_id)
    return work.session.scalars(wanted.order_by(SchoolSender.given_at.desc(), Sender.address)).all()


def sender_for_texts(work: Work) -> Sender | None:
    """The sender this school's texts leave from; None when it has none yet."""
    return next((sender for sender in senders_of(work) if sender.kind is not SenderKind.MAIL), None)


def sender_for_mails(work: Work) -> Sender | None:
    """The sender this school's mail leaves from; None when it has none yet."""
    return next((sender for sender in senders_of(work) if sender.kind is SenderKind.MAIL), None)


def schools_of_sender(lobby: Lobby, address: str) -> list[uuid.UUID]:
    """The schools that send, or ever sent, from an address as a carrier writes it; none when it is not ours."""
    wanted = select(SchoolSender.school_id).join(Sender).where(Sender.address == address.strip().lower())
    return list(lobby.session.scalars(wanted.order_by(SchoolSender.school_id)))


def _read_address(kind: SenderKind, address: str) -> str:
    if kind is SenderKind.MAIL:
        return read_email(address)
    if _SHORT_CODE.fullmatch(address.strip()):
        return address.strip()
    return read_phone(address).e164


def _sender_at(lobby: Lobby, address: str) -> Sender | None:
    return lobby.session.scalar(select(Sender).where(func.lower(Sender.address) == address))
