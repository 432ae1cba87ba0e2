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
