"""Who acts: a member of staff, a whānau contact, the service itself, or an operator at the command line."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of actor an act can have."""

    STAFF = "staff"
    CONTACT = "contact"
    SERVICE = "service"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor: its kind and, for people, the id of their row (staff.id or contacts.id)."""

    kind: ActorKind
    id: uuid.UUID | None = None

    @classmethod
    def staff(cls, staff_id: uuid.UUID) -> Actor:
        """A member of staff, by staff.id."""
        return cls(ActorKind.STAFF, staff_id)

    @classmethod
    def contact(cls, contact_id: uuid.UUID) -> Actor:
        """A whānau contact, by contacts.id."""
        return cls(ActorKind.CONTACT, contact_id)


SERVICE = Actor(ActorKind.SERVICE)
OPERATOR = Actor(ActorKind.OPERATOR)
