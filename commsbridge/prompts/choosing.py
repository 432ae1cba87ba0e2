"""Who next: which children a teacher is asked about, fairly and with a reason that can be told.

A child is due by the share of their own interval that has passed: school days since good news reached home, over the
school days that the target leaves between two contacts. Who is furthest over goes first, so with one target for all
it is the longest wait, and nobody can be passed over for ever: the share of everybody else falls back when they hear.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# The default of PRODUCT guidance: two good contacts a school week for a student with a book, one a fortnight else.
FORTNIGHT = 10.0
SCHOOL_DAYS = 10
# A concern lately raises whoever has one, two at the most: they need good news sooner, not every day.
CONCERN_WEIGHS = 0.25
MOST_CONCERNS = 2
# Below this share nobody is asked about: praise that comes by the clock alone is worth little.
EARLIEST = 0.3
# Nobody is asked about on two days running, unless the target is that dense.
FEWEST_DAYS = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """What choosing knows of one child; days are school days.

    ``waited`` is since good news last reached home, None when none ever did; ``here`` since they came to the school;
    ``every`` what the target leaves between two contacts; ``concerns`` those of the last ten school days.
    """

    student_id: uuid.UUID
    waited: int | None
    here: int
    every: float = FORTNIGHT
    concerns: int = 0

    @property
    def due(self) -> float:
        """The share of the interval that has passed; 1: the target says now. Never heard counts an interval more."""
        days = self.here + self.every if self.waited is None else self.waited
        return days / self.every * (1 + CONCERN_WEIGHS * min(self.concerns, MOST_CONCERNS))

    def may_hear(self, earliest: float) -> bool:
        """Whether praise now would not come by the clock alone: since the last some days have gone by."""
        fewest = min(FEWEST_DAYS, self.every) if earliest else 0
        return (self.waited is None or self.waited >= fewest) and self.due >= earliest


def choose(
    children: Iterable[Waiting],
    how_many: int,
    *,
    spare: Collection[uuid.UUID] = (),
    after: Collection[uuid.UUID] = (),
    turn: str = "",
    earliest: float = EARLIEST,
) -> list[Waiting]:
    """The ``how_many`` children that are most due, first the most; fewer when the others heard lately.

    ``spare`` are asked about elsewhere or answered for already. For ``after`` it is another adult's turn: they come
    after all others, but whoever is past their target waits for nobody's turn. Below the share ``earliest`` nobody is
    asked about. Children who are equally due take turns by ``turn`` (the day, say): the same turn gives the same order
    to whoever asks.
    """
    due = (child for child in children if child.student_id not in spare and child.may_hear(earliest))
    order = sorted(
        due, key=lambda child: (child.student_id in after and child.due < 1, -child.due, _lot(child.student_id, turn))
    )
    return order[:how_many]


def _lot(student_id: uuid.UUID, turn: str) -> bytes:
    return hashlib.sha256(turn.encode() + student_id.bytes).digest()
