"""The demo's small school: its staff, classes and families, and a few weeks of what went to and fro."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from commsbridge.demo.history import tell_history

from commsbridge.demo import people
from commsbridge.demo.past import Clock, Past
from commsbridge.foundation.actors import OPERATOR
from commsbridge.neighbourhood import Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.schools import Staff
from commsbridge.students import Student
from commsbridge.whanau import Contact

NAME_EN, NAME_MI, TEXT_NAME = "Rimu Road School", "Te Kura o Rimu", "Rimu Road School"
TIME_ZONE = "Pacific/Auckland"
SHORT_CODE = "8123"
MAIL_SENDER = "kiaora@rimuroad.test"
REPLY_DOMAIN = "reply.rimuroad.test"
# Four words in a row, as the product advises; it opens the demo alone.
PASSWORD = "rimu tui moana kete"  # noqa: S105 - printed on purpose
HISTORY_DAYS = 25
BEFORE_HISTORY = timedelta(days=40)
# A year without a term table gets these days, so that the demo has school days in any year (month, day).
TERMS = (((1, 29), (4, 12)), ((4, 29), (7, 5)), ((7, 20), (9, 27)), ((10, 12), (12, 18)))


@dataclass(frozen=True, slots=True)
class SmallSchool:
    """What stands after seeding, by the names in demo.people."""

    school_id: uuid.UUID
    staff: Mapping[str, Staff]
    students: Mapping[str, Student]
    contacts: Mapping[str, Contact]


def seed_small_school(
    runtime: Runtime, town: Neighbourhood, clock: Clock, *, seed: int = 7, tell: Callable[[str], None] = lambda _: None
) -> SmallSchool:
    """Make Rimu Road School and let five school weeks of its life pass; the same ``seed`` makes the same school.

    ``clock`` must be the runtime's own ``now``; it is set back for the history and stands where it stood at the end.
    ``town`` must reach a web application over ``runtime`` (demo.past.Past says why), and keep the same time if what
    lies in its phones is to have the right dates. ``tell`` hears of each step.
    """
    today = clock.now
    dice = Random(seed)
    with runtime.lobby() as lobby:
        school_id = _create(lobby)
    days = _school_days(runtime, school_id)
    clock.now = _morning(days[0] - BEFORE_HISTORY)
    children = [*people.WITH_A_STORY, *people.everybody_else(dice)]
    with runtime.work(school_id, OPERATOR) as work:
        small = _people(work, children)
    _set_passwords(runtime, small.staff.values())
    _label(town, children)
    tell(f"{NAME_EN}: {len(children)} ākonga, {len(small.contacts)} whānau contacts, {len(small.staff)} staff")
    past = Past(runtime, town, clock, school_id)
    for told in tell_history(past, small, days, dice, until=today):
        tell(told)
    return small
