"""Who works here: seen by everybody, changed by leaders alone, invited by mail."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from commsbridge import schools, students
from commsbridge.schools import Role
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import PASSWORD, Page, Visitor
from tests.story import Story

TODAY = date(2026, 11, 17)
HOANI = {"name": "Hoani Tīpene", "shown_name": "Matua Hoani", "email": "Hoani@rimu.test", "role": "kaiako"}


@pytest.fixture
def burns(sign_in: SignIn) -> Visitor:
    """The leader."""
    return sign_in("burns")


def add(visitor: Visitor, **typed: str) -> Page:
    form = visitor.open("/staff/new").form("/staff/new")
    return visitor.send(form, **{**HOANI, **typed})


def mails(story: Story) -> list[tuple[str, str]]:
    """Address and words of every mail that waits to go."""
    with story.work() as work:
        rows = work.session.execute(text("SELECT address, body FROM deliveries WHERE state = 'queued' ORDER BY due_at"))
        return [(address, body) for address, body in rows]


def roles(story: Story, who: str) -> set[Role]:
    with story.work() as work:
        return set(schools.roles_of(work, story.staff[who].id, TODAY))


@pytest.mark.parametrize("who", ["walsh", "matiu", "jan", "burns"])
def test_everybody_sees_who_works_here(sign_in: SignIn, who: str) -> None:
    page = sign_in(who).open("/staff")
    assert page.status == 200
    assert "Ms Walsh" in page.text
    assert "Room 7" in page.text
    assert "Child protection" in page.text


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "jan", "kiri"])
def test_leaders_alone_change_the_staff(sign_in: SignIn, story: Story, who: str) -> None:
    visitor = sign_in(who)
    page = visitor.open("/staff")
    assert not [link for link in page.links if link.startswith("/staff/")]
    for at in ("/staff/new", f"/staff/{story.staff['fox'].id}"):
        assert visitor.open(at).status == 403
    assert visitor.act(f"/staff/{story.staff['fox'].id}", act="leave").status == 403
    assert roles(story, "fox") == {Role.KAIAKO}


def test_the_password_is_asked_again_before_the_staff_is_changed(burns: Visitor, clock: Clock) -> None:
    clock.forward(minutes=16)
    assert burns.open("/staff/new").location.startswith("/confirm")
    page = burns.follow()
    assert burns.send(page.form("/confirm"), password=PASSWORD).location == "/staff/new"
    assert burns.open("/staff/new").status == 200


def test_somebody_new_is_taken_on_and_mailed_a_link_that_lets_them_in(
    burns: Visitor, stranger: Visitor, story: Story
) -> None:
    assert add(burns).status == 302
    page = burns.follow()
    assert "A link is on its way to Hoani Tīpene." in page.text
    assert "Has not set a password yet." in page.text
    [(address, body)] = mails(story)
    assert address == "hoani@rimu.test"
    assert "Mr Burns" in body
    path = next(word for word in body.split() if "/password/new/" in word).removeprefix("http://localhost")
    form = stranger.open(path).form(path)
    assert stranger.send(form, password="kahikatea by the river", again="kahikatea by the river").status == 302
    form = stranger.follow().form("/sign-in", having="password")
    assert stranger.send(form, email="hoani@rimu.test", password="kahikatea by the river").status == 302
    with story.work() as work:
        hoani = schools.staff_named(work, "Hoani Tīpene")
        assert schools.roles_of(work, hoani.id, TODAY) == {Role.KAIAKO}
    assert "Has not set a password yet." not in burns.open("/staff").text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"email": "hoani"}, "email", "not an email address"),
        ({"email": "WALSH@rimu.test"}, "email", "on the staff already"),
        ({"name": " "}, "name", "Please write something here."),
        ({"shown_name": "M" * 61}, "shown_name", "at most 60 characters"),
        ({"role": "head"}, "role", "at least one role"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    burns: Visitor, story: Story, typed: dict[str, str], field: str, words: str
) -> None:
    page = add(burns, **typed)
    assert page.status == 400
    assert words in page.wrong[field]
    values = page.form("/staff/new").values
    assert {key: values[key] for key in HOANI if key not in {"role", *typed}} == {
        key: HOANI[key] for key in HOANI if key not in {"role", *typed}
    }
    assert mails(story) == []
    with story.work() as work:
        assert len(schools.staff_all(work, TODAY)) == len(story.staff)


def test_whoever_has_a_password_already_is_not_mailed(burns: Visitor, story: Story) -> None:
    with story.work() as work:
        schools.leave_staff(work, story.staff["fox"], on=TODAY)
    add(burns, email="fox@rimu.test", name="Ana Fox", shown_name="Mrs Fox")
    assert "Ana Fox has a password already, and signs in with it." in burns.follow().text
    assert mails(story) == []


def test_a_school_without_a_mail_sender_takes_them_on_and_says_what_is_missing(burns: Visitor, story: Story) -> None:
    with story.runtime.lobby() as lobby:
        lobby.session.execute(text("SET LOCAL ROLE postgres"))
        lobby.session.execute(text("DELETE FROM school_senders WHERE sender_id = :sender"), {"sender": story.mails.id})
    add(burns)
    page = burns.follow()
    assert "No link could be mailed: this school cannot send mail yet." in page.text
    assert "Hoani Tīpene" in page.text


def test_roles_and_classes_are_changed_from_today(burns: Visitor, story: Story) -> None:
    at = f"/staff/{story.staff['walsh'].id}"
    with story.work() as work:
        seven, eight = (students.class_named(work, name).id for name in ("Room 7", "Room 8"))
    form = burns.open(at).form(at, having="role-kaiako")
    assert form.values.get("role-kaiako") == "yes"
    assert form.values.get(f"class-{seven}") == "yes"
    del form.values[f"class-{seven}"]
    ticks = {"role-learning_support": "yes", f"class-{eight}": "yes"}
    assert burns.send(form, ("act", "keep"), **ticks).status == 302
    assert "Kept." in burns.follow().text
    assert roles(story, "walsh") == {Role.KAIAKO, Role.LEARNING_SUPPORT}
    with story.work() as work:
        taught = students.classes_taught_by(work, story.staff["walsh"].id, TODAY)
        assert [room.name for room in taught] == ["Room 8"]
        before = students.classes_taught_by(work, story.staff["walsh"].id, date(2026, 11, 16))
        assert [room.name for room in before] == ["Room 7"]


def test_somebody_without_any_role_is_not_kept_so(burns: Visitor, story: Story) -> None:
    at = f"/staff/{story.staff['walsh'].id}"
    form = burns.open(at).form(at, having="role-kaiako")
    del form.values["role-kaiako"]
    page = burns.send(form, ("act", "keep"))
    assert page.status == 400
    assert "Please choose at least one role." in page.text
    assert roles(story, "walsh") == {Role.KAIAKO}


def test_whoever_left_is_out_at_once_and_what_they_wrote_stays(burns: Visitor, sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    assert walsh.open("/today").status == 200
    at = f"/staff/{story.staff['walsh'].id}"
    page = burns.open(at)
    leave = next(form for form in page.forms if form.action == at and form.values.get("act") == "leave")
    assert burns.send(leave).status == 302
    page = burns.follow()
    assert "Mere Walsh is no longer on the staff." in page.text
    assert at not in page.links
    assert walsh.open("/today").status in {302, 403}
    assert burns.open(at).status == 404


@pytest.mark.parametrize("act", ["leave", "keep"])
def test_the_last_leader_cannot_lock_the_school_out(burns: Visitor, story: Story, act: str) -> None:
    at = f"/staff/{story.staff['burns'].id}"
    form = burns.open(at).form(at, having="role-leader")
    del form.values["role-leader"]
    page = burns.send(form, ("act", act), **{"role-kaiako": "yes"})
    assert page.status == 400
    assert "That would leave no leader to look after the staff." in page.text
    assert roles(story, "burns") == {Role.LEADER}
    assert burns.open("/staff/new").status == 200


def test_a_new_link_is_sent_to_whoever_lost_theirs(burns: Visitor, story: Story) -> None:
    add(burns)
    with story.work() as work:
        at = f"/staff/{schools.staff_named(work, 'Hoani Tīpene').id}"
    page = burns.open(at)
    invite = next(form for form in page.forms if form.action == at and form.values.get("act") == "invite")
    burns.send(invite)
    assert "A link is on its way to Hoani Tīpene." in burns.follow().text
    assert len(mails(story)) == 2
