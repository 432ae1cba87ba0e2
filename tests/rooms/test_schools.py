"""Schools: their names and their calendar."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest

from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.school_time import national_terms
from commsbridge.schools import (
    calendar_of,
    close_day,
    closed_days,
    create_school,
    find_school,
    forget_term,
    open_day,
    quiet_hours,
    school_of,
    schools_all,
    set_quiet_hours,
    set_term,
    the_one_school,
    today,
)
from tests.rooms.acts import Acts

TUESDAY = date(2026, 11, 17)


@pytest.fixture
def school_id(acts: Acts) -> uuid.UUID:
    return acts.school()


# Schools


def test_a_school_keeps_its_names_with_their_macrons(acts: Acts) -> None:
    with acts.lobby() as lobby:
        made = create_school(
            lobby, name_en="  Kōwhai  School ", name_mi="Te Kura o Ko\u0304whai", text_name="Kōwhai", region="WGN"
        )
        assert (made.name_en, made.name_mi, made.text_name) == ("Kōwhai School", "Te Kura o Kōwhai", "Kōwhai")
        assert made.time_zone == "Pacific/Auckland"
        assert made.created_at == acts.clock.now


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_en": " "}, "name_en"),
        ({"name_mi": "x" * 121}, "name_mi"),
        ({"text_name": "A name of twenty-one."}, "text_name"),
        ({"region": "ZZZ"}, "region"),
        ({"observed_anniversary": "ZZZ"}, "observed_anniversary"),
        ({"time_zone": "Europe/Paris"}, "time_zone"),
    ],
)
def test_a_school_that_cannot_be_is_refused_by_field(acts: Acts, wrong: dict[str, str], field: str) -> None:
    given = {"name_en": "A", "name_mi": "A", "text_name": "A"} | wrong
    with pytest.raises(Invalid) as refusal, acts.lobby() as lobby:
        create_school(lobby, **given)
    assert refusal.value.field == field
    with acts.lobby() as lobby:
        assert schools_all(lobby) == []


def test_a_text_name_of_twenty_letters_is_taken(acts: Acts) -> None:
    with acts.lobby() as lobby:
        assert create_school(lobby, name_en="A", name_mi="A", text_name="ā" * 20).text_name == "ā" * 20


def test_the_one_school_is_found_without_naming_it(acts: Acts) -> None:
    with pytest.raises(NotFound), acts.lobby() as lobby:
        the_one_school(lobby)
    first = acts.school("Rimu Road School")
    with acts.lobby() as lobby:
        assert the_one_school(lobby).id == first
    acts.school("Kōwhai School")
    with pytest.raises(Conflict) as refusal, acts.lobby() as lobby:
        the_one_school(lobby)
    listed = str(refusal.value.slots["schools"])
    assert "Rimu Road School" in listed
    assert "Kōwhai School" in listed


def test_a_school_is_found_by_number_id_or_any_folded_name(acts: Acts) -> None:
    made = acts.school("Kōwhai School")
    other = acts.school("Rimu Road School")
    with acts.lobby() as lobby:
        number = str(next(school.number for school in schools_all(lobby) if school.id == made))
        for written in (number, str(made), "kowhai school", " KŌWHAI  SCHOOL "):
            assert find_school(lobby, written).id == made
        with pytest.raises(NotFound):
            find_school(lobby, "Tōtara School")
        with pytest.raises(Conflict):
            find_school(lobby, "te kura o rimu")
        assert find_school(lobby, "rimu road school").id == other


# Calendar


def test_a_school_has_the_shipped_terms_until_it_sets_its_own(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.work(school_id) as work:
        assert calendar_of(work).terms == national_terms()
        set_term(work, year=2026, number=4, first_on=date(2026, 10, 13), last_on=date(2026, 12, 16))
        calendar = calendar_of(work)
        assert not calendar.is_school_day(date(2026, 10, 12))
        assert calendar.is_school_day(date(2026, 10, 13))
        assert not calendar.is_school_day(date(2026, 12, 17))
        set_term(work, year=2026, number=4, first_on=date(2026, 10, 12), last_on=date(2026, 12, 17))
        assert calendar_of(work).is_school_day(date(2026, 12, 17))
        forget_term(work, year=2026, number=4)
        assert calendar_of(work).terms == national_terms()
        with pytest.raises(NotFound):
            forget_term(work, year=2026, number=4)


def test_a_school_can_set_a_year_that_is_not_shipped(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.work(school_id) as work:
        set_term(work, year=2030, number=1, first_on=date(2030, 2, 4), last_on=date(2030, 4, 12))
        assert calendar_of(work).is_school_day(date(2030, 2, 5))


@pytest.mark.parametrize(
    ("number", "first_on", "last_on"),
    [
        (4, date(2026, 12, 18), date(2026, 10, 12)),
        (4, date(2026, 9, 25), date(2026, 12, 18)),
        (4, date(2026, 10, 12), date(2027, 1, 8)),
        (5, date(2026, 12, 19), date(2026, 12, 20)),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    acts: Acts, school_id: uuid.UUID, number: int, first_on: date, last_on: date
) -> None:
    with acts.work(school_id) as work:
        with pytest.raises(Invalid):
            set_term(work, year=2026, number=number, first_on=first_on, last_on=last_on)
        assert calendar_of(work).terms == national_terms()


def test_a_closed_day_is_no_school_day_until_it_is_taken_back(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.work(school_id) as work:
        close_day(work, TUESDAY, why="Teacher-only day")
        assert not calendar_of(work).is_school_day(TUESDAY)
        assert [(day.closed_on, day.why) for day in closed_days(work)] == [(TUESDAY, "Teacher-only day")]
        with pytest.raises(Conflict):
            close_day(work, TUESDAY, why="Flood")
        open_day(work, TUESDAY)
        assert calendar_of(work).is_school_day(TUESDAY)
        with pytest.raises(NotFound):
            open_day(work, TUESDAY)


def test_a_school_keeps_the_anniversary_day_of_its_region_or_of_the_one_it_observes(acts: Acts) -> None:
    auckland_anniversary, wellington_anniversary = date(2027, 2, 1), date(2027, 1, 25)
    made = acts.school()
    with acts.work(made) as work:
        set_term(work, year=2027, number=1, first_on=date(2027, 1, 18), last_on=date(2027, 4, 9))
        assert not calendar_of(work).is_school_day(auckland_anniversary)
        assert calendar_of(work).is_school_day(wellington_anniversary)
        school_of(work).observed_anniversary = "WGN"
        assert calendar_of(work).is_school_day(auckland_anniversary)
        assert not calendar_of(work).is_school_day(wellington_anniversary)


def test_today_is_the_schools_own_day(acts: Acts) -> None:
    auckland, chatham = acts.school("Rimu"), acts.school("Hokotehi", "Pacific/Chatham")
    acts.clock.now = datetime(2026, 11, 17, 10, 30, tzinfo=UTC)  # 23:30 in Auckland, 00:15 on the Chathams
    with acts.work(auckland) as work:
        assert today(work) == TUESDAY
    with acts.work(chatham) as work:
        assert today(work) == TUESDAY + timedelta(days=1)


def test_quiet_hours_are_from_eight_to_half_past_seven_until_the_school_says_otherwise_or_says_none(
    acts: Acts, school_id: uuid.UUID
) -> None:
    with acts.work(school_id) as work:
        assert quiet_hours(work) == (time(20), time(7, 30))
        set_quiet_hours(work, quiet_from=time(18), quiet_until=time(8))
    with acts.work(school_id) as work:
        assert quiet_hours(work) == (time(18), time(8))
        set_quiet_hours(work, quiet_from=time(8), quiet_until=time(8))
        assert calendar_of(work).next_opening(work.now, quiet_hours(work)) == work.now
