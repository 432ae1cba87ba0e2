"""Whom the demo draws: the same for the same seed, no two taken for one, with enough school days to tell of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest

from commsbridge.demo import people
from commsbridge.demo.history import HISTORY_DAYS
from commsbridge.demo.roll import make_school, school_days
from commsbridge.foundation.database import Database
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.rooms.acts import Acts


def test_the_same_seed_draws_the_same_people_and_another_seed_others() -> None:
    assert list(people.everybody_else(Random(7))) == list(people.everybody_else(Random(7)))
    assert list(people.everybody_else(Random(7))) != list(people.everybody_else(Random(8)))


@pytest.mark.parametrize("seed", range(20))
def test_no_two_people_of_the_school_are_taken_for_one(seed: int) -> None:
    children = [*people.WITH_A_STORY, *people.everybody_else(Random(seed))]
    first_names = Counter(child.name.split()[0] for child in children)
    adults = {adult for child in children for adult in child.adults}
    addresses = Counter(address for adult in adults for address in {address for _, address in adult.ways if address})
    assert max(first_names.values()) == 1
    assert len({adult.name for adult in adults}) == len(adults)
    assert [address for address, holders in addresses.items() if holders > 1] == [people.mobile(6)]
    assert all(adult.may_message is not MayMessage.NO for child in children for adult in child.adults[:1])


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (datetime(2027, 1, 3, tzinfo=UTC), date(2026, 11, 16), date(2026, 12, 18)),  # the summer holidays
        (datetime(2026, 11, 21, 23, tzinfo=UTC), date(2026, 10, 16), date(2026, 11, 20)),  # a Sunday
        (datetime(2026, 1, 28, tzinfo=UTC), None, date(2026, 1, 27)),  # the first days of the first year known
        (datetime(2031, 5, 20, tzinfo=UTC), None, date(2031, 5, 19)),  # a year without a term table
    ],
)
def test_there_are_five_school_weeks_to_tell_of_on_any_day(
    database: Database, today: datetime, first: date | None, last: date
) -> None:
    acts = Acts(database, Clock(today))
    with acts.lobby() as lobby:
        school_id = make_school(lobby)
    with acts.work(school_id) as work:
        days = school_days(work, HISTORY_DAYS)
    assert len(days) == HISTORY_DAYS
    assert days[-1] == last
    assert first in {None, days[0]}
