"""Moves: every way a delivery may go from one state to another, named.

The database refuses all others, and writes down each that happens: when, in which try, in whose hands and why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, event, func, select
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, State

# What the database guards beside the pair itself (the trigger `delivery_moves`): a claim counts the try and names its
# worker; a carrier's answer belongs to the try that was claimed; what the carrier reports of a delivery that waits
# again or was withdrawn needs an earlier try; only what another delivery carried for the same phone is taken back; what
# waits comes into doubt only where a backup was put back.
MOVES: dict[tuple[State, State], str] = {
    (State.QUEUED, State.SENDING): "claimed",
    (State.QUEUED, State.HELD): "held",
    (State.QUEUED, State.CANCELLED): "withdrawn",
    (State.QUEUED, State.FAILED): "given up",
    (State.QUEUED, State.UNCERTAIN): "restored",
    (State.QUEUED, State.SENT): "reported",
    (State.QUEUED, State.DELIVERED): "reported",
    (State.HELD, State.QUEUED): "let go",
    (State.HELD, State.BY_HAND): "given to a person",
    (State.HELD, State.CANCELLED): "withdrawn",
    (State.HELD, State.FAILED): "given up",
    (State.HELD, State.SENT): "reported",
    (State.HELD, State.DELIVERED): "reported",
    (State.BY_HAND, State.DELIVERED): "told by a person",
    (State.BY_HAND, State.FAILED): "not told",
    (State.BY_HAND, State.HELD): "held",
    (State.BY_HAND, State.CANCELLED): "withdrawn",
    (State.SENDING, State.SENT): "accepted",
    (State.SENDING, State.FAILED): "refused",
    (State.SENDING, State.QUEUED): "surely not sent",
    (State.SENDING, State.UNCERTAIN): "nobody knows",
    (State.SENDING, State.DELIVERED): "reported",
    (State.UNCERTAIN, State.SENT): "adopted",
    (State.UNCERTAIN, State.DELIVERED): "reported",
    (State.UNCERTAIN, State.FAILED): "did not arrive",
    (State.UNCERTAIN, State.QUEUED): "not at the carrier",
    (State.UNCERTAIN, State.HELD): "held",
    (State.UNCERTAIN, State.CANCELLED): "withdrawn",
    (State.SENT, State.DELIVERED): "arrived",
    (State.SENT, State.FAILED): "did not arrive",
    (State.FAILED, State.SENT): "reported",
    (State.FAILED, State.DELIVERED): "arrived after all",
    (State.CANCELLED, State.QUEUED): "goes after all",
    (State.CANCELLED, State.SENT): "reported",
    (State.CANCELLED, State.DELIVERED): "reported",
    (State.CANCELLED, State.FAILED): "did not arrive",
}


class DeliveryMove(Model):
    """One move of a delivery, written by the database itself in the transaction that moved it. Append-only.

    ``at`` is the database's time; ``worker`` and ``attempt`` say in whose hands and in which try it was; ``why`` and
    ``code`` are the cause as the delivery then had it. It has no key to the delivery: only the trigger writes it, and
    a key would cost a look-up for each text. ``number`` orders them.
    """

    __tablename__ = "delivery_moves"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("schools.id"), server_default=func.current_school())
    delivery_id: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    came_from: Mapped[State] = mapped_column(OneOf(State, 10))
    went_to: Mapped[State] = mapped_column(OneOf(State, 10))
    attempt: Mapped[int]
    worker: Mapped[str | None] = mapped_column(String(80))
    why: Mapped[str | None] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (Index("ix_delivery_moves_delivery", "school_id", "delivery_id"),)

    @property
    def name(self) -> str:
        """The move's name."""
        return MOVES[self.came_from, self.went_to]


class IllegalMove(Exception):  # noqa: N818 - a bug of ours, said where it is made
    """Code tried to put a delivery where it cannot go from where it stands."""


@event.listens_for(Delivery.state, "set")
def _check(_delivery: Delivery, after: str, before: object, _initiator: object) -> None:
    """Say at once where code moves a delivery as none may go; the database would refuse it later."""
    if isinstance(before, str) and before != after and (State(before), State(after)) not in MOVES:
        raise IllegalMove(f"a delivery does not go from {before} to {after}")


def moves_of(work: Work, delivery_id: uuid.UUID) -> Sequence[DeliveryMove]:
    """Every move of one delivery, in order."""
    rows = select(DeliveryMove).where(DeliveryMove.delivery_id == delivery_id).order_by(DeliveryMove.number)
    return work.session.scalars(rows).all()


def diagram() -> Iterator[str]:
    """The moves as the lines of a Mermaid state diagram."""
    yield "stateDiagram-v2"
    for state in (State.QUEUED, State.HELD, State.BY_HAND):
        yield f"    [*] --> {state}: planned"
    for (before, after), name in MOVES.items():
        yield f"    {before} --> {after}: {name}"
    yield f"    {State.DELIVERED} --> [*]"
