"""What stands in a plan, as values: who of several homes reads what, what changed, and who agreed to which words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """The parts of a plan, in the order in which they are read: what whānau and the child say comes first."""

    HOPES = "hopes"
    NOW = "now"
    GOAL = "goal"
    ADJUSTMENT = "adjustment"
    RESOURCE = "resource"
    STRATEGY = "strategy"


class Place(StrEnum):
    """Where something is done."""

    CLASS = "class"
    PLAYGROUND = "playground"
    HOME = "home"


class Around(StrEnum):
    """What of the child's surroundings an adjustment changes."""

    ENVIRONMENT = "environment"
    TASK = "task"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a plan. ``home`` is whose words they are, for that home and school alone; None: for everybody.

    ``said_by`` names who said it, ``who`` who does what. ``goal_id`` is the goal of a book that tells how it goes.
    ``around`` says what an adjustment changes.
    """

    id: uuid.UUID
    part: Part
    words: str
    place: Place | None = None
    who: str = ""
    by_on: date | None = None
    home: uuid.UUID | None = None
    said_by: str = ""
    goal_id: uuid.UUID | None = None
    around: Around | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing between two versions: None before is new, None after was taken out."""

    before: Item | None
    after: Item | None


def seen_at(items: Iterable[Item], home: uuid.UUID | None) -> tuple[Item, ...]:
    """What one home reads, in the order of the parts; ``home`` None: what school reads, all of it."""
    order = list(Part)
    mine = [each for each in items if home is None or each.home in {None, home}]
    return tuple(sorted(mine, key=lambda each: order.index(each.part)))


def changes(before: Sequence[Item], after: Sequence[Item]) -> list[Change]:
    """What is new, said otherwise, or taken out."""
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    told = [Change(old.get(each.id), each) for each in after if old.get(each.id) != each]
    return told + [Change(each, None) for each in before if each.id not in new]


def stored(item: Item) -> dict[str, Any]:
    """An item as JSON holds it; what says nothing is left out."""
    kept = {name: value for name, value in asdict(item).items() if value not in {None, ""}}
    return {name: value if isinstance(value, StrEnum) else str(value) for name, value in kept.items()}


def read_item(kept: Mapping[str, Any]) -> Item:
    """An item as it was stored. Raises KeyError or ValueError for what no version of this house wrote."""
    by_on, place, around = kept.get("by_on"), kept.get("place"), kept.get("around")
    return Item(
        uuid.UUID(kept["id"]),
        Part(kept["part"]),
        kept["words"],
        Place(place) if place else None,
        kept.get("who", ""),
        date.fromisoformat(by_on) if by_on else None,
        _id(kept.get("home")),
        kept.get("said_by", ""),
        _id(kept.get("goal_id")),
        Around(around) if around else None,
    )


def _id(written: str | None) -> uuid.UUID | None:
    return uuid.UUID(written) if written else None
