"""Staff: who is there from when to when, and what their roles let them do."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.schools import (
    Permission,
    Role,
    Viewer,
    add_staff,
    allow,
    leave_staff,
    roles_of,
    set_roles,
    staff_all,
    staff_by_id,
    staff_named,
    staff_with,
    today,
    viewer_for,
)
from tests.rooms.acts import START, Acts

TUESDAY = date(2026, 11, 17)


@pytest.fixture
def school_id(acts: Acts) -> uuid.UUID:
    return acts.school()


# Staff and roles


def test_roles_hold_from_their_first_to_their_last_day(acts: Acts, school_id: uuid.UUID) -> None:
    staff = acts.staff(school_id, roles=[Role.KAIAKO, Role.OFFICE], from_on=date(2026, 2, 2))
    with acts.work(school_id) as work:
        set_roles(work, staff, [Role.KAIAKO, Role.LEADER], from_on=date(2026, 7, 20))
        assert roles_of(work, staff.id, date(2026, 2, 1)) == frozenset()
        assert roles_of(work, staff.id, date(2026, 2, 2)) == {Role.KAIAKO, Role.OFFICE}
        assert roles_of(work, staff.id, date(2026, 7, 19)) == {Role.KAIAKO, Role.OFFICE}
        assert roles_of(work, staff.id, date(2026, 7, 20)) == {Role.KAIAKO, Role.LEADER}


def test_setting_the_same_roles_again_changes_nothing(acts: Acts, school_id: uuid.UUID) -> None:
    staff = acts.staff(school_id, roles=[Role.KAIAKO])
    with acts.work(school_id) as work:
        set_roles(work, staff, [Role.KAIAKO], from_on=TUESDAY)
        assert work.session.execute(text("SELECT from_on, to_on FROM staff_roles")).all() == [(START, None)]


def test_a_role_is_read_back_as_a_role(acts: Acts, school_id: uuid.UUID) -> None:
    staff = acts.staff(school_id)
    with acts.work(school_id) as work:
        (role,) = roles_of(work, staff.id, TUESDAY)
        assert role is Role.KAIAKO


def test_staff_without_a_role_are_refused_and_nothing_is_kept(acts: Acts, school_id: uuid.UUID) -> None:
    with pytest.raises(Invalid) as refusal:
        acts.staff(school_id, roles=[])
    assert refusal.value.field == "roles"
    with acts.work(school_id) as work:
        assert list(staff_all(work, START)) == []


def test_the_same_person_is_not_taken_on_twice(acts: Acts, school_id: uuid.UUID) -> None:
    acts.staff(school_id)
    with pytest.raises(Conflict) as refusal:
        acts.staff(school_id, "Mere.Walsh@RIMU.test ")
    assert refusal.value.field == "email"


def test_one_account_serves_two_schools_as_two_members_of_staff(acts: Acts, school_id: uuid.UUID) -> None:
    other_id = acts.school("Kōwhai School")
    here, there = acts.staff(school_id), acts.staff(other_id, roles=[Role.LEADER])
    assert here.account_id == there.account_id
    assert here.id != there.id
    with acts.work(school_id) as work:
        assert viewer_for(work, here.id).roles == {Role.KAIAKO}
        with pytest.raises(NotFound):
            viewer_for(work, there.id)
    with acts.work(other_id) as work:
        assert viewer_for(work, there.id).roles == {Role.LEADER}


def test_whoever_leaves_keeps_no_role_from_that_day_on_and_is_not_deleted(acts: Acts, school_id: uuid.UUID) -> None:
    staff = acts.staff(school_id)
    with acts.work(school_id) as work:
        leave_staff(work, staff, on=TUESDAY + timedelta(days=1))
        assert viewer_for(work, staff.id).roles == {Role.KAIAKO}
        assert [there.id for there in staff_all(work, TUESDAY)] == [staff.id]
    acts.clock.forward(days=1)
    with acts.work(school_id) as work:
        with pytest.raises(NotAllowed):
            viewer_for(work, staff.id)
        assert staff_all(work, today(work)) == []
        assert staff_with(work, Permission.SEND_PRAISE, today(work)) == []
        assert roles_of(work, staff.id, today(work)) == frozenset()
        assert staff_by_id(work, [staff.id])[staff.id].name == "Mere Walsh"


def test_whoever_left_can_be_taken_back_as_the_same_person(acts: Acts, school_id: uuid.UUID) -> None:
    first = acts.staff(school_id)
    with acts.work(school_id) as work:
        leave_staff(work, first, on=TUESDAY)
        back = add_staff(
            work, email=first.email, name="Mere Te Awa", shown_name="Whaea Mere", roles=[Role.OFFICE], from_on=TUESDAY
        )
        assert back.id == first.id
        assert viewer_for(work, back.id).roles == {Role.OFFICE}
        assert back.shown_name == "Whaea Mere"


def test_staff_are_found_by_mail_address_name_or_shown_name(acts: Acts, school_id: uuid.UUID) -> None:
    with acts.work(school_id) as work:
        staff = add_staff(
            work,
            email="hemi@rimu.test",
            name="Hēmi Pōtae",
            shown_name="Matua Hēmi",
            roles=[Role.KAIAKO],
            from_on=START,
        )
        for written in ("hemi potae", "Pōtae, Hēmi", "matua HEMI", "hemi@rimu.test"):
            assert staff_named(work, written) is staff
        with pytest.raises(NotFound):
            staff_named(work, "Hemi")
        add_staff(
            work, email="h2@rimu.test", name="Hemi Potae", shown_name="Mr Potae", roles=[Role.OFFICE], from_on=START
        )
        with pytest.raises(Conflict):
            staff_named(work, "Hēmi Pōtae")


def test_those_who_may_do_something_are_listed_by_name(acts: Acts, school_id: uuid.UUID) -> None:
    acts.staff(school_id, "z@rimu.test", name="Zoë Ash", roles=[Role.LEADER])
    acts.staff(school_id, "a@rimu.test", name="Āniwa Bell", roles=[Role.CHILD_PROTECTION])
    acts.staff(school_id, "k@rimu.test", name="Kim Cole", roles=[Role.KAIAKO])
    with acts.work(school_id) as work:
        named = staff_with(work, Permission.SEE_PARKED_WORDS, TUESDAY)
        assert [staff.name for staff in named] == ["Āniwa Bell", "Zoë Ash"]
        assert staff_with(work, Permission.SEE_PARKED_WORDS, START - timedelta(days=1)) == []


def test_what_no_role_includes_is_refused() -> None:
    viewer = Viewer(uuid.uuid4(), uuid.uuid4(), frozenset({Role.KAIAKO, Role.OFFICE}))
    allow(viewer, Permission.SEND_PRAISE)
    allow(viewer, Permission.IMPORT_ROLL)
    with pytest.raises(NotAllowed):
        allow(viewer, Permission.SEE_LIMITS)
