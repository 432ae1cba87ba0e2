"""The school year: seen by everybody, kept by leaders and the office, with calendar files in and out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pytest

from commsbridge import schools
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor, upload
from tests.story import Story

MONDAY = "2026-11-23"


@pytest.fixture
def office(sign_in: SignIn) -> Visitor:
    """Jan of the office."""
    return sign_in("jan")


def closed(story: Story) -> dict[date, str]:
    with story.work() as work:
        return {row.closed_on: row.why for row in schools.closed_days(work)}


def read_file(visitor: Visitor, raw: bytes) -> Page:
    form = visitor.open("/calendar").form("/calendar/file")
    return visitor.send(form, file=upload(raw, "year.ics"))


def change(visitor: Visitor, **fields: str) -> Page:
    """Send a form of the page, and see the page it leads to."""
    visitor.open("/calendar")
    page = visitor.act("/calendar", **fields)
    return visitor.follow() if page.status == 302 else page


def ics(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".encode()


@pytest.mark.parametrize("who", ["walsh", "matiu", "jan", "burns", "kiri"])
def test_everybody_sees_the_school_year(sign_in: SignIn, who: str) -> None:
    page = sign_in(who).open("/calendar")
    assert page.status == 200
    assert "Today is a school day: term 4, week 6." in page.text
    assert "12 Oct 2026 to 18 Dec 2026" in page.text
    assert "looked at on 21 Nov 2026" in page.text
    assert "Friday, 25 June 2027 Matariki" in page.text
    assert "Labour Day" in page.text
    assert "26 October 2026" not in page.text
    assert "Schools begin between" not in page.text or who in {"jan", "burns"}


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "kiri"])
def test_leaders_and_the_office_alone_change_it(sign_in: SignIn, story: Story, who: str) -> None:
    visitor = sign_in(who)
    assert "/calendar" not in [form.action for form in visitor.open("/calendar").forms]
    assert visitor.act("/calendar", act="closed", closed_on=MONDAY, why="Flood").status == 403
    assert visitor.act("/calendar/file").status == 403
    assert visitor.act("/calendar/days", day=MONDAY).status == 403
    assert closed(story) == {}


def test_a_day_is_closed_and_opened_again(office: Visitor, story: Story) -> None:
    page = change(office, act="closed", closed_on="2026-11-17", why="  Waipuke:  flood ")
    assert "Closed. Nothing that waits for a school day goes on that day." in page.text
    assert "Today is not a school day. The next one is Wednesday, 18 November 2026." in page.text
    assert closed(story) == {date(2026, 11, 17): "Waipuke: flood"}
    page = change(office, act="opened", closed_on="2026-11-17")
    assert "Open again." in page.text
    assert closed(story) == {}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"closed_on": "", "why": "Flood"}, "Choose a day."),
        ({"closed_on": "31 November", "why": "Flood"}, "Choose a day."),
        ({"closed_on": "2026-11-31", "why": "Flood"}, "Choose a day."),
    ],
)
def test_a_day_that_is_none_is_refused_and_what_was_typed_kept(
    office: Visitor, story: Story, typed: dict[str, str], sentence: str
) -> None:
    page = change(office, act="closed", **typed)
    assert page.status == 400
    assert page.wrong["closed_on"] == sentence
    assert page.form("/calendar", having="why").values["why"] == "Flood"
    assert closed(story) == {}


def test_a_day_is_not_closed_twice_or_without_a_reason(office: Visitor, story: Story) -> None:
    change(office, act="closed", closed_on=MONDAY, why="Flood")
    assert "already closed" in change(office, act="closed", closed_on=MONDAY, why="Again").wrong["closed_on"]
    assert "why" in change(office, act="closed", closed_on="2026-11-24", why=" ").wrong
    assert closed(story) == {date(2026, 11, 23): "Flood"}


def test_a_term_gets_the_schools_own_days_and_the_shipped_ones_again(office: Visitor) -> None:
    page = change(office, act="term", term="2027-1", first_on="2027-02-01", last_on="2027-04-08")
    assert "1 Feb 2027 to 8 Apr 2027" in page.text
    assert "Days set by this school." in page.text
    page = change(office, act="forgotten", term="2027-1")
    assert "28 Jan 2027 to 9 Apr 2027" in page.text
    assert "Schools begin between 28 Jan 2027 and 3 Feb 2027: set your own first day." in page.text


@pytest.mark.parametrize(
    ("first_on", "last_on", "field", "sentence"),
    [
        ("2027-04-08", "2027-02-01", "last_on", "comes after"),
        ("2026-12-30", "2027-04-08", "first_on", "its own year"),
        ("2027-02-01", "2027-05-08", "first_on", "touch term 2"),
        ("", "2027-04-08", "first_on", "Choose a day."),
    ],
)
def test_terms_that_overlap_or_run_backwards_are_refused_beside_their_field(
    office: Visitor, first_on: str, last_on: str, field: str, sentence: str
) -> None:
    page = change(office, act="term", term="2027-1", first_on=first_on, last_on=last_on)
    assert page.status == 400
    assert sentence in page.wrong[f"{field}-2027-1"]
    assert "28 Jan 2027 to 9 Apr 2027" in page.text


@pytest.mark.parametrize(
    "form", [{"act": "burn"}, {}, {"act": "term", "term": "x"}, {"act": "forgotten", "term": "1-²"}]
)
def test_a_form_that_no_page_of_ours_made_changes_nothing(office: Visitor, form: dict[str, str]) -> None:
    page = change(office, **form)
    assert page.status == 400
    assert "Open the page again" in page.text


def test_the_anniversary_that_is_kept_can_be_another_regions(office: Visitor, story: Story) -> None:
    change(office, act="anniversary", region="OTA")
    with story.work() as work:
        assert not schools.calendar_of(work).is_school_day(date(2026, 3, 23))
    change(office, act="anniversary", region="")
    with story.work() as work:
        assert schools.school_of(work).observed_anniversary is None
    assert "not known" in change(office, act="anniversary", region="XXX").text


def test_a_calendar_file_closes_the_days_that_were_ticked_and_no_other(office: Visitor, story: Story) -> None:
    raw = ics(
        "SUMMARY:Teacher only day\r\nDTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261124",
        "SUMMARY:Athletics\r\nDTSTART;VALUE=DATE:20261126",
        "SUMMARY:Assembly\r\nDTSTART:20261127T090000\r\nDTEND:20261127T100000",
    )
    page = read_file(office, raw)
    assert "Teacher only day" in page.text
    assert "It is part of a day, and the school stays open." in page.text
    form = page.form("/calendar/days")
    assert form.choices["day"] == [MONDAY, "2026-11-26"]
    assert form.values["day"] == MONDAY
    assert closed(story) == {}
    office.send(form)
    assert "The days you chose are closed." in office.follow().text
    assert closed(story) == {date(2026, 11, 23): "Teacher only day"}
    again = read_file(office, raw)
    assert again.form("/calendar/days").choices["day"] == ["2026-11-26"]


def test_days_sent_twice_are_closed_once(office: Visitor, story: Story) -> None:
    form = read_file(office, ics("SUMMARY:Closed\r\nDTSTART;VALUE=DATE:20261123")).form("/calendar/days")
    office.send(form)
    assert office.send(form).status == 302
    assert closed(story) == {date(2026, 11, 23): "Closed"}


def test_a_file_of_days_long_gone_says_so(office: Visitor) -> None:
    page = read_file(office, ics("SUMMARY:Closed\r\nDTSTART;VALUE=DATE:20251123"))
    assert "Nothing in this file falls on a school day" in page.text


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Choose a file."),
        (b"name,day\r\nflood,today\r\n", "This is not a calendar file."),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(office: Visitor, raw: bytes, sentence: str) -> None:
    page = read_file(office, raw)
    assert page.status == 400
    assert sentence in page.wrong["file"]


def test_no_day_ticked_and_days_that_are_none_change_nothing(office: Visitor, story: Story) -> None:
    office.open("/calendar")
    assert "No day was chosen" in office.act("/calendar/days").text
    assert office.act("/calendar/days", day="tomorrow").status == 400
    assert closed(story) == {}


def test_the_year_goes_into_another_calendar(sign_in: SignIn, office: Visitor) -> None:
    change(office, act="closed", closed_on=MONDAY, why="Teacher-only day")
    answer = sign_in("walsh").open("/calendar.ics")
    assert answer.status == 200
    raw = answer.response.text
    assert raw.startswith("BEGIN:VCALENDAR\r\n")
    for line in ("SUMMARY:Term 4", "SUMMARY:Labour Day", "SUMMARY:Teacher-only day", "DTSTART;VALUE=DATE:20261123"):
        assert line in raw


@pytest.mark.parametrize(
    ("who", "on", "rows"),
    [
        ("jan", date(2027, 8, 30), 0),
        ("jan", date(2027, 9, 10), 1),
        ("burns", date(2027, 9, 10), 1),
        ("walsh", date(2027, 9, 10), 0),
    ],
)
def test_whoever_keeps_the_calendar_is_told_in_good_time_of_a_year_without_terms(
    sign_in: SignIn, clock: Clock, who: str, on: date, rows: int
) -> None:
    clock.now = datetime.combine(on, time(0, 0), UTC)
    page = sign_in(who).open("/to-do")
    assert len(re.findall("today The terms of 2028 are not known here yet", page.text)) == rows
    assert "The terms of 2027" not in page.text


def test_the_word_of_a_year_without_terms_ends_when_its_terms_are_set(sign_in: SignIn, clock: Clock) -> None:
    clock.now = datetime(2027, 9, 10, tzinfo=UTC)
    office = sign_in("jan")
    change(office, act="term", term="2028-1", first_on="2028-02-01", last_on="2028-04-13")
    assert "The terms of 2028" not in office.open("/to-do").text
