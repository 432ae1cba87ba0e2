"""A child hidden from one of the staff: by those who set limits, at once, everywhere."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from commsbridge import students
from commsbridge.students import BarKind
from tests.doors.conftest import SignIn
from tests.doors.pages import Visitor
from tests.story import Story


def path(story: Story, who: str) -> str:
    return f"/students/{story.students[who].id}/hidden"


def bars(story: Story, who: str) -> dict[uuid.UUID, BarKind]:
    with story.work() as work:
        return students.bars_of(work, story.students[who].id)


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support, which sets limits."""
    return sign_in("leota")


def test_a_child_is_hidden_from_a_teacher_and_shown_again(leota: Visitor, sign_in: SignIn, story: Story) -> None:
    walsh, at = sign_in("walsh"), path(story, "aroha")
    child = f"/students/{story.students['aroha'].id}"
    assert walsh.open(child).status == 200
    form = leota.open(at).form(at, having="kind")
    teacher = str(story.staff["walsh"].id)
    assert leota.send(form, ("act", "hide"), staff_id=teacher, kind="whanau").status == 302
    assert "They are whānau of the child" in leota.follow().text
    assert walsh.open(child).status == 404
    assert "Aroha" not in walsh.open("/students").text
    assert leota.page is not None
    again = next(form for form in leota.page.forms if form.values.get("act") == "show")
    assert leota.send(again).status == 302
    assert walsh.open(child).status == 200
    assert bars(story, "aroha") == {}


def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(leota: Visitor, story: Story) -> None:
    at = path(story, "aroha")
    form = leota.open(at).form(at, having="kind")
    page = leota.send(form, ("act", "hide"), kind="restricted")
    assert page.status == 400
    assert page.wrong["staff_id"] == "Choose somebody."
    again = page.form(at, having="kind")
    assert again.values["kind"] == "restricted"
    page = leota.send(again, ("act", "hide"), staff_id=str(story.staff["fox"].id), kind="")
    assert page.wrong["kind"] == "Choose one of these."
    assert page.form(at, having="kind").values["staff_id"] == str(story.staff["fox"].id)
    assert bars(story, "aroha") == {}


def test_whoever_hides_a_child_from_themselves_no_longer_sees_it(leota: Visitor, story: Story) -> None:
    at = path(story, "aroha")
    form = leota.open(at).form(at, having="kind")
    page = leota.send(form, ("act", "hide"), staff_id=str(story.staff["leota"].id), kind="whanau")
    assert page.location == "/students"
    assert leota.open(at).status == 404


def test_looking_at_who_is_hidden_is_noted(leota: Visitor, story: Story) -> None:
    leota.open(path(story, "pare"))
    with story.work() as work:
        looks = text("SELECT staff_id FROM looks WHERE subject = 'limit' AND subject_id = :student")
        found = work.session.scalars(looks, {"student": story.students["pare"].id}).all()
    assert found == [story.staff["leota"].id]


@pytest.mark.parametrize("who", ["walsh", "matiu", "jan", "kiri"])
def test_who_does_not_set_limits_sees_nothing_of_this(sign_in: SignIn, story: Story, who: str) -> None:
    visitor = sign_in(who)
    assert visitor.open(path(story, "aroha")).status == 403
    child = visitor.open(f"/students/{story.students['aroha'].id}")
    assert path(story, "aroha") not in child.links
