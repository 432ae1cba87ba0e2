"""Two simulated years of prompts, pure: every moment is judged once, and no child is forgotten.

Over changing clocks and a machine that sleeps; with adults away, silence, concerns, newcomers and leavers.
"""

from __future__ import annotations

import math
import random
import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.prompts.choosing import FORTNIGHT, Waiting, choose
from commsbridge.prompts.missing import LOOKS_BACK, TOO_LATE, due_now
from commsbridge.prompts.models import Late, Schedule
from commsbridge.prompts.schedules import due_moment

AUCKLAND = calendar_for("AUK", "Pacific/Auckland", national_terms())
CHATHAM = calendar_for("CIT", "Pacific/Chatham", national_terms())
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
# The Sundays on which the clocks change (Time Act 1974 order of 2007: last of September, first of April).
CHANGES = (date(2026, 4, 5), date(2026, 9, 27), date(2027, 4, 4), date(2027, 9, 26))


def moments_of(schedule: Schedule, calendar: SchoolCalendar) -> list[datetime]:
    found = (due_moment(schedule, calendar, day) for day in calendar.school_days(FIRST, LAST))
    return [moment for moment in found if moment is not None]


@pytest.mark.parametrize("calendar", [AUCKLAND, CHATHAM])
def test_a_daily_prompt_shows_its_own_time_on_the_schools_clock_on_each_side_of_every_change(
    calendar: SchoolCalendar,
) -> None:
    daily = Schedule(days=31, at=time(14, 30), how_many=1, by_mail=False)
    moments = moments_of(daily, calendar)
    assert {calendar.local(moment).time() for moment in moments} == {time(14, 30)}
    assert len({calendar.local(moment).date() for moment in moments}) == len(moments) > 370
    for change in CHANGES:
        before = max(moment for moment in moments if calendar.local(moment).date() < change)
        after = min(moment for moment in moments if calendar.local(moment).date() > change)
        assert before.time() != after.time()


@settings(max_examples=25)
@given(
    days=st.integers(1, 31),
    hour=st.integers(7, 17),
    calendar=st.sampled_from([AUCKLAND, CHATHAM]),
    late=st.sampled_from(list(Late)),
    seed=st.integers(0, 10**6),
)
def test_over_two_years_with_a_machine_that_sleeps_every_moment_is_judged_once(
    days: int, hour: int, calendar: SchoolCalendar, late: Late, seed: int
) -> None:
    dice = random.Random(seed)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    schedule = Schedule(days=days, at=time(hour, dice.randrange(60)), how_many=1, by_mail=False, asked_until=began)
    moments = moments_of(schedule, calendar)
    judged: Counter[datetime] = Counter()
    asked_on: Counter[date] = Counter()
    ticks = sorted({moment + timedelta(minutes=dice.choice((0, 0, 0, 5, 130, 60 * 20))) for moment in moments})
    wakes = [tick for tick in ticks if dice.random() < 0.9]
    for now in wakes:
        due = due_now(schedule, calendar, now, late)
        if due is None:
            continue
        schedule.asked_until = now
        judged.update(due.dropped)
        if due.ask is not None:
            judged[due.ask] += 1
            asked_on[calendar.local(now).date()] += 1
            assert due.late == (now >= due.ask + TOO_LATE)
            assert late is Late.MOVE or not due.late
    assert set(judged.values()) <= {1}
    assert max(asked_on.values(), default=0) <= 1
    by_day = [wake for wake in wakes if calendar.is_school_day(calendar.local(wake).date())]
    lookers = [wake for wake in by_day if time(7) <= calendar.local(wake).time() <= time(18)]
    lost = [each for each in moments if each not in judged]
    assert all(not any(each <= wake < each + LOOKS_BACK for wake in lookers) for each in lost)


class Shared:
    """A year in which adults share their children; each is asked about one a day, is away or does not answer."""

    def __init__(self, dice: random.Random, pupils: int, adults: int, *, concerns: bool) -> None:
        self.dice, self.concerns = dice, concerns
        self.days = AUCKLAND.school_days(date(2026, 1, 1), date(2026, 12, 31))
        self.children = [uuid.UUID(int=number) for number in range(pupils)]
        self.leaves = {each: dice.randrange(60, len(self.days)) for each in self.children if dice.random() < 0.1}
        self.came = {each: dice.randrange(0, 100) if dice.random() < 0.15 else 0 for each in self.children}
        self.adults = adults
        self.heard: dict[uuid.UUID, int] = {}
        self.waits: dict[uuid.UUID, int] = dict.fromkeys(self.children, 0)
        self.asked_by: dict[tuple[int, uuid.UUID], int] = {}
        self.served = [0]

    def here(self, each: uuid.UUID, today: int) -> bool:
        return self.came[each] <= today < self.leaves.get(each, len(self.days))

    def run(self) -> None:
        away = {(adult, week) for adult in range(self.adults) for week in range(45) if self.dice.random() < 0.1}
        for today in range(len(self.days)):
            sent = 0
            taken: set[uuid.UUID] = set()
            for adult in range(self.adults):
                if (adult, today // 5) not in away:
                    sent += self._ask(adult, today, taken)
            self.served.append(self.served[-1] + sent)
        for each in self.children:
            end = self.leaves.get(each, len(self.days))
            self._note(each, end)

    def _ask(self, adult: int, today: int, taken: set[uuid.UUID]) -> int:
        waiting = [
            Waiting(
                each,
                today - self.heard[each] if each in self.heard else None,
                today - self.came[each],
                FORTNIGHT,
                self.dice.randrange(3) if self.concerns and self.dice.random() < 0.1 else 0,
            )
            for each in self.children
            if self.here(each, today)
        ]
        mine = {each for (who, each), day in self.asked_by.items() if who == adult and today - day < 5}
        lately = mine if self.adults > 1 else set()
        chosen = choose(waiting, 1, spare=taken, after=lately, turn=str(today))
        for each in chosen:
            taken.add(each.student_id)
            self.asked_by[adult, each.student_id] = today
            if self.dice.random() < 0.7:
                self._note(each.student_id, today)
                self.heard[each.student_id] = today
                return 1
        return 0

    def _note(self, each: uuid.UUID, today: int) -> None:
        since = self.heard.get(each, self.came[each])
        self.waits[each] = max(self.waits[each], today - since)

    def best(self) -> int:
        """The days in which as many praises were sent as there are children, at the worst of the year."""
        last = len(self.days)
        worst = 0
        for start in range(last):
            pupils = sum(self.here(each, start) for each in self.children)
            until = (day for day in range(start, last) if self.served[day] - self.served[start] >= pupils)
            worst = max(worst, next(until, last) - start)
        return worst


@settings(max_examples=15)
@given(pupils=st.integers(6, 30), adults=st.integers(1, 3), concerns=st.integers(0, 1), seed=st.integers(0, 10**6))
def test_over_a_year_of_terms_with_absences_silence_leavers_and_concerns_nobody_is_forgotten(
    pupils: int, adults: int, concerns: int, seed: int
) -> None:
    year = Shared(random.Random(seed), pupils, adults, concerns=concerns > 0)
    year.run()
    # Alone and undisturbed it is within a tenth of the best order. Concerns change the order, and adults who take turns
    # keep from the same child for a week: either may cost the others days, taking turns a fortnight of them.
    best = year.best()
    cost = math.ceil(best * 0.1) + (math.ceil(best * 0.4) if concerns else 0) + (FORTNIGHT if adults > 1 else 0)
    allowed = max(best + cost, int(FORTNIGHT * 1.5))
    assert max(year.waits.values()) <= allowed
    stayed = [each for each in year.children if each not in year.leaves and len(year.days) - year.came[each] > 60]
    assert all(each in year.heard for each in stayed)
