"""Who may open what: every route says so, strangers see nothing, schools stay apart, logs tell nobody."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

import pytest
import structlog
from flask import Flask
from PIL import Image
from werkzeug.routing import Rule

from commsbridge import conversations, messages, prompts, students, tasks, whanau
from commsbridge.foundation.language import Language
from commsbridge.messages import Draft, HintKind, concerns
from commsbridge.messages.concerns import Account, ConcernKind
from commsbridge.runtime import Runtime
from commsbridge.schools import MAY, Role
from commsbridge.students import BarKind
from commsbridge.tasks import TaskKind
from commsbridge.web.access import OPEN, Access, Entrance
from tests.doors.conftest import SignIn
from tests.doors.moments import answered, praised
from tests.doors.pages import PASSWORD, Visitor
from tests.story import CONTACTS, STAFF, STUDENTS, WHY_LIMITED, Story, open_school

PEOPLE = ("walsh", "matiu", "leota", "burns", "jan", "kiri")
INSIDE = {Entrance.AT_SCHOOL, Entrance.SIGNED_IN}
# What one person wrote, for whoever wrote it or reads the child's log.
OWN = {"/messages/<uuid:notice_id>", "/praise/together/<uuid:together_id>"}
WORDS = "He ngākau nui tōna, and a quiet word at the gate"


@dataclass(frozen=True)
class Call:
    """One way to call a route: its rule, the method, and who may."""

    rule: Rule
    method: str
    access: Access

    @property
    def names(self) -> set[str]:
        """The ids that the address asks for."""
        return set(self.rule.arguments) - {"kind"}

    def at(self, ids: Mapping[str, uuid.UUID]) -> str:
        """The address with its ids."""
        path = self.rule.rule
        for name in self.names:
            path = path.replace(f"<uuid:{name}>", str(ids[name]))
        path = path.replace("<kind>", "csv")
        assert "<" not in path
        return path


def access_of(app: Flask) -> dict[str, Access]:
    """What each route declares, by endpoint."""
    declared: dict[str, Access] = app.extensions["access"]
    return declared


def undeclared(app: Flask) -> list[str]:
    """Rules that do not say who may enter."""
    return [str(rule) for rule in app.url_map.iter_rules() if rule.endpoint not in {"static", *access_of(app)}]


def calls(app: Flask, *entrances: Entrance) -> Iterator[Call]:
    """Every way to call the routes of these entrances; those of one route follow one another, reading first."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        access = access_of(app).get(rule.endpoint)
        if access is None or access.entrance not in entrances:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Call(rule, method, access)


def picture() -> bytes:
    """A photo of some work."""
    kept = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(kept, "PNG")
    return kept.getvalue()


def ids_in(story: Story, child: str, contact: str, number: str) -> dict[str, uuid.UUID]:
    """A child, a contact with a way, a message, a reply, a task, a prompt, a praise that waits, and a colleague."""
    message = praised(story, child, "matiu")
    reply_id = answered(story, number, f"Tau kē, {story.students[child].preferred_name}!")
    with story.work() as work:
        [way] = [way for way in whanau.ways_in_use(work, story.contacts[contact].id) if way.address == number]
        task = tasks.give_task(
            work,
            TaskKind.CONFIRM_ACCESS,
            role=Role.LEADER,
            contact_id=story.contacts[contact].id,
            student_id=story.students[child].id,
        )
        prompts.set_schedule(work, story.staff["fox"].id, days=range(5), at=time(15), how_many=3, by_mail=False)
        prompts.ask_due(work, links=story.runtime.links)
        prompted = prompts.open_children(work, story.staff["fox"].id)[0]
    with story.work("matiu") as work:
        later = messages.keep_for_later(
            work, story.students[child], Draft(words=WORDS), goes_at=work.now + timedelta(hours=2)
        )
        phrase = messages.offered_phrases(work, story.students[child])[0]
        together_id = messages.send_together(
            work, [story.students[child]], Draft(words=WORDS), own={}, links=story.runtime.links, once_key=child
        )
        written = messages.written(work, [message.id])[message.id]
        photo = messages.keep_photo(work, story.students[child], picture(), alt="A bridge of sticks", shows="work")
        [delivery] = [each for each in written.deliveries if each.contact_id == story.contacts[contact].id]
    with story.work("burns") as work:
        note = messages.NoticeDraft(messages.Audience.FAMILY, story.students[child].id, words_en=WORDS)
        notice = messages.send_notice(work, note, [story.students[child]], links=story.runtime.links)
    with story.work("fox") as work:
        hint = messages.add_own_hint(work, HintKind.LABEL, Language.EN, "space cadet")
        told = Account(happened="A hard lunch.")
        concern = concerns.keep_concern(work, story.students[child], ConcernKind.CONCERN, told, call=None)
    return {
        "notice_id": notice.id,
        "delivery_id": delivery.id,
        "student_id": story.students[child].id,
        "contact_id": story.contacts[contact].id,
        "way_id": way.id,
        "message_id": message.id,
        "reply_id": reply_id,
        "task_id": task.id,
        "prompted_id": prompted.id,
        "later_id": later.id,
        "together_id": together_id,
        "translation_id": uuid.uuid4(),  # a speaker's alone, and nobody of these is one
        "phrase_id": phrase.id,
        "photo_id": photo.id,
        "staff_id": story.staff["fox"].id,
        "concern_id": concern.id,
        "hint_id": hint.id,
    }


@pytest.fixture
def ids(story: Story) -> dict[str, uuid.UUID]:
    """Aroha, her kuia, and what there is about them."""
    return ids_in(story, "aroha", "ngaire", "+64215550101")


def answer(visitor: Visitor, call: Call, ids: Mapping[str, uuid.UUID], token: str = "") -> int:
    """Call a route as a browser would, with the token of a page of one's own; gives the status."""
    at = call.at(ids)
    return visitor.open(at).status if call.method == "GET" else visitor.post(at, {"csrf_token": token}).status


def token_of(visitor: Visitor, at: str = "/staff") -> str:
    """The token that the visitor's forms carry."""
    token = next(form.values["csrf_token"] for form in visitor.open(at).forms if "csrf_token" in form.values)
    assert isinstance(token, str)
    return token


# ---- every route says who may enter ----


def test_every_route_says_who_may_enter(web: Flask) -> None:
    assert undeclared(web) == []
    assert len(list(calls(web, *Entrance))) > 40


def test_a_route_that_says_nothing_is_found_and_lets_nobody_in(web: Flask, sign_in: SignIn, stranger: Visitor) -> None:
    web.add_url_rule("/planted", "planted", lambda: "Everything about everybody", methods=["GET", "POST"])
    assert undeclared(web) == ["/planted"]
    for visitor in (stranger, sign_in("walsh"), sign_in("burns")):
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
            assert status == 200 or (call.rule.rule in OWN and status == 404), (call.rule.rule, status)
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


# ---- logs ----


def told_of(story: Story) -> set[str]:
    """Everything personal in the story: names and their parts, numbers, addresses, words, passwords."""
    names = {name for name, *_ in CONTACTS.values()} | {name for name, *_ in STAFF.values()}
    names |= {name for _, name, *_ in STUDENTS.values()}
    found = {part for name in names for part in (name, *name.split())}
    for _, _, ways, _ in CONTACTS.values():
        for _, address in ways:
            found |= (
                {address, address.replace(" ", ""), address.replace(" ", "").removeprefix("0")} if address else set()
            )
    return found | {"rimu.test", "@", PASSWORD, WORDS, "ngākau", WHY_LIMITED, str(story.school_id)}


def test_no_line_of_the_log_names_anybody_or_their_words(
    web: Flask,
    sign_in: SignIn,
    story: Story,
    ids: dict[str, uuid.UUID],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with structlog.testing.capture_logs() as lines:
        walsh, jan = sign_in("walsh"), sign_in("jan")
        aroha = f"/students/{ids['student_id']}"
        walsh.open("/today")
        walsh.open("/students", q="Aroha")
        walsh.open("/students", q="+64215550101")
        form = walsh.open(f"{aroha}/praise").form(f"{aroha}/praise")
        assert walsh.send(form, ("act", "send"), own_words=WORDS).status == 302
        walsh.follow()
        form = walsh.open(aroha).form(f"{aroha}/log")
        assert walsh.send(form, words=WORDS, kind="gate").status == 302
        assert walsh.open(f"/students/{story.students['pare'].id}").status == 404
        assert walsh.open("/Aroha/Kereama").status == 404
        assert walsh.open(f"/contacts/{ids['contact_id']}").status == 403
        assert jan.open(f"/contacts/{ids['contact_id']}").status == 200
        form = jan.open("/sign-in").form("/sign-in", having="password")
        assert jan.send(form, email="jan@rimu.test", password=f"not {PASSWORD}").status == 403
        jan.post(f"{aroha}/log", {"words": WORDS})
    answers = [line for line in lines if line["event"] == "web.answered"]
    assert len(answers) > 15
    printed = capsys.readouterr()
    everything = "\n".join((*map(str, lines), printed.out, printed.err, caplog.text))
    assert [word for word in told_of(story) if word in everything] == []
    assert [key for key, each in ids.items() if str(each) in everything] == []
    assert {(line["route"], line["status"]) for line in answers} >= {
        ("/students/<uuid:student_id>", 200),
        ("/students/<uuid:student_id>", 404),
        ("/students/<uuid:student_id>/log", 302),
        ("/contacts/<uuid:contact_id>", 403),
        ("None", 404),
    }
    assert all(set(line) == {"event", "log_level", "route", "method", "status", "ms"} for line in answers)


def test_a_bug_is_noted_by_its_place_and_never_by_what_it_says(web: Flask, stranger: Visitor) -> None:
    def broken(name: str) -> str:
        raise ValueError(f"{name}: {WORDS}")

    web.add_url_rule("/planted/<name>", "planted", broken)
    access_of(web)["planted"] = OPEN
    with structlog.testing.capture_logs() as lines:
        page = stranger.open("/planted/Aroha")
    assert page.status == 500
    assert "ngākau" not in page.response.text
    [noted] = [line for line in lines if line["event"] == "web.bug"]
    assert noted["kind"] == "ValueError"
    assert noted["where"].startswith("test_access.py:")
    assert "ngākau" not in str(lines)
    assert "Aroha" not in str(lines)
