"""Calendar files: whole days that a school may close are found in them, whatever wrote them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.schools import read_calendar_file, write_calendar_file

TODAY = date(2026, 11, 17)
AUCKLAND = calendar_for("AUK", "Pacific/Auckland", national_terms())
SCHOOL = uuid.UUID("5f9f1a52-4df0-4c5e-9a0b-5a8f7f0a9b11")


def file_of(*events: str, end: str = "\r\n") -> bytes:
    inside = (f"BEGIN:VEVENT\nUID:{number}@other\n{event}\nEND:VEVENT" for number, event in enumerate(events))
    return end.join("\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *inside, "END:VCALENDAR", "")).split("\n")).encode()


def days(raw: bytes, calendar: SchoolCalendar = AUCKLAND) -> list[tuple[date, str, bool]]:
    return [(each.day, each.why, each.closes) for each in read_calendar_file(raw, calendar, TODAY).days]


def reasons(raw: bytes) -> list[str]:
    return [each.reason for each in read_calendar_file(raw, AUCKLAND, TODAY).left_out]


def test_a_teacher_only_day_is_found_and_taken_for_a_closed_one() -> None:
    raw = file_of("SUMMARY:Teacher-only day\nDTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261124")
    assert days(raw) == [(date(2026, 11, 23), "Teacher-only day", True)]


@pytest.mark.parametrize("why", ["School closed", "Staff only day", "Kura kati", "NO SCHOOL"])
def test_what_says_that_the_school_is_closed_is_ticked_beforehand(why: str) -> None:
    assert days(file_of(f"SUMMARY:{why}\nDTSTART;VALUE=DATE:20261124")) == [(date(2026, 11, 24), why, True)]


def test_an_event_of_several_days_offers_its_school_days_alone() -> None:
    raw = file_of("SUMMARY:Camp\nDTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261201")
    assert [day.day for day, _why, closes in days(raw) if not closes] == [26, 27, 30]


def test_an_event_without_an_end_is_one_day() -> None:
    assert days(file_of("SUMMARY:Ka kati te kura\nDTSTART;VALUE=DATE:20261124")) == [
        (date(2026, 11, 24), "Ka kati te kura", True)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "DTSTART:20261123T000000\nDTEND:20261124T000000",
        "DTSTART;TZID=Pacific/Auckland:20261123T000000\nDTEND;TZID=Pacific/Auckland:20261124T000000",
        "DTSTART:20261122T110000Z\nDTEND:20261123T110000Z",
        "DTSTART;TZID=New Zealand Standard Time:20261123T000000\nDURATION:P1D",
        "DTSTART;VALUE=DATE:20261123\nDURATION:P1D",
    ],
)
def test_midnight_to_midnight_is_a_whole_day_as_outlook_google_and_apple_write_it(written: str) -> None:
    assert [day for day, _why, _closes in days(file_of(f"SUMMARY:School closed\n{written}"))] == [date(2026, 11, 23)]


def test_a_night_on_which_the_clocks_change_is_still_a_whole_day() -> None:
    raw = file_of(
        "SUMMARY:Closed\nDTSTART;TZID=Pacific/Auckland:20270402T000000\nDTEND;TZID=Pacific/Auckland:20270406T000000"
    )
    assert [day.isoformat() for day, _why, _closes in days(raw)] == ["2027-04-02", "2027-04-05"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;VALUE=DATE:20261123\nSTATUS:CANCELLED", "It was cancelled."),
        ("DTSTART;VALUE=DATE:20261123\nRRULE:FREQ=WEEKLY", "It repeats. Close its days one by one."),
        ("DTSTART:20261123T090000\nDTEND:20261123T100000", "It is part of a day, and the school stays open."),
        ("DTSTART:20261123T090000", "It is part of a day, and the school stays open."),
        ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101", "It is longer than six weeks."),
        ("DTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261123", "It has no school day still to come."),
        ("DTSTART;VALUE=DATE:20261110", "It has no school day still to come."),
        ("DTSTART:a day in spring", "Its days cannot be read."),
        ("SUMMARY:no days at all", "Its days cannot be read."),
        ("DTSTART;VALUE=DATE:20261123\nDTEND:20261124T000000", "Its days cannot be read."),
    ],
)
def test_what_cannot_close_a_day_is_left_out_with_a_reason(event: str, reason: str) -> None:
    raw = file_of(event)
    assert days(raw) == []
    assert reasons(raw) == [reason]


def test_two_events_on_one_day_offer_it_once_and_the_closing_one_names_it() -> None:
    day = "DTSTART;VALUE=DATE:20261123"
    raw = file_of(f"SUMMARY:Market day\n{day}", f"SUMMARY:Closed for staff\n{day}", f"SUMMARY:Closed, too\n{day}")
    assert days(raw) == [(date(2026, 11, 23), "Closed for staff", True)]


def test_long_names_line_ends_and_a_byte_order_mark_are_no_trouble() -> None:
    raw = b"\xef\xbb\xbf" + file_of(f"SUMMARY:{'ā' * 300}\nDTSTART;VALUE=DATE:20261123", end="\n")
    assert days(raw) == [(date(2026, 11, 23), "ā" * 120, False)]


@pytest.mark.parametrize("raw", [b"", b"hello", b"\xff\xfe\x00", b"%PDF-1.7", b"BEGIN:VCARD\r\nEND:VCARD\r\n"])
def test_what_is_no_calendar_is_refused_in_plain_words(raw: bytes) -> None:
    with pytest.raises(Invalid, match="This is not a calendar file"):
        read_calendar_file(raw, AUCKLAND, TODAY)


def test_a_calendar_of_thousands_of_events_is_refused() -> None:
    raw = file_of(*["DTSTART;VALUE=DATE:20261123"] * 2001)
    with pytest.raises(Invalid, match="more than"):
        read_calendar_file(raw, AUCKLAND, TODAY)


@given(st.binary(max_size=400), st.integers(0, 200))
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    whole = file_of("SUMMARY:Closed\nDTSTART;VALUE=DATE:20261123")
    refused: str | None = None
    try:
        read_calendar_file(whole[:at] + noise + whole[at:], AUCKLAND, TODAY)
    except Invalid as refusal:
        refused = refusal.field
    assert refused in {None, "file"}


def test_what_is_written_is_read_again_and_keeps_its_names() -> None:
    marked = [("closed", date(2026, 11, 23), date(2026, 11, 23), "Closed: te rā o ngā kaiako, 1; 2")]
    now = datetime(2026, 11, 17, tzinfo=UTC)
    raw = write_calendar_file(SCHOOL, "Te Kura o Rimu", marked, now=now)
    assert days(raw) == [(date(2026, 11, 23), "Closed: te rā o ngā kaiako, 1; 2", True)]
    assert f"UID:closed-2026-11-23@{SCHOOL}".encode() in raw.replace(b"\r\n ", b"")
    assert raw == write_calendar_file(SCHOOL, "Te Kura o Rimu", marked, now=now)
