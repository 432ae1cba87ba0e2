"""Work: one act, by one person, in one school, at one moment, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import DeclarativeBase, Session

from commsbridge.foundation.actors import Actor
from commsbridge.foundation.gathering import Gathering

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Work:
    """What every verb of the product receives first.

    ``now`` is an aware UTC time and the only clock that rules may ask; the session sees one school's rows alone.
    Rooms flush, never commit: the transaction belongs to whoever opened the work. ``known`` is what an act that does
    the same many times has asked already; None: everything is asked each time.
    """

    session: Session
    school_id: uuid.UUID
    actor: Actor
    now: datetime
    known: dict[Hashable, Any] | None = None

    def once(self, about: Hashable, ask: Callable[[], Known]) -> Known:
        """What ``ask`` finds, asked once an act that keeps what it knows; whoever changes it says ``forget``."""
        if self.known is None:
            return ask()
        if about not in self.known:
            self.known[about] = ask()
        found: Known = self.known[about]
        return found

    def write(self, *rows: DeclarativeBase) -> None:
        """Write new rows down: at once, or in an act that does the same many times together with its others.

        What the database fills in is known only then; nothing is ever read past them.
        """
        if isinstance(self.session, Gathering) and self.session.gathers:
            self.session.hold(rows)
        else:
            self.session.add_all(rows)
            self.session.flush()

    def forget(self, about: Hashable) -> None:
        """What was known no longer holds."""
        if self.known is not None:
            self.known.pop(about, None)
