"""What acts outside every school receive first."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session


class Lobby(Protocol):
    """The ground outside the walls: a session that sees no school's rows, and an aware UTC ``now``."""

    @property
    def session(self) -> Session:
        """The session; whoever opened the lobby commits it."""

    @property
    def now(self) -> datetime:
        """The only clock that rules may ask."""
