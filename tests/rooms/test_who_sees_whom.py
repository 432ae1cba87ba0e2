"""Who sees whom: by class, by role, by day, and never past a bar."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from commsbridge.foundation.errors import NotFound
from commsbridge.schools import Role, Viewer, set_roles, viewer_for
from commsbridge.students import (
    BarKind,
    Names,
    NewStudent,
    add_student,
    add_students,
    bar_staff,
    bars_of,
    class_named,
    classes_by_student,
    classes_named,
    end_teaching,
    enrol,
    enrol_all,
    leave_student,
    lift_bar,
    names_in_school,
    names_of,
    return_student,
    student_for,
    students_by_roll_id,
    students_seen_by,
    students_taught_by,
    teachers_of,
)
from tests.rooms.acts import START, Acts
from tests.rooms.kura import DAY, ROOM_7, ROOM_8, TUESDAY, Kura, make_kura


@pytest.fixture
def kura(acts: Acts) -> Kura:
    return make_kura(acts)


# Who sees whom


@pytest.mark.parametrize("role", [Role.KAIAKO, Role.KAIAWHINA])
def test_a_teacher_sees_the_students_of_the_classes_they_teach_and_no_others(kura: Kura, role: Role) -> None:
    mere = kura.staff("Mere Walsh", role, teaches=[ROOM_7])
    assert kura.seen_by(mere) == ["Aroha", "Hemi"]
    assert [kura.opens(mere, name) for name in ("Aroha", "Wī", "Pare")] == [True, False, False]


@pytest.mark.parametrize("role", [Role.LEARNING_SUPPORT, Role.LEADER, Role.OFFICE, Role.CHILD_PROTECTION])
def test_whoever_sees_the_whole_school_sees_everybody_on_the_roll(kura: Kura, role: Role) -> None:
    rua = kura.staff("Rua Ash", role)
    assert kura.seen_by(rua) == ["Aroha", "Hemi", "Wī", "Pare"]
    assert all(kura.opens(rua, name) for name in kura.students)


def test_a_teacher_sees_by_the_dates_of_teaching_and_of_classes(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    with kura.work() as work:
        enrol(work, kura.students["Hemi"], class_named(work, ROOM_8), from_on=TUESDAY)
        end_teaching(work, mere, class_named(work, ROOM_7), on=TUESDAY + DAY)
    assert kura.seen_by(mere, START - DAY) == []
    assert kura.seen_by(mere, START) == ["Aroha", "Hemi"]
    assert kura.seen_by(mere, TUESDAY - DAY) == ["Aroha", "Hemi"]
    assert kura.seen_by(mere, TUESDAY) == ["Aroha"]
    assert kura.seen_by(mere, TUESDAY + DAY) == []
    assert kura.opens(mere, "Aroha")
    kura.acts.clock.forward(days=1)
    assert not kura.opens(mere, "Aroha")


def test_a_teacher_whose_role_ended_sees_nobody(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    with kura.work() as work:
        set_roles(work, mere, [Role.LEADER], from_on=TUESDAY)
        set_roles(work, mere, [Role.KAIAKO], from_on=TUESDAY + DAY)
    assert len(kura.seen_by(mere)) == 4
    kura.acts.clock.forward(days=1)
    assert len(kura.seen_by(mere)) == 2
    with kura.work() as work:
        nobody = Viewer(mere.id, mere.account_id, frozenset())
        assert students_seen_by(work, nobody, TUESDAY) == []
        with pytest.raises(NotFound):
            student_for(work, nobody, kura.students["Aroha"].id)


def test_a_leader_who_teaches_finds_their_own_class(kura: Kura) -> None:
    rua = kura.staff("Rua Ash", Role.LEADER, teaches=[ROOM_8])
    with kura.work() as work:
        own = students_taught_by(work, viewer_for(work, rua.id), TUESDAY)
        assert [student.preferred_name for student in own] == ["Wī"]


def test_a_child_in_two_of_a_teachers_classes_is_listed_once(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7, ROOM_8])
    with kura.work() as work:
        enrol(work, kura.students["Aroha"], class_named(work, ROOM_8), from_on=START, keep=True)
    assert kura.seen_by(mere) == ["Aroha", "Hemi", "Wī"]


@pytest.mark.parametrize("kind", list(BarKind))
def test_a_bar_hides_a_child_from_every_query_whatever_the_role(kura: Kura, kind: BarKind) -> None:
    aroha = kura.students["Aroha"]
    mere = kura.staff("Mere Walsh", Role.KAIAKO, Role.LEADER, Role.LEARNING_SUPPORT, teaches=[ROOM_7])
    with kura.work() as work:
        assert teachers_of(work, aroha.id, TUESDAY) != []
        bar_staff(work, mere.id, student_id=aroha.id, kind=kind)
    assert kura.seen_by(mere) == ["Hemi", "Wī", "Pare"]
    assert kura.seen_by(mere, search="aroha") == []
    assert not kura.opens(mere, "Aroha")
    with kura.work() as work:
        viewer = viewer_for(work, mere.id)
        assert [s.preferred_name for s in students_taught_by(work, viewer, TUESDAY)] == ["Hemi"]
        assert teachers_of(work, aroha.id, TUESDAY) == []
        assert bars_of(work, aroha.id) == {mere.id: kind}
        leave_student(work, aroha, on=TUESDAY)
    assert not kura.opens(mere, "Aroha")


def test_a_bar_holds_for_one_member_of_staff_and_can_be_lifted(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    rua = kura.staff("Rua Ash", Role.KAIAKO, teaches=[ROOM_7])
    aroha = kura.students["Aroha"]
    with kura.work() as work:
        bar_staff(work, mere.id, student_id=aroha.id, kind=BarKind.WHANAU)
        bar_staff(work, mere.id, student_id=aroha.id, kind=BarKind.RESTRICTED)
        assert bars_of(work, aroha.id) == {mere.id: BarKind.RESTRICTED}
        assert [staff.name for staff in teachers_of(work, aroha.id, TUESDAY)] == ["Rua Ash"]
    assert (kura.seen_by(mere), kura.seen_by(rua)) == (["Hemi"], ["Aroha", "Hemi"])
    with kura.work() as work:
        lift_bar(work, mere.id, student_id=aroha.id)
        lift_bar(work, mere.id, student_id=aroha.id)
    assert kura.seen_by(mere) == ["Aroha", "Hemi"]


def test_barred_other_class_other_school_and_nobody_are_refused_in_the_same_words(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    with kura.acts.work(kura.acts.school("Kōwhai School")) as work:
        elsewhere = add_student(work, roll_id="1", name="Tāne Ash").id
    said = set()
    with kura.work() as work:
        bar_staff(work, mere.id, student_id=kura.students["Aroha"].id, kind=BarKind.RESTRICTED)
        viewer = viewer_for(work, mere.id)
        for student_id in (kura.students["Aroha"].id, kura.students["Wī"].id, elsewhere, uuid.uuid4()):
            with pytest.raises(NotFound) as refusal:
                student_for(work, viewer, student_id)
            said.add((refusal.value.sentence, str(refusal.value.slots)))
    assert len(said) == 1


def test_a_leader_sees_no_child_of_another_school(kura: Kura) -> None:
    other_id = kura.acts.school("Kōwhai School")
    with kura.acts.work(other_id) as work:
        elsewhere = add_student(work, roll_id="1", name="Tāne Ash").id
    rua = kura.staff("Rua Ash", Role.LEADER)
    assert "Tāne" not in kura.seen_by(rua)
    with kura.work() as work, pytest.raises(NotFound):
        student_for(work, viewer_for(work, rua.id), elsewhere)
    with kura.work() as work:
        assert names_of(work, [elsewhere]) == {}


# Those who left


def test_a_child_who_left_is_in_no_list_from_that_day_on_and_is_not_deleted(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    rua = kura.staff("Rua Ash", Role.LEADER)
    aroha = kura.students["Aroha"]
    with kura.work() as work:
        leave_student(work, aroha, on=TUESDAY)
    assert kura.seen_by(mere, TUESDAY - DAY) == ["Aroha", "Hemi"]
    assert kura.seen_by(mere) == ["Hemi"]
    assert kura.seen_by(rua) == ["Hemi", "Wī", "Pare"]
    assert (kura.opens(mere, "Aroha"), kura.opens(rua, "Aroha")) == (False, True)
    with kura.work() as work:
        assert classes_by_student(work, TUESDAY, [aroha.id]) == {}
        assert teachers_of(work, aroha.id, TUESDAY) == []
        assert aroha.id not in names_in_school(work, kura.students["Wī"].id)
        assert students_by_roll_id(work)["1001"].left_on == TUESDAY
        assert names_of(work, [aroha.id]) == {aroha.id: Names("Aroha", "Aroha Kereama")}


def test_a_child_who_comes_back_is_on_the_roll_again_and_enrolled_anew(kura: Kura) -> None:
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=[ROOM_7])
    aroha = kura.students["Aroha"]
    with kura.work() as work:
        leave_student(work, aroha, on=TUESDAY - 7 * DAY)
        return_student(work, aroha)
    assert kura.seen_by(mere) == ["Hemi"]
    with kura.work() as work:
        enrol(work, aroha, class_named(work, ROOM_7), from_on=TUESDAY)
    assert kura.seen_by(mere) == ["Aroha", "Hemi"]
    assert kura.seen_by(mere, TUESDAY - DAY) == ["Hemi"]


# Search


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("potae", ["Hemi"]),
        ("PŌTAE", ["Hemi"]),
        ("Pootae", ["Hemi"]),
        ("hēmi potae", ["Hemi"]),
        ("potae hemi", ["Hemi"]),
        ("whanga", ["Pare"]),
        ("Whānga", ["Pare"]),
        ("wi", ["Wī"]),
        ("wii", ["Wī"]),
        ("kereama", ["Aroha", "Wī"]),
        ("1003", ["Wī"]),
        ("  ", ["Aroha", "Hemi", "Wī", "Pare"]),
        ("kereama potae", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("1' OR '1'='1", []),
    ],
)
def test_search_asks_for_every_word_and_folds_macrons_double_vowels_and_case(
    kura: Kura, search: str, found: list[str]
) -> None:
    assert kura.seen_by(kura.staff("Rua Ash", Role.LEADER), search=search) == found


@given(search=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_search_is_answered(kura: Kura, search: str) -> None:
    with kura.work() as work:
        everyone = Viewer(uuid.uuid4(), uuid.uuid4(), frozenset({Role.LEADER}))
        found = students_seen_by(work, everyone, TUESDAY, search=search)
        assert {student.preferred_name for student in found} <= set(kura.students)


# Size


def test_the_list_of_a_school_of_3500_takes_one_query_for_the_list(kura: Kura) -> None:
    rua = kura.staff("Rua Ash", Role.LEADER)
    mere = kura.staff("Mere Walsh", Role.KAIAKO, teaches=["Room 100"])
    with kura.work() as work:
        made = add_students(work, [NewStudent(f"B{n}", f"Child{n} of Room{n % 140}") for n in range(3500)])
        rooms = classes_named(work, [f"Room {100 + n}" for n in range(140)])
        pairs = [(student.id, rooms[f"Room {100 + n % 140}"].id) for n, student in enumerate(made)]
        assert enrol_all(work, pairs, from_on=START) == 3500
    asked: list[str] = []
    with kura.work() as work:
        leader, teacher = viewer_for(work, rua.id), viewer_for(work, mere.id)
        event.listen(work.session.connection(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        assert len(students_seen_by(work, leader, TUESDAY)) == 3504
        assert len(students_seen_by(work, teacher, TUESDAY)) == 25
        assert len(students_seen_by(work, leader, TUESDAY, search="child349")) == 11
    assert [statement.split()[0] for statement in asked] == ["SELECT", "SELECT", "SELECT", "RELEASE"]
