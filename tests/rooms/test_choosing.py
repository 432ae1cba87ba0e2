"""Who next: nobody is forgotten, nobody praised by the clock alone, and the longest wait is as short as it can be."""

from __future__ import annotations

import math
import random
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from commsbridge.prompts.choosing import FORTNIGHT, Waiting, choose

YEAR = 190  # school days


def child(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def test_whoever_waited_longest_is_asked_about_first() -> None:
    children = [Waiting(child(1), 4, 100), Waiting(child(2), 9, 100), Waiting(child(3), 7, 100)]
    assert [each.student_id for each in choose(children, 2)] == [child(2), child(3)]


def test_a_child_whose_home_never_heard_goes_before_one_that_waited_as_long() -> None:
    children = [Waiting(child(1), 30, 30), Waiting(child(2), None, 30)]
    assert choose(children, 1)[0].student_id == child(2)


def test_a_target_of_twice_a_week_is_due_four_times_as_soon() -> None:
    assert Waiting(child(1), 3, 100, every=2.5).due == Waiting(child(2), 12, 100).due == 1.2


def test_a_concern_raises_a_child_and_a_third_raises_no_further() -> None:
    waits = [Waiting(child(number), 8, 100, concerns=number).due for number in range(4)]
    assert waits[0] < waits[1] < waits[2] == waits[3]


def test_who_heard_lately_is_not_asked_about_though_others_are_few() -> None:
    assert choose([Waiting(child(1), 2, 100), Waiting(child(2), 0, 100)], 3) == []


def test_who_is_asked_about_elsewhere_is_left_to_that_adult() -> None:
    children = [Waiting(child(1), 20, 100), Waiting(child(2), 9, 100)]
    assert [each.student_id for each in choose(children, 1, spare={child(1)})] == [child(2)]


def test_children_who_wait_alike_take_turns() -> None:
    children = [Waiting(child(number), 9, 100) for number in range(30)]
    firsts = {choose(children, 1, turn=str(day))[0].student_id for day in range(60)}
    assert len(firsts) > 15
    assert choose(children, 3, turn="a") == choose(children[::-1], 3, turn="a")


class Year:
    """A school year of prompts: on each prompted day some of those asked about are praised, and that arrives."""

    def __init__(self, every: dict[uuid.UUID, float]) -> None:
        self.every = every
        self.heard = dict.fromkeys(every, 0)
        self.times = dict.fromkeys(every, 0)
        self.longest = dict.fromkeys(every, 0)

    def day(self, today: int, asked: int, answers: int) -> int:
        waiting = [Waiting(each, today - self.heard[each], today, every) for each, every in self.every.items()]
        chosen = choose(waiting, asked, turn=str(today))[:answers]
        for each in chosen:
            self._hears(each.student_id, today)
        return len(chosen)

    def _hears(self, each: uuid.UUID, today: int) -> None:
        self.longest[each] = max(self.longest[each], today - self.heard[each])
        self.heard[each] = today
        self.times[each] += 1

    def end(self) -> None:
        for each, on in self.heard.items():
            self.longest[each] = max(self.longest[each], YEAR - on)


@settings(max_examples=40)
@given(pupils=st.integers(1, 34), a_day=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_over_a_year_with_ignored_prompts_the_longest_wait_is_within_a_tenth_of_the_best_order(
    pupils: int, a_day: int, seed: int
) -> None:
    dice = random.Random(seed)
    year = Year({child(number): FORTNIGHT for number in range(pupils)})
    served = [0]  # how many praises the answered prompts allowed until each day
    for today in range(1, YEAR + 1):
        answers = a_day if dice.random() < 0.7 else 0
        served.append(served[-1] + year.day(today, a_day, answers))
    year.end()
    # No order serves everybody again before as many praises were sent as there are children.
    best = max(_days_for(served, pupils, start) for start in range(YEAR))
    assert max(year.longest.values()) <= max(math.ceil(best * 1.1), best + 1)


def _days_for(served: list[int], pupils: int, start: int) -> int:
    """The days from ``start`` until each child can have been praised once more, or the year is over."""
    return next((day for day in range(start, YEAR) if served[day] - served[start] >= pupils), YEAR) - start


@settings(max_examples=30)
@given(with_book=st.integers(0, 4), others=st.integers(0, 26), seed=st.integers(0, 10**6))
def test_every_child_meets_their_target_whenever_the_answered_prompts_suffice(
    with_book: int, others: int, seed: int
) -> None:
    every = {child(n): 2.5 for n in range(with_book)} | {child(100 + n): FORTNIGHT for n in range(others)}
    needed = with_book / 2.5 + others / FORTNIGHT  # praises a school day
    asked = math.ceil(needed * 1.25) or 1
    dice = random.Random(seed)
    year = Year(every)
    for today in range(1, YEAR + 1):
        year.day(today, asked, asked if dice.random() < 0.9 else asked - 1)
    for each, interval in every.items():
        assert year.times[each] >= int(YEAR / interval) * 0.95 - 1, (each, year.times[each], interval)


@settings(max_examples=20)
@given(st.lists(st.integers(0, YEAR - 1), min_size=1, max_size=30, unique=True))
def test_no_child_is_forgotten_while_others_come_new(arrivals: list[int]) -> None:
    here = dict.fromkeys((child(number) for number in range(10)), 0)
    heard: dict[uuid.UUID, int] = {}
    for today in range(1, YEAR + 1):
        here.update({child(1000 + day): day for day in arrivals if day == today})
        waiting = [
            Waiting(each, today - heard[each] if each in heard else None, today - came) for each, came in here.items()
        ]
        for chosen in choose(waiting, 1, turn=str(today)):
            heard[chosen.student_id] = today
    assert all(each in heard for each, came in here.items() if YEAR - came > 60)
    assert max(YEAR - on for on in heard.values()) <= 2 * len(here) + 10
