"""Working days as the Privacy Act counts them: the clock of a request to see what is held."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

SATURDAY = 5
# Privacy Act 2020, section 44: a decision within 20 working days; section 7 says which days are none.
DECIDED_WITHIN = 20


def is_working_day(day: date) -> bool:
    """Whether a day counts: no weekend, no national public holiday, and none from 25 December to 15 January."""
    summer = (day.month == 12 and day.day >= 25) or (day.month == 1 and day.day <= 15)
    return day.weekday() < SATURDAY and not summer and day not in holidays.country_holidays("NZ", years=day.year)


def working_days_after(day: date, many: int) -> date:
    """The day on which ``many`` working days after ``day`` are over."""
    while many:
        day += timedelta(days=1)
        many -= is_working_day(day)
    return day
