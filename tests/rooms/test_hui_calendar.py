"""The calendar file of a hui, to the letter of RFC 5545 and RFC 5546, and as mail programs are known to want it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from commsbridge import meetings, schools
from commsbridge.foundation.language import Language
from commsbridge.meetings.calendar_file import Invited
from tests.calendar_lines import CalendarFile, read_lines
from tests.rooms.gathering import Gathering

INVITED = Invited("kiaora@rimu.test", "dave@mail.test")
PLACE = "Te wharekai, i te taha o te whare kōhungahunga; ki te marae o Ōtāwhao \\ Te Awamutu, Waikato, Aotearoa"


def file_of(
    gathering: Gathering, hui_id: uuid.UUID, language: Language = Language.MI, invited: Invited | None = INVITED
) -> CalendarFile:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        return read_lines(meetings.hui_calendar(work, hui, language=language, host="rimu.test", invited=invited))


@pytest.fixture
def hui_id(gathering: Gathering) -> uuid.UUID:
    """A hui at a place with a long name whose first time the family has chosen."""
    hui_id = gathering.open(place=PLACE)
    gathering.invite(hui_id)
    gathering.says("1")
    return hui_id


@pytest.mark.parametrize("language", list(Language))
def test_macrons_commas_and_long_lines_come_through_in_each_language(
    gathering: Gathering, hui_id: uuid.UUID, language: Language
) -> None:
    event = file_of(gathering, hui_id, language).event
    with gathering.work() as work:
        school = schools.school_of(work).name_in(language)
    assert event["LOCATION"].words == PLACE
    assert school in event["SUMMARY"].words
    assert event["ORGANIZER"].parameters["CN"] == school
    assert event["DESCRIPTION"].words


def test_an_invitation_by_mail_names_school_and_reader_and_asks_for_no_answer(
    gathering: Gathering, hui_id: uuid.UUID
) -> None:
    file = file_of(gathering, hui_id)
    assert file.head["METHOD"].value == "REQUEST"
    assert file.head["VERSION"].value == "2.0"
    # Outlook shows a REQUEST only with both; Google only where the attendee is the mailbox that reads it.
    assert file.event["ORGANIZER"].value == "mailto:kiaora@rimu.test"
    assert file.event["ATTENDEE"].value == "mailto:dave@mail.test"
    assert file.event["ATTENDEE"].parameters["RSVP"] == "FALSE"
    assert not {"VALARM", "RRULE", "URL"} & set(file.event)


def test_what_is_taken_from_the_page_invites_nobody(gathering: Gathering, hui_id: uuid.UUID) -> None:
    file = file_of(gathering, hui_id, invited=None)
    # Apple and Outlook refuse a file for a person's own calendar that is a request to somebody else.
    assert file.head["METHOD"].value == "PUBLISH"
    assert not {"ORGANIZER", "ATTENDEE"} & set(file.event)


def test_a_hui_that_moves_keeps_its_id_counts_up_and_is_called_off_as_the_same_event(
    gathering: Gathering, hui_id: uuid.UUID
) -> None:
    first = file_of(gathering, hui_id)
    gathering.invite(hui_id, (6, 7))
    gathering.says("2")
    moved = file_of(gathering, hui_id)
    with gathering.work("walsh") as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    off = file_of(gathering, hui_id)
    every = (first, moved, off)
    assert {each.event["UID"].value for each in every} == {f"hui-{hui_id}@rimu.test"}
    assert {each.event["ORGANIZER"].value for each in every} == {"mailto:kiaora@rimu.test"}
    counted = [int(each.event["SEQUENCE"].value) for each in every]
    assert counted == sorted(set(counted))
    assert first.event["DTSTART"].value < moved.event["DTSTART"].value == off.event["DTSTART"].value
    assert (off.head["METHOD"].value, off.event["STATUS"].value) == ("CANCEL", "CANCELLED")
    assert (moved.head["METHOD"].value, moved.event["STATUS"].value) == ("REQUEST", "CONFIRMED")


@pytest.mark.parametrize(
    ("asked_at", "days", "begins"),
    [
        (datetime(2026, 9, 25, 2, 0, tzinfo=UTC), 3, "20260928T023000Z"),  # clocks go on: 3:30 pm is UTC+13
        (datetime(2027, 4, 2, 2, 0, tzinfo=UTC), 3, "20270405T033000Z"),  # clocks go back: 3:30 pm is UTC+12
    ],
)
def test_times_are_utc_so_that_no_program_needs_a_table_of_zones_and_no_change_of_clocks_moves_them(
    gathering: Gathering, asked_at: datetime, days: int, begins: str
) -> None:
    gathering.posting.clock.now = asked_at
    hui_id = gathering.open()
    gathering.invite(hui_id, (days,))
    gathering.says("1")
    event = file_of(gathering, hui_id).event
    assert event["DTSTART"].value == begins
    for name in ("DTSTART", "DTEND", "DTSTAMP"):
        assert event[name].value.endswith("Z")
        assert not event[name].parameters


def test_a_calendar_that_others_see_names_no_child_and_nobody_at_home(gathering: Gathering, hui_id: uuid.UUID) -> None:
    event = file_of(gathering, hui_id).event
    said = " ".join(each.value for each in event.values())
    assert event["CLASS"].value == "PRIVATE"
    assert not [name for name in ("Aroha", "Ngaire", "Kereama", "reading") if name in said]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b"\r\nVERSION", b"\nVERSION"),
        (b"\\, i te taha", b", i te taha"),
        (b"\r\nSEQUENCE:", b"\r\nUID:again\r\nSEQUENCE:"),
        (b"\r\nSTATUS:", b"\r\nstatus "),
        (b"\r\n ", b""),
    ],
)
def test_a_file_that_is_not_to_the_letter_would_be_found(
    gathering: Gathering, hui_id: uuid.UUID, written: bytes, instead: bytes
) -> None:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        raw = meetings.hui_calendar(work, hui, language=Language.MI, host="rimu.test", invited=INVITED)
    assert written in raw
    with pytest.raises(AssertionError):
        assert read_lines(raw.replace(written, instead)).event["LOCATION"].words == PLACE
