"""Welcomes: whoever is written to for the first time is welcomed first, once, however many write at that moment."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select

from commsbridge import whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.planning import Planned

ON_THEIR_WAY = (State.QUEUED, State.SENDING, State.UNCERTAIN)


class Welcomes:
    """Whom a message must welcome, and which welcome it waits for; holds the contacts until the act ends.

    Two teachers who praise two children of one contact at the same moment come one after the other here.
    """

    def __init__(self, work: Work, contact_ids: Collection[uuid.UUID]) -> None:
        self._new = whanau.not_yet_welcomed(work, contact_ids)
        self._on_their_way: dict[uuid.UUID, Delivery] = {}
        self._held: dict[uuid.UUID, Delivery] = {}
        for delivery in work.session.scalars(_waiting_welcomes(contact_ids)):
            place = self._held if delivery.state is State.HELD else self._on_their_way
            if delivery.contact_id is not None:
                place[delivery.contact_id] = delivery

    def before(self, to: Planned) -> Delivery | None:
        """The welcome that is under way already and must leave before this delivery."""
        held = self._held.get(to.contact_id) if to.state is State.HELD else None
        first = self._on_their_way.get(to.contact_id) or held
        if first is not None and to.urgent:
            _hasten(first, to)
        return first

    def wanted(self, to: Planned) -> bool:
        """Whether a welcome must be written: nobody has yet, or the one there is is held while this goes."""
        if to.sender_id is None or self.before(to) is not None:
            return False
        return to.contact_id in self._new or to.contact_id in self._held


def _hasten(welcome: Delivery, to: Planned) -> None:
    """What is urgent does not wait until a welcome's own hours come."""
    welcome.urgent, welcome.lane = True, LANE_RANK[Lane.URGENT]
    if welcome.state is State.QUEUED and welcome.due_at > to.due_at:
        welcome.due_at, welcome.expires_at, welcome.why = to.due_at, to.expires_at, to.why


def _waiting_welcomes(contact_ids: Collection[uuid.UUID]) -> Select[Delivery]:
    return (
        select(Delivery)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Delivery.contact_id.in_(contact_ids),
            Delivery.state.in_((*ON_THEIR_WAY, State.HELD)),
            Message.kind == MessageKind.WELCOME,
        )
        .order_by(Delivery.made_at, Delivery.id)
    )


def welcomes_only_for(work: Work, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The waiting welcomes that only these deliveries wait for, locked; nobody writes to their contacts meanwhile."""
    wanted = {delivery.after_id for delivery in deliveries if delivery.after_id is not None}
    whanau.not_yet_welcomed(work, {each.contact_id for each in deliveries if each.contact_id})
    others = select(Delivery.after_id).where(
        Delivery.after_id.in_(wanted),
        Delivery.id.not_in([each.id for each in deliveries]),
        Delivery.state.in_((State.QUEUED, State.HELD, State.SENDING)),
    )
    shared = set(work.session.scalars(others))
    waiting = (
        select(Delivery)
        .where(Delivery.id.in_(wanted - shared), Delivery.state.in_((State.QUEUED, State.HELD)))
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(waiting))
