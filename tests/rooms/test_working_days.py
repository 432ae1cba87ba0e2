"""The clock of a request to see what is held: working days as the Privacy Act counts them."""

from __future__ import annotations

from datetime import date

import pytest

from commsbridge.foundation.working_days import is_working_day, working_days_after


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (date(2026, 11, 17), date(2026, 12, 15)),
        # Friday 4 December: the summer does not count, from Christmas Day to 15 January.
        (date(2026, 12, 4), date(2027, 1, 25)),
        (date(2026, 5, 29), date(2026, 6, 29)),  # the Sovereign's birthday, 1 June
    ],
)
def test_twenty_working_days_leave_out_weekends_holidays_and_the_summer(asked: date, by: date) -> None:
    assert working_days_after(asked, 20) == by


def test_no_day_of_the_summer_counts() -> None:
    summer = [date(2026, 12, day) for day in range(25, 32)] + [date(2027, 1, day) for day in range(1, 16)]
    assert not any(map(is_working_day, summer))
    assert is_working_day(date(2027, 1, 18))


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 4, 26),  # Anzac Day is a Sunday: the Monday after it
        date(2027, 2, 8),  # Waitangi Day is a Saturday: the Monday after it
        date(2026, 6, 1),  # the Sovereign's birthday
        date(2026, 7, 10),  # Matariki
        date(2026, 10, 26),  # Labour Day
    ],
)
def test_each_holiday_that_the_act_names_does_not_count(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 2, 1),  # Auckland's anniversary
        date(2027, 1, 25),  # Wellington's
        date(2026, 11, 13),  # Canterbury's
        date(2027, 3, 30),  # Easter Tuesday, a holiday of schools alone
        date(2026, 12, 24),
    ],
)
def test_days_that_the_act_does_not_name_count_though_a_school_is_closed(day: date) -> None:
    assert is_working_day(day)


def test_the_day_on_which_it_was_asked_is_not_counted() -> None:
    assert working_days_after(date(2026, 11, 16), 1) == date(2026, 11, 17)
    assert working_days_after(date(2026, 11, 14), 1) == date(2026, 11, 16)
