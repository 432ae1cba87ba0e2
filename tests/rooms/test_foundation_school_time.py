"""School days follow the Ministry's terms, public holidays and the school's own; hours follow the school's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.school_time import (
    REGIONS,
    TIME_ZONES,
    MissingTerms,
    SchoolCalendar,
    Term,
    calendar_for,
    national_terms,
    public_closed_days,
    shipped_terms,
)

AUCKLAND = calendar_for("AUK", "Pacific/Auckland", national_terms())
CHATHAM = calendar_for("CIT", "Pacific/Chatham", national_terms())
DAYS = st.dates(date(2025, 12, 1), date(2028, 2, 1))
NIGHT = (time(20), time(7, 30))
# Clocks go forward on 27 September 2026 and back on 5 April 2026 and 4 April 2027, at 2.00 or (Chatham) 2.45 standard.
CHANGE_NIGHTS = st.sampled_from([datetime(2026, 9, 26, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)])
MOMENTS = st.builds(
    lambda night, seconds: night + timedelta(seconds=seconds),
    CHANGE_NIGHTS | st.builds(datetime, st.just(2027), st.integers(1, 12), st.integers(1, 28), tzinfo=st.just(UTC)),
    st.integers(0, 30 * 3600),
)
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59)) | st.builds(
    time, st.sampled_from([1, 2, 3]), st.sampled_from([0, 15, 30, 45])
)


def test_every_shipped_term_has_a_source_and_a_date_on_which_it_was_checked() -> None:
    shipped = shipped_terms()
    assert {(s.term.year, s.term.number) for s in shipped} == {(y, n) for y in (2026, 2027) for n in (1, 2, 3, 4)}
    assert all(s.source and s.checked_on >= date(2026, 1, 1) for s in shipped)


def test_terms_run_forward_on_weekdays_and_never_overlap() -> None:
    terms = national_terms()
    assert list(terms) == sorted(terms)
    for term in terms:
        assert term.first_on <= term.first_by < term.last_on
        assert term.last_on.weekday() < 5
    assert all(earlier.last_on < later.first_on for earlier, later in pairwise(terms))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 2, 6), "Waitangi Day"),
        (date(2026, 4, 3), "Good Friday, after term 1"),
        (date(2026, 4, 7), "Easter Tuesday"),
        (date(2026, 4, 27), "Anzac Day observed"),
        (date(2026, 6, 1), "King's Birthday"),
        (date(2026, 7, 10), "Matariki, in the holidays"),
        (date(2027, 3, 30), "Easter Tuesday, in term 1"),
        (date(2027, 6, 25), "Matariki, in term 2"),
        (date(2026, 10, 26), "Labour Day"),
        (date(2026, 11, 21), "a Saturday"),
        (date(2026, 7, 6), "the holidays"),
        (date(2026, 12, 25), "Christmas"),
        (date(2026, 1, 26), "Auckland's anniversary day, the first day term 1 may begin"),
    ],
)
def test_closed_days_are_no_school_days(day: date, why: str) -> None:
    assert not AUCKLAND.is_school_day(day), why


@pytest.mark.parametrize("day", [date(2026, 1, 27), date(2026, 4, 2), date(2026, 4, 20), date(2026, 11, 17)])
def test_other_weekdays_in_term_are_school_days(day: date) -> None:
    assert AUCKLAND.is_school_day(day)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2026, date(2026, 4, 7)), (2027, date(2027, 3, 30)), (2028, date(2028, 4, 18))],
)
def test_easter_tuesday_is_closed_everywhere(year: int, day: date) -> None:
    assert all(day in public_closed_days(year, region) for region in (None, *REGIONS))


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("WGN", date(2026, 1, 19)),
        ("NSN", date(2026, 2, 2)),
        ("OTA", date(2026, 3, 23)),
        ("CAN", date(2026, 11, 13)),
        ("SCA", date(2026, 9, 28)),
        ("CIT", date(2026, 11, 30)),
        ("WTC", date(2026, 11, 30)),
    ],
)
def test_each_region_keeps_its_own_anniversary_day(region: str, day: date) -> None:
    assert day in public_closed_days(2026, region)
    assert day not in public_closed_days(2026, None)


@pytest.mark.parametrize("region", ["BOP", "GIS", "MWT", "TAS", "WKO"])
def test_a_region_without_an_anniversary_day_keeps_the_one_its_school_observes(region: str) -> None:
    wellington_day = date(2027, 1, 25)
    nelson_day = date(2027, 2, 1)
    assert public_closed_days(2027, region) == public_closed_days(2027, None)
    observing = calendar_for(region, "Pacific/Auckland", national_terms(), observed_anniversary="NSN")
    assert nelson_day in observing.closed
    assert wellington_day not in observing.closed
    assert observing.is_school_day(nelson_day) is False
    assert calendar_for(region, "Pacific/Auckland", national_terms()).is_school_day(nelson_day) is True


def test_a_teacher_only_day_is_closed_for_that_school_alone() -> None:
    day = date(2026, 11, 20)
    own = calendar_for("AUK", "Pacific/Auckland", national_terms(), closed=[day])
    assert not own.is_school_day(day)
    assert AUCKLAND.is_school_day(day)


def test_a_school_sets_its_own_first_day_within_the_ministrys_range() -> None:
    first_term = national_terms()[0]
    assert (first_term.first_on, first_term.first_by) == (date(2026, 1, 26), date(2026, 2, 9))
    own = replace(first_term, first_on=date(2026, 2, 3), first_by=date(2026, 2, 3))
    calendar = calendar_for("AUK", "Pacific/Auckland", [own, *national_terms()[1:]])
    assert calendar.school_days(date(2026, 1, 1), date(2026, 2, 4)) == [date(2026, 2, 3), date(2026, 2, 4)]


def test_a_year_without_a_table_has_no_school_days_and_says_so() -> None:
    assert AUCKLAND.years_known == {2026, 2027}
    assert AUCKLAND.school_days(date(2028, 1, 1), date(2028, 12, 31)) == []
    assert AUCKLAND.missing_terms(date(2027, 12, 1), date(2029, 1, 1)) == MissingTerms((2028, 2029))
    assert AUCKLAND.missing_terms(date(2026, 1, 1), date(2027, 12, 31)) is None


def test_the_term_of_a_day_holds_its_weekends_too() -> None:
    term = AUCKLAND.term_of(date(2026, 11, 21))
    assert term is not None
    assert (term.year, term.number) == (2026, 4)
    assert AUCKLAND.term_of(date(2026, 10, 1)) is None


def test_an_unknown_region_or_time_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="region is not known"):
        calendar_for("NSW", "Pacific/Auckland", ())
    with pytest.raises(Invalid, match="region is not known"):
        calendar_for("BOP", "Pacific/Auckland", (), observed_anniversary="South Canterbury")
    with pytest.raises(Invalid, match="Chatham"):
        calendar_for("AUK", "Australia/Sydney", ())


@pytest.mark.parametrize("region", [None, *REGIONS])
@pytest.mark.parametrize("time_zone", TIME_ZONES)
def test_every_region_and_time_zone_makes_a_calendar(region: str | None, time_zone: str) -> None:
    calendar = calendar_for(region, time_zone, national_terms())
    # At least 190 of the year's days are open to teach on wherever the school is, before its own closed days.
    assert 190 <= len(calendar.school_days(date(2026, 1, 1), date(2026, 12, 31))) <= 200


def test_a_calendar_without_terms_has_no_school_days() -> None:
    empty = calendar_for(None, "Pacific/Auckland", ())
    assert empty.last_school_days(5, date(2026, 5, 5)) == []
    assert empty.school_days_since(date(2026, 1, 1), date(2026, 5, 5)) == 0


def test_days_since_count_school_days_only_and_begin_at_nothing() -> None:
    friday, monday, tuesday = date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17)
    assert AUCKLAND.school_days_since(friday, friday) == 0
    assert AUCKLAND.school_days_since(friday, monday) == 1
    assert AUCKLAND.school_days_since(friday, tuesday) == 2
    assert AUCKLAND.school_days_since(date(2026, 9, 25), date(2026, 10, 12)) == 1
    assert AUCKLAND.school_days_since(tuesday, friday) == 0


@given(DAYS, DAYS)
def test_school_days_are_exactly_the_days_that_are_school_days(first: date, last: date) -> None:
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert AUCKLAND.school_days(first, last) == [day for day in every if AUCKLAND.is_school_day(day)]
    assert AUCKLAND.school_days_since(first, last) == len(AUCKLAND.school_days(first + timedelta(days=1), last))


@given(st.integers(0, 60), DAYS)
def test_the_last_school_days_are_the_latest_ones(n: int, up_to: date) -> None:
    days = AUCKLAND.last_school_days(n, up_to)
    assert days == (AUCKLAND.school_days(date(2026, 1, 1), up_to)[-n:] if n else [])
    assert len(days) <= n


@given(DAYS)
def test_a_school_day_is_a_weekday_in_a_term_and_not_closed(day: date) -> None:
    expected = day.weekday() < 5 and AUCKLAND.term_of(day) is not None and day not in AUCKLAND.closed
    assert AUCKLAND.is_school_day(day) is expected


@pytest.mark.parametrize(
    ("calendar", "now", "local"),
    [
        (AUCKLAND, datetime(2026, 11, 17, 2, tzinfo=UTC), "2026-11-17 15:00"),
        (AUCKLAND, datetime(2026, 7, 1, 2, tzinfo=UTC), "2026-07-01 14:00"),
        (CHATHAM, datetime(2026, 11, 17, 2, tzinfo=UTC), "2026-11-17 15:45"),
        (CHATHAM, datetime(2026, 7, 1, 2, tzinfo=UTC), "2026-07-01 14:45"),
    ],
)
def test_the_schools_clock_follows_its_zone_and_daylight_saving(
    calendar: SchoolCalendar, now: datetime, local: str
) -> None:
    assert calendar.local(now).strftime("%Y-%m-%d %H:%M") == local


def test_a_moment_without_a_zone_is_a_fault() -> None:
    with pytest.raises(ValueError, match="time zone"):
        AUCKLAND.local(datetime(2026, 11, 17, 2, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("wall", "inside"),
    [(time(20), True), (time(23, 59, 59), True), (time(0), True), (time(7, 29, 59), True), (time(7, 30), False)],
)
def test_hours_over_midnight_hold_their_start_and_not_their_end(wall: time, *, inside: bool) -> None:
    now = datetime.combine(date(2026, 11, 17), wall, ZoneInfo("Pacific/Auckland"))
    assert AUCKLAND.within_hours(now, *NIGHT) is inside


def test_the_same_start_and_end_hold_no_moment() -> None:
    now = datetime(2026, 11, 17, 2, tzinfo=UTC)
    assert not AUCKLAND.within_hours(now, time(15), time(15))
    assert AUCKLAND.next_opening(now, (time(15), time(15))) == now


def wall(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Pacific/Auckland"), fold=fold)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (wall(2026, 11, 17, 15), wall(2026, 11, 17, 15)),
        (wall(2026, 11, 17, 20), wall(2026, 11, 18, 7, 30)),
        (wall(2026, 11, 18, 3), wall(2026, 11, 18, 7, 30)),
        (wall(2026, 9, 26, 22), wall(2026, 9, 27, 7, 30)),
        (wall(2026, 4, 4, 22), wall(2026, 4, 5, 7, 30)),
    ],
)
def test_a_message_at_night_waits_until_morning(now: datetime, opening: datetime) -> None:
    assert AUCKLAND.next_opening(now, NIGHT) == opening.astimezone(UTC)
    assert AUCKLAND.next_opening(now, NIGHT).tzinfo is UTC


def test_an_end_that_the_clocks_skip_opens_right_after_the_skip() -> None:
    quiet = (time(20), time(2, 30))
    opening = AUCKLAND.next_opening(wall(2026, 9, 26, 22), quiet)
    assert opening.astimezone(UTC) == datetime(2026, 9, 26, 14, 0, tzinfo=UTC)
    assert AUCKLAND.local(opening).time() == time(3)


def test_an_end_that_the_clocks_show_twice_opens_at_the_first_that_is_not_past() -> None:
    quiet = (time(20), time(2, 30))
    assert AUCKLAND.next_opening(wall(2026, 4, 4, 22), quiet) == wall(2026, 4, 5, 2, 30).astimezone(UTC)
    second = wall(2026, 4, 5, 2, 10, fold=1)
    assert AUCKLAND.next_opening(second, quiet) == wall(2026, 4, 5, 2, 30, fold=1).astimezone(UTC)


@given(st.sampled_from([AUCKLAND, CHATHAM]), MOMENTS, MINUTES, MINUTES)
@example(CHATHAM, datetime(2026, 9, 26, 13, 50, tzinfo=UTC), time(22), time(3, 15))
@example(AUCKLAND, datetime(2026, 9, 26, 11, 0, tzinfo=UTC), time(2, 30), time(2, 10))
def test_the_opening_is_the_first_moment_that_is_not_quiet(
    calendar: SchoolCalendar, now: datetime, start: time, end: time
) -> None:
    expected = now
    while calendar.within_hours(expected, start, end):
        expected = expected.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert calendar.next_opening(now, (start, end)) == expected


@given(MOMENTS)
def test_no_quiet_hours_hold_nothing(now: datetime) -> None:
    assert AUCKLAND.next_opening(now, None) == now


@given(st.builds(Term, st.just(2026), st.integers(1, 4), DAYS, DAYS, DAYS), st.sets(DAYS))
def test_odd_terms_never_make_a_closed_day_a_school_day(term: Term, closed: set[date]) -> None:
    calendar = calendar_for("AUK", "Pacific/Auckland", [term], closed)
    assert not closed & set(calendar.every_school_day)
