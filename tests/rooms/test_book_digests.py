"""When digests of a book go: at four on school days, weekly on the last of a school week, and never in the holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.books import Comes, digest_due
from commsbridge.foundation.school_time import calendar_for, national_terms

CALENDAR = calendar_for("AUK", "Pacific/Auckland", national_terms(), closed=[date(2026, 11, 20)])
DAILY, WEEKLY = Comes.DAILY, Comes.WEEKLY


def at(day: date, hour: int) -> datetime:
    return CALENDAR.moment(day, time(hour))


@pytest.mark.parametrize(
    ("comes", "home_on", "hour", "goes_on"),
    [
        (DAILY, date(2026, 11, 17), 15, date(2026, 11, 17)),
        (DAILY, date(2026, 11, 21), 10, date(2026, 11, 23)),  # written on a Saturday
        (WEEKLY, date(2026, 11, 10), 15, date(2026, 11, 13)),
        (WEEKLY, date(2026, 11, 17), 15, date(2026, 11, 19)),  # the school is closed on that Friday
        (WEEKLY, date(2026, 11, 21), 10, date(2026, 11, 27)),
        (WEEKLY, date(2026, 9, 28), 10, date(2026, 10, 16)),  # in the holidays: the first week of the next term
        (DAILY, date(2026, 9, 28), 10, date(2026, 10, 12)),
    ],
)
def test_a_digest_knows_the_days_of_the_school(comes: Comes, home_on: date, hour: int, goes_on: date) -> None:
    assert digest_due(CALENDAR, at(home_on, hour), comes) == at(goes_on, 16)


@pytest.mark.parametrize("comes", [DAILY, WEEKLY])
def test_after_four_on_its_day_a_digest_goes_at_once(comes: Comes) -> None:
    now = at(date(2026, 11, 13), 17)
    assert digest_due(CALENDAR, now, comes) == now


def test_where_no_school_day_is_known_to_come_a_page_waits_for_none() -> None:
    now = datetime(2099, 1, 1, tzinfo=UTC)
    assert digest_due(CALENDAR, now, WEEKLY) == now


@given(st.dates(date(2026, 2, 9), date(2026, 12, 1)), st.integers(0, 23), st.sampled_from([DAILY, WEEKLY]))
def test_a_digest_never_goes_before_its_page_nor_on_a_day_without_school(day: date, hour: int, comes: Comes) -> None:
    now = at(day, hour)
    due = digest_due(CALENDAR, now, comes)
    assert due >= now
    assert CALENDAR.is_school_day(CALENDAR.local(due).date())
