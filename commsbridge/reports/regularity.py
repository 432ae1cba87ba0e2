"""Regularity: how one home hears good news over the school days of a period, set beside what is aimed for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import sub
from statistics import median

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports.facts import TARGET_DAYS, Facts
from commsbridge.reports.periods import Period
from commsbridge.reports.rules import GUIDE


@dataclass(frozen=True, slots=True)
class Regularity:
    """How regularly good news reached one home; every number is school days, or school weeks.

    ``waited``: school days since good news last reached home, or since the student came when it never did.
    ``longest``: the longest run of school days of the period without any; ``middle``: the median of the steps from one
    such day to the next, None with fewer than two. ``met`` of ``weeks`` met the student's target. ``guide`` is the
    school's own for balance.
    """

    facts: Facts
    waited: int
    longest: int
    middle: float | None
    met: int
    weeks: int
    guide: int = GUIDE

    @property
    def waiting(self) -> bool:
        """Whether ten school days have passed without good news, and nobody asked for quiet or for no messages."""
        return not self.facts.quiet and self.waited >= TARGET_DAYS


class _Counting(dict[date, int]):
    """How many school days there were by each day, counted once when it is first asked for."""

    def __init__(self, days: Sequence[date], count: Callable[[Sequence[date], date], int]) -> None:
        self._days, self._count = days, count

    def __missing__(self, day: date) -> int:
        self[day] = found = self._count(self._days, day)
        return found


class Days:
    """School days counted quickly: how many lie between two days of one calendar.

    ``upto[day]``: how many there were up to and including a day; ``before[day]``: how many before it.
    """

    def __init__(self, calendar: SchoolCalendar) -> None:
        self._days = calendar.every_school_day
        self.upto, self.before = _Counting(self._days, bisect_right), _Counting(self._days, bisect_left)
        self._weeks: dict[tuple[date, date], list[tuple[date, int]]] = {}

    def since(self, day: date, until: date) -> int:
        """How many school days came after ``day`` up to ``until``, which counts."""
        return max(0, self.upto[until] - self.upto[day])

    def weeks(self, first_on: date, last_on: date) -> list[tuple[date, int]]:
        """The last school day within these days of each calendar week that has one, with its number (``upto``)."""
        if (first_on, last_on) not in self._weeks:
            days = self._days[self.upto[first_on - timedelta(days=1)] : self.upto[last_on]]
            ends = {day.isocalendar()[:2]: day for day in days}.values()
            self._weeks[first_on, last_on] = [(day, self.upto[day]) for day in ends]
        return self._weeks[first_on, last_on]


def regularity(facts: Facts, days: Days, period: Period, guide: int = GUIDE) -> Regularity:
    """Regularity of one student.

    Formula: with S(a, b] the school days after a up to b, waited = S(last good news or the day before they came,
    last day]; longest = the most school days in a row without good news; middle = the median of S(a, b] over days of
    good news a, b that follow each other. For weeks see ``_weeks``. Source: a partnership asks for communication that
    is regular (home-school partnership guidance); that ten days are long is the service's own choice, no finding.
    """
    began, upto, before = max(period.first_on, facts.began_on), days.upto, days.before
    numbers = [upto[on] for on in facts.days]
    met, weeks = _weeks(facts, numbers, days, days.weeks(began, period.last_on))
    inside = slice(bisect_left(facts.days, began), bisect_right(facts.days, period.last_on))
    came = numbers[inside]
    steps = [*map(sub, came[1:], came)]
    # A run without good news ends on the day before some came, or on the last day.
    begins = [before[began], *came]
    ends = [*(before[on] for on in facts.days[inside]), upto[period.last_on]]
    longest = max(0, *map(sub, ends, begins))
    since = facts.last_on or facts.began_on - timedelta(days=1)
    return Regularity(
        facts,
        waited=days.since(since, period.last_on),
        longest=longest,
        middle=median(steps) if steps else None,
        met=met,
        weeks=weeks,
        guide=guide,
    )


def _weeks(facts: Facts, numbers: Sequence[int], days: Days, ends: Sequence[tuple[date, int]]) -> tuple[int, int]:
    """How many school weeks met the student's target, of those in which it asked for something.

    Formula: a week that ends on the school day e is met when good news reached home on at least n different days d with
    S(d, e] < 10, where n = floor(target * min(10, school days they had been here) / 10). Two messages on a day are one
    good contact. Where n is 0 they have only just come: the week is not counted. ``numbers`` are the school days up to
    each day of good news. Source of the targets: prompts.rules.
    """
    came, met, weeks = days.before[facts.began_on], 0, 0
    for end, number in ends:
        needed = facts.target * min(TARGET_DAYS, number - came) // TARGET_DAYS
        if needed:
            weeks += 1
            met += bisect_right(facts.days, end) - bisect_right(numbers, number - TARGET_DAYS) >= needed
    return met, weeks
