"""Ākonga and their classes, by dates."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.schools import Role, leave_staff, today
from commsbridge.students import (
    Names,
    NewStudent,
    add_student,
    add_students,
    class_named,
    classes_all,
    classes_by_student,
    classes_named,
    classes_taught_by,
    end_teaching,
    enrol,
    enrol_all,
    find_student,
    names_in_school,
    rename,
    set_year_level,
    students_by_roll_id,
    teach,
    teach_all,
    teachers_of,
)
from tests.rooms.acts import START, Acts
from tests.rooms.kura import DAY, ROOM_7, ROOM_8, TUESDAY, Kura, make_kura


@pytest.fixture
def kura(acts: Acts) -> Kura:
    return make_kura(acts)


# The roll


def test_the_preferred_name_is_the_first_word_unless_another_is_given(kura: Kura) -> None:
    assert set(kura.students) == {"Aroha", "Hemi", "Wī", "Pare"}
    assert kura.students["Wī"].name == "Kereama, Wī"


@pytest.mark.parametrize(
    ("name", "called"),
    [("Te Ariki-Wharepapa Ngata", "Te Ariki-Wharepapa"), ("Pou, te Rina", "te Rina"), ("Aroha Te Whata", "Aroha")],
)
def test_nobody_is_called_te_and_no_more(kura: Kura, name: str, called: str) -> None:
    with kura.work() as work:
        assert add_student(work, roll_id="2003", name=name, year_level=5).preferred_name == called


def test_names_are_kept_with_their_macrons_and_spaces_in_order(kura: Kura) -> None:
    with kura.work() as work:
        student = add_student(work, roll_id=" 2001 ", name="  Ma\u0304reikura   Te  Awa\n", year_level=0)
        assert (student.roll_id, student.name, student.preferred_name) == ("2001", "Māreikura Te Awa", "Māreikura")
        assert student.created_at == kura.acts.clock.now


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "=HYPERLINK(1)"}, "name"),
        ({"name": "@SUM(1)"}, "name"),
        ({"preferred_name": "+1"}, "preferred_name"),
        ({"preferred_name": "x" * 61}, "preferred_name"),
        ({"roll_id": ""}, "roll_id"),
        ({"year_level": 16}, "year_level"),
        ({"year_level": -1}, "year_level"),
    ],
)
def test_a_student_that_cannot_be_is_refused_by_field(kura: Kura, wrong: dict[str, str | int], field: str) -> None:
    given_row = {"roll_id": "9", "name": "Tāne Ash"} | wrong
    with pytest.raises(Invalid) as refusal, kura.work() as work:
        add_students(work, [NewStudent("8", "Good Row"), NewStudent(**given_row)])  # type: ignore[arg-type]
    assert refusal.value.field == field
    with kura.work() as work:
        assert set(students_by_roll_id(work)) == {"1001", "1002", "1003", "1004"}


def test_a_roll_id_is_given_once(kura: Kura) -> None:
    for rows in ([NewStudent("1001", "Another Child")], [NewStudent("5", "One Child"), NewStudent("5", "Another")]):
        with pytest.raises(Conflict) as refusal, kura.work() as work:
            add_students(work, rows)
        assert refusal.value.field == "roll_id"


def test_another_school_may_give_the_same_roll_id(kura: Kura) -> None:
    with kura.acts.work(kura.acts.school("Kōwhai School")) as work:
        assert add_student(work, roll_id="1001", name="Aroha Kereama").roll_id == "1001"
        assert set(students_by_roll_id(work)) == {"1001"}


def test_a_student_is_found_by_roll_id_or_folded_name_in_any_order(kura: Kura) -> None:
    with kura.work() as work:
        for written in ("1003", "Wi Kereama", "KEREAMA, wī"):
            assert find_student(work, written).id == kura.students["Wī"].id
        with pytest.raises(NotFound):
            find_student(work, "Kereama")
        add_student(work, roll_id="1005", name="Wi Kereama")
        with pytest.raises(Conflict):
            find_student(work, "Wī Kereama")


def test_renaming_keeps_a_preferred_name_that_was_chosen(kura: Kura) -> None:
    with kura.work() as work:
        aroha, hemi = kura.students["Aroha"], kura.students["Hemi"]  # both read in another work
        rename(work, aroha, name="Ārohanui Kereama")
        rename(work, hemi, name="Hēmi Te Awa")
        assert find_student(work, "1001").preferred_name == "Ārohanui"
        assert find_student(work, "1002").preferred_name == "Hemi"
        rename(work, hemi, name="Hēmi Te Awa", preferred_name="Jimmy")
        assert find_student(work, "1002").preferred_name == "Jimmy"
    office = kura.staff("Olive Fell", Role.OFFICE)
    assert kura.seen_by(office, search="te awa jimmy") == ["Jimmy"]
    assert kura.seen_by(office, search="Pōtae") == []
    with kura.work() as work:
        assert find_student(work, "arohanui kereama").roll_id == "1001"


def test_a_year_level_changes_or_is_not_known(kura: Kura) -> None:
    with kura.work() as work:
        set_year_level(work, kura.students["Aroha"], 5)
        assert find_student(work, "1001").year_level == 5
        set_year_level(work, kura.students["Aroha"], None)
        assert find_student(work, "1001").year_level is None
        with pytest.raises(Invalid):
            set_year_level(work, kura.students["Aroha"], 99)


# Classes


def test_a_class_is_made_once_however_its_name_is_written(kura: Kura) -> None:
    with kura.work() as work:
        named = classes_named(work, ["room 7", "Kōwhai", "KOWHAI ", "Room 7"])
        assert named["room 7"] is named["Room 7"]
        assert named["Kōwhai"] is named["KOWHAI "]
        assert [class_.name for class_ in classes_all(work)] == ["Kōwhai", ROOM_7, ROOM_8]
        with pytest.raises(Invalid):
            class_named(work, " ")


def test_changing_class_closes_the_earlier_one_the_day_before(kura: Kura) -> None:
    with kura.work() as work:
        enrol(work, kura.students["Aroha"], class_named(work, ROOM_8), from_on=TUESDAY)
        aroha = kura.students["Aroha"].id
        on = {day: classes_by_student(work, day, [aroha])[aroha] for day in (START, TUESDAY - DAY, TUESDAY)}
        assert {day: [class_.name for class_ in found] for day, found in on.items()} == {
            START: [ROOM_7],
            TUESDAY - DAY: [ROOM_7],
            TUESDAY: [ROOM_8],
        }
        assert classes_by_student(work, START - DAY, [aroha]) == {}


def test_a_child_may_be_in_several_classes_where_the_school_says_so(kura: Kura) -> None:
    with kura.work() as work:
        hub = class_named(work, "Learning hub")
        enrol(work, kura.students["Aroha"], hub, from_on=TUESDAY, keep=True)
        classes = classes_by_student(work, TUESDAY)
        assert {student_id: [class_.name for class_ in found] for student_id, found in classes.items()} == {
            kura.students["Aroha"].id: ["Learning hub", ROOM_7],
            kura.students["Hemi"].id: [ROOM_7],
            kura.students["Wī"].id: [ROOM_8],
        }
        enrol(work, kura.students["Aroha"], class_named(work, ROOM_7), from_on=TUESDAY)
        assert len(classes_by_student(work, TUESDAY)[kura.students["Aroha"].id]) == 2


def test_enrolling_many_again_changes_nothing(kura: Kura) -> None:
    with kura.work() as work:
        rooms = classes_named(work, [ROOM_7, ROOM_8])
        pairs = [
            (kura.students["Aroha"].id, rooms[ROOM_7].id),
            (kura.students["Hemi"].id, rooms[ROOM_8].id),
            (kura.students["Pare"].id, rooms[ROOM_7].id),
            (kura.students["Pare"].id, rooms[ROOM_8].id),
        ]
        assert enrol_all(work, pairs, from_on=TUESDAY) == 3
        before = work.session.execute(text("SELECT student_id, class_id, from_on, to_on FROM enrolments")).all()
        assert enrol_all(work, pairs, from_on=TUESDAY + 7 * DAY) == 0
        after = work.session.execute(text("SELECT student_id, class_id, from_on, to_on FROM enrolments")).all()
        assert set(before) == set(after)
        names = classes_by_student(work, TUESDAY, [kura.students["Pare"].id])
        assert [class_.name for class_ in names[kura.students["Pare"].id]] == [ROOM_7, ROOM_8]
        assert [class_.name for class_ in classes_by_student(work, TUESDAY)[kura.students["Hemi"].id]] == [ROOM_8]


def test_teaching_is_noted_once_and_ends_on_a_day(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO)
    with kura.work() as work:
        rooms = classes_named(work, [ROOM_7, ROOM_8])
        pairs = [(mere.id, room.id) for room in rooms.values()]
        assert teach_all(work, pairs, from_on=START) == 2
        assert teach_all(work, pairs, from_on=TUESDAY) == 0
        end_teaching(work, mere, rooms[ROOM_7], on=TUESDAY)
        end_teaching(work, mere, rooms[ROOM_7], on=TUESDAY)
        assert [class_.name for class_ in classes_taught_by(work, mere.id, TUESDAY - DAY)] == [ROOM_7, ROOM_8]
        assert [class_.name for class_ in classes_taught_by(work, mere.id, TUESDAY)] == [ROOM_8]
        teach(work, mere, rooms[ROOM_7], from_on=TUESDAY + DAY)
        assert classes_taught_by(work, mere.id, TUESDAY + DAY) != classes_taught_by(work, mere.id, TUESDAY)


# Teachers and names


def test_the_teachers_of_a_child_are_those_who_teach_a_class_of_theirs_that_day(kura: Kura) -> None:
    aroha = kura.students["Aroha"]
    zoe = kura.staff("Zoe Ash", Role.KAIAKO, teaches=[ROOM_7])
    kura.staff("Anna Bell", Role.KAIAWHINA, teaches=[ROOM_7])
    kura.staff("Kim Cole", Role.KAIAKO, teaches=[ROOM_8])
    kura.staff("Olive Fell", Role.OFFICE, teaches=[ROOM_7])  # may not read the log
    gone = kura.staff("Gone Day", Role.KAIAKO, teaches=[ROOM_7])
    with kura.work() as work:
        leave_staff(work, gone, on=TUESDAY)
        end_teaching(work, zoe, class_named(work, ROOM_7), on=TUESDAY + DAY)
        by_day = {
            day: [staff.name for staff in teachers_of(work, aroha.id, day)]
            for day in (START - DAY, TUESDAY - DAY, TUESDAY, TUESDAY + DAY)
        }
        assert by_day == {
            START - DAY: [],
            TUESDAY - DAY: ["Anna Bell", "Gone Day", "Zoe Ash"],
            TUESDAY: ["Anna Bell", "Zoe Ash"],
            TUESDAY + DAY: ["Anna Bell"],
        }
        assert teachers_of(work, kura.students["Pare"].id, TUESDAY) == []


def test_the_names_beside_a_child_are_those_of_all_others_on_the_roll(kura: Kura) -> None:
    with kura.work() as work:
        aroha = kura.students["Aroha"].id
        assert set(names_in_school(work, aroha).values()) == {
            Names("Hemi", "Hēmi Pōtae"),
            Names("Wī", "Kereama, Wī"),
            Names("Pare", "Pare Whaanga"),
        }
        assert today(work) == TUESDAY
