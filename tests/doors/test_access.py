"""Who may open what: every route says so, strangers see nothing, schools stay apart, logs tell nobody."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from commsbridge import conversations, students, tasks
from commsbridge.runtime import Runtime
from commsbridge.schools import MAY, Role
from commsbridge.students import BarKind
from commsbridge.web import make_web
from commsbridge.web.access import Entrance
from tests.doors.conftest import SignIn
from tests.doors.pages import PASSWORD, Visitor, signed_in_as
from tests.doors.routes import WORDS, Call, access_of, answer, calls, ids_in, token_of
from tests.story import STAFF, Story, open_school

PEOPLE = ("walsh", "matiu", "leota", "burns", "jan", "kiri")
INSIDE = {Entrance.AT_SCHOOL, Entrance.SIGNED_IN}
# What one person wrote, for whoever wrote it or reads the child's log; a hui is for those at its table.
HUI = "/hui/<uuid:hui_id>"
OWN = {"/messages/<uuid:notice_id>", "/praise/together/<uuid:together_id>", HUI, f"{HUI}/room", f"{HUI}/calendar.ics"}
OWN |= {f"{HUI}/minutes-<reo>.pdf", f"{HUI}/went"}
# The picture of these stories lies beside words that are filed: it is behind neither of these doors.
ELSEWHERE = {
    "/parked/<uuid:reply_id>/pictures/<uuid:picture_id>",
    "/safety/<uuid:alert_id>/pictures/<uuid:picture_id>",
}


def undeclared(app: Flask) -> list[str]:
    """Rules that do not say who may enter."""
    return [str(rule) for rule in app.url_map.iter_rules() if rule.endpoint not in {"static", *access_of(app)}]


# ---- every route says who may enter ----


def test_every_route_says_who_may_enter(web: Flask) -> None:
    assert undeclared(web) == []
    assert len(list(calls(web, *Entrance))) > 40


def test_a_route_that_says_nothing_is_found_and_lets_nobody_in(story: Story) -> None:
    web = make_web(story.runtime)
    web.add_url_rule("/planted", "planted", lambda: "Everything about everybody", methods=["GET", "POST"])
    assert undeclared(web) == ["/planted"]
    staff = [signed_in_as(web.test_client(), story.staff[who], story.runtime) for who in ("walsh", "burns")]
    for visitor in (Visitor(web.test_client()), *staff):
        page = visitor.open("/planted")
        assert page.status == 500
        assert "Everything about everybody" not in page.response.text
        assert "It is not your doing" in page.text
        assert visitor.act("/planted").status == 500


# ---- strangers ----


def test_a_stranger_is_sent_to_the_door_from_every_page(
    web: Flask, stranger: Visitor, ids: dict[str, uuid.UUID]
) -> None:
    inside, token = list(calls(web, *INSIDE)), token_of(stranger, "/sign-in")
    assert {call.method for call in inside} == {"GET", "POST"}
    for call in inside:
        status = answer(stranger, call, ids, token)
        assert stranger.page is not None
        assert (call.rule.rule, status) == (call.rule.rule, 302)
        assert stranger.page.location.startswith("/sign-in"), call
        assert "Aroha" not in stranger.page.response.text


def test_after_the_door_one_stands_where_one_wanted_to_go(stranger: Visitor, story: Story) -> None:
    at = f"/students/{story.students['aroha'].id}?show=talks"
    stranger.open(at)
    form = stranger.follow().form("/sign-in", having="password")
    assert stranger.send(form, email="walsh@rimu.test", password=PASSWORD).location == at


def test_a_form_without_its_token_is_refused_at_every_door_but_those_that_prove_themselves(
    web: Flask, sign_in: SignIn, ids: dict[str, uuid.UUID]
) -> None:
    burns = sign_in("burns")
    for call in calls(web, Entrance.OPEN, *INSIDE):
        if call.method == "POST" and "token" not in call.names:
            page = burns.post(call.at(ids), {"act": "leave", "own_words": WORDS})
            assert (call.rule.rule, page.status) == (call.rule.rule, 400)
            assert "This page was open too long" in page.text


# ---- roles ----


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_opens_what_its_rights_say_and_nothing_else(
    web: Flask, sign_in: SignIn, ids: dict[str, uuid.UUID], who: str
) -> None:
    role, visitor = STAFF[who][2], sign_in(who)
    token = token_of(visitor)
    guarded = [call for call in calls(web, Entrance.AT_SCHOOL) if call.access.permission is not None]
    shut = []
    for call in guarded:
        status = answer(visitor, call, ids, token)
        assert call.access.permission is not None
        if role not in MAY[call.access.permission]:
            assert (call.rule.rule, call.method, status) == (call.rule.rule, call.method, 403)
            shut.append(call)
        elif call.method == "GET":
            assert status == 200 or (call.rule.rule in OWN | ELSEWHERE and status == 404), (call.rule.rule, status)
        else:
            assert status in {200, 302, 400, 404, 409}, (call.rule.rule, status)
    assert shut or role is Role.LEADER


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_for_all_staff_open_for_each(web: Flask, sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    free = [call for call in calls(web, *INSIDE) if call.access.permission is None and call.method == "GET"]
    assert len(free) > 5
    for call in free:
        status = answer(visitor, call, {})
        assert status == 200 or (call.rule.rule, STAFF[who][2], status) == ("/today", Role.OFFICE, 302), call


# ---- walls ----


@pytest.fixture
def elsewhere(runtime: Runtime) -> Story:
    """A second school, with the same people under other addresses."""
    return open_school(
        runtime, name="Kauri Flat School", domain="kauri.test", short_code="4646", mail_from="kura@kauri.test"
    )


def shut_to_leader(call: Call) -> int:
    """How a leader is refused what is not there: a page that is a speaker's alone is refused as such."""
    permission = call.access.permission
    return 404 if permission is None or Role.LEADER in MAY[permission] else 403


def test_nothing_of_another_school_can_be_opened_or_changed(web: Flask, sign_in: SignIn, elsewhere: Story) -> None:
    burns = sign_in("burns")
    token = token_of(burns)
    theirs = ids_in(elsewhere, "aroha", "ngaire", "+64215550101")
    with_ids = [call for call in calls(web, Entrance.AT_SCHOOL) if call.names]
    assert {name for call in with_ids for name in call.names} == set(theirs)
    for call in with_ids:
        status = answer(burns, call, theirs, token)
        assert (call.rule.rule, call.method, status) == (call.rule.rule, call.method, shut_to_leader(call))
        assert burns.page is not None
        assert "Aroha" not in burns.page.response.text
        assert "Kauri" not in burns.page.response.text
    with elsewhere.work() as work:
        assert conversations.waiting_count(work, [theirs["student_id"]]) == 1
        task = tasks.task_by_id(work, theirs["task_id"])
        assert task is not None
        assert task.done_at is None


def test_ids_of_nobody_are_answered_like_those_of_another_school(
    web: Flask, sign_in: SignIn, ids: dict[str, uuid.UUID]
) -> None:
    burns, nobody = sign_in("burns"), dict.fromkeys(ids, uuid.uuid4())
    token = token_of(burns)
    for call in calls(web, Entrance.AT_SCHOOL):
        if call.names:
            assert (call.rule.rule, answer(burns, call, nobody, token)) == (call.rule.rule, shut_to_leader(call))


@pytest.mark.parametrize("who", ["walsh", "leota", "burns"])
def test_a_hidden_child_is_nowhere_whatever_the_role(
    web: Flask, sign_in: SignIn, story: Story, ids: dict[str, uuid.UUID], who: str
) -> None:
    with story.work() as work:
        students.bar_staff(work, story.staff[who].id, student_id=ids["student_id"], kind=BarKind.WHANAU)
    role, visitor = STAFF[who][2], sign_in(who)
    token = token_of(visitor)
    about_her = [
        call for call in calls(web, Entrance.AT_SCHOOL) if call.names & {"student_id", "message_id", "reply_id"}
    ]
    tried = 0
    for call in about_her:
        if call.access.permission is None or role not in MAY[call.access.permission]:
            continue
        assert (call.rule.rule, call.method, answer(visitor, call, ids, token)) == (call.rule.rule, call.method, 404)
        tried += 1
    assert tried >= 9
    for at in ("/today", "/students", "/replies", "/to-do"):
        assert "Aroha" not in visitor.open(at).response.text


def test_a_teacher_does_not_see_her_own_child_as_staff(sign_in: SignIn, story: Story) -> None:
    walsh, pare = sign_in("walsh"), story.students["pare"].id
    for at in (f"/students/{pare}", f"/students/{pare}/praise", f"/students/{pare}/pause"):
        page = walsh.open(at)
        assert page.status == 404
        assert "Pare" not in page.response.text
    walsh.open("/staff")
    for at in (f"/students/{pare}/log", f"/students/{pare}/praise/preview"):
        assert walsh.act(at, words=WORDS, own_words=WORDS, kind="gate").status == 404
