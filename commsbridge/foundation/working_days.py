"""Working days as the Privacy Act counts them: the clock of a request to see what is held, or to put it right.

Privacy Act 2020, section 7, "working day": no Saturday or Sunday; not Good Friday, Easter Monday, Anzac Day, Labour
Day, the Sovereign’s birthday, Matariki or Waitangi Day; not the Monday after Waitangi or Anzac Day on a weekend; and
none from 25 December to 15 January. A province’s anniversary day is not among them: it counts.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

SATURDAY = 5
# Privacy Act 2020, sections 44 (to see) and 63 (to correct): within 20 working days after the day it was received.
DECIDED_WITHIN = 20


def is_working_day(day: date) -> bool:
    """Whether a day counts: no weekend, no national public holiday, and none from 25 December to 15 January."""
    summer = (day.month == 12 and day.day >= 25) or (day.month == 1 and day.day <= 15)
    # The national list of the package is the Act’s own; without a region it has no anniversary days.
    return day.weekday() < SATURDAY and not summer and day not in holidays.country_holidays("NZ", years=day.year)


def working_days_after(day: date, many: int) -> date:
    """The day on which ``many`` working days after ``day`` are over."""
    while many:
        day += timedelta(days=1)
        many -= is_working_day(day)
    return day
