"""Contacts by hand: how a home is reached, who sees whom, what waits, and that nothing typed is lost."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import messages, students, tasks, whanau
from commsbridge.students import BarKind
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.contact_acts import TODAY, child, open_tasks, path, praise, save, take, waiting, ways
from tests.doors.pages import Visitor
from tests.story import WHY_LIMITED, Story


def test_a_contacts_page_shows_what_the_school_holds(jan: Visitor, story: Story) -> None:
    page = jan.open(path(story, "hine"))
    values = page.form(path(story, "hine")).values
    assert page.status == 200
    assert values["name"] == "Hine Parata"
    assert values["mobile"] == "021 555 0104"
    assert values["email"] == "hine@homes.test"
    assert values["language"] == "both"
    assert (values["way_1"], values["way_2"], values["way_3"]) == ("text", "email", "")
    assert values[f"relationship-{child(story, 'hemi')}"] == "māmā"


def test_keeping_an_untouched_page_changes_nothing(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        before = {who: ways(work, story, who) for who in story.contacts}
    for who in ("ngaire", "dave", "hine", "koro", "sina", "losa", "joe"):
        save(jan, path(story, who))
    with story.work() as work:
        assert {who: ways(work, story, who) for who in story.contacts} == before
        asked = {who: whanau.language_of(work, story.contacts[who].id, on=TODAY) for who in ("sina", "hine", "ngaire")}
    assert asked == {"sina": "Samoan", "hine": "both", "ngaire": "mi"}


def test_everything_of_a_contact_can_be_changed_at_once(jan: Visitor, story: Story) -> None:
    save(
        jan,
        path(story, "ngaire"),
        name="Ngāire Kereama",
        greeting="Nan",
        mobile="(021) 555 0199",
        landline="09 555 0111",
        email="Nan@Homes.test",
        language="both",
        way_1="email",
        way_2="text",
        way_3="call",
        from_time="15:00",
        until_time="19:30",
        note="Rings back after kapa haka.",
    )
    assert "Kept." in jan.follow().text
    with story.work() as work:
        contact = whanau.contacts_by_id(work, [story.contacts["ngaire"].id])[story.contacts["ngaire"].id]
        assert (contact.name, contact.name_key, contact.greeting) == ("Ngāire Kereama", "kereama ngaire", "Nan")
        assert (contact.quiet_from, contact.quiet_until) == (time(19, 30), time(15))
        assert contact.note == "Rings back after kapa haka."
        assert ways(work, story, "ngaire") == [
            ("email", "nan@homes.test", "ok"),
            ("text", "+64215550199", "ok"),
            ("call", "+6495550111", "ok"),
        ]
        assert whanau.language_of(work, contact.id, on=TODAY) == "both"
        assert whanau.language_of(work, contact.id, on=TODAY - timedelta(days=1)) == "mi"


def test_another_language_is_kept_as_it_is_named(jan: Visitor, story: Story) -> None:
    save(jan, path(story, "dave"), language="other", other_language="NZSL")
    assert jan.follow().form(path(story, "dave")).values["other_language"] == "NZSL"
    save(jan, path(story, "dave"), language="other", other_language="te reo Māori")
    with story.work() as work:
        assert whanau.language_of(work, story.contacts["dave"].id, on=TODAY) == "mi"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"mobile": "021 5"}, "mobile", "too short"),
        ({"mobile": "call me"}, "mobile", "letter"),
        ({"mobile": ""}, "mobile", "A text needs a mobile number."),
        ({"way_1": "email"}, "email", "An email needs an email address."),
        ({"way_1": "slip"}, "mobile", "Choose where this comes in the order below"),
        ({"email": "dave@gmial.com", "way_2": "email"}, "email", "Did you mean gmail.com?"),
        ({"email": "dave", "way_2": "email"}, "email", "not an email address"),
        ({"way_2": "text"}, "way_2", "chosen twice"),
        ({"way_2": "pigeon"}, "way_2", "Choose one of these."),
        ({"language": "other", "other_language": " "}, "other_language", "Write which language"),
        ({"language": "other", "other_language": "long " * 20}, "other_language", "too long"),
        ({"from_time": "15:00"}, "until_time", "Give both times"),
        ({"from_time": "three", "until_time": "20:00"}, "from_time", "Write a time"),
        ({"from_time": "15:00", "until_time": "15:00"}, "until_time", "the same"),
        ({"name": " "}, "name", "Please write something here."),
        ({"name": "M" * 121}, "name", "at most 120 characters"),
        ({"greeting": "M" * 61}, "greeting", "at most 60 characters"),
        ({"note": "M" * 241}, "note", "at most 240 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_nothing_typed_is_lost(
    jan: Visitor, story: Story, typed: dict[str, str], field: str, words: str
) -> None:
    at = path(story, "ngaire")
    form = jan.open(at).form(at)
    page = jan.send(form, **{"note": "Typed with care.", **typed})
    assert page.status == 400
    assert words in page.wrong[field]
    again = page.form(at).values
    assert again.items() >= {key: value for key, value in typed.items() if value != "pigeon"}.items()
    assert again["note"] == typed.get("note", "Typed with care.")
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550101", "ok")]
        assert whanau.contacts_by_id(work, [story.contacts["ngaire"].id])[story.contacts["ngaire"].id].note == ""


def test_a_landline_given_for_texts_is_rung_and_that_is_said(jan: Visitor, story: Story) -> None:
    save(jan, path(story, "ngaire"), mobile="09 555 0122")
    assert "cannot get texts, so they are rung" in jan.follow().text
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("call", "+6495550122", "ok")]


def test_a_contact_nothing_can_reach_is_kept_and_that_is_said(jan: Visitor, story: Story) -> None:
    save(jan, path(story, "ngaire"), mobile="", way_1="")
    assert "Nothing can reach them yet" in jan.follow().text


def test_a_number_that_comes_back_is_right_again(jan: Visitor, story: Story) -> None:
    for number in ("021 555 0199", "021 555 0101"):
        save(jan, path(story, "ngaire"), mobile=number)
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550101", "ok")]


def test_addresses_that_the_form_has_no_field_for_are_kept(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        whanau.add_way(work, story.contacts["dave"].id, Channel.EMAIL, "work@homes.test")
    page = jan.open(path(story, "dave"))
    assert "work@homes.test" in page.text
    save(jan, path(story, "dave"), greeting="Dave")
    with story.work() as work:
        assert [address for _, address, _ in ways(work, story, "dave")] == [
            "dave.kereama@homes.test",
            "work@homes.test",
        ]


def test_what_waits_goes_to_the_new_number(jan: Visitor, story: Story) -> None:
    praise(story, "aroha")
    save(jan, path(story, "ngaire"), mobile="021 555 0199")
    with story.work() as work:
        assert set(waiting(work, story, "ngaire")) == {("queued", "+64215550199")}


def test_what_waits_stops_when_there_is_no_such_way_any_more(jan: Visitor, story: Story) -> None:
    praise(story, "aroha")
    save(jan, path(story, "ngaire"), mobile="", email="nan@homes.test", way_1="email")
    with story.work() as work:
        assert set(waiting(work, story, "ngaire")) == {("cancelled", "+64215550101")}


# ---- who sees whom ----


def test_a_restricted_contact_is_not_there_for_the_office_even_by_guessing(jan: Visitor, story: Story) -> None:
    page = jan.open(path(story, "rangi"))
    assert page.status == 404
    nobody = jan.open(f"/contacts/{uuid.uuid4()}")
    assert (nobody.status, nobody.text) == (page.status, page.text)
    assert "Rangi" not in jan.open("/contacts?q=aroha").text
    assert "Aroha" not in jan.open("/contacts?q=rangi").text
    for act in ("pause", f"ways/{uuid.uuid4()}"):
        jan.open(path(story, "ngaire"))
        assert jan.act(f"{path(story, 'rangi')}/{act}").status == 404


def test_nothing_is_asked_of_the_office_about_a_contact_whom_they_may_not_know_of(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        for who in ("rangi", "ngaire"):
            [way] = whanau.ways_in_use(work, story.contacts[who].id)
            tasks.give_task(work, TaskKind.MEND_ADDRESS, role="office", contact_id=way.contact_id, subject_id=way.id)
    page = jan.open("/to-do")
    assert path(story, "ngaire") in page.links
    assert "Rangi" not in page.text


def test_learning_support_sees_a_restricted_contact_and_why_and_the_look_is_noted(leota: Visitor, story: Story) -> None:
    page = leota.open(path(story, "rangi"))
    assert page.status == 200
    assert page.form(path(story, "rangi")).values[f"reason-{child(story, 'aroha')}"] == WHY_LIMITED
    with story.work() as work:
        looks = text("SELECT staff_id FROM looks WHERE subject = 'limit' AND subject_id = :student")
        assert work.session.scalars(looks, {"student": child(story, "aroha")}).all() == [story.staff["leota"].id]


def test_the_office_is_not_asked_about_limits_and_cannot_set_them(jan: Visitor, story: Story) -> None:
    at = path(story, "dave")
    form = jan.open(at).form(at)
    assert not [field for field in {*form.values, *form.choices} if field.startswith(("may-", "reason-"))]
    assert (
        jan.send(form, **{f"may-{child(story, 'aroha')}": "no", f"reason-{child(story, 'aroha')}": "x"}).status == 302
    )
    with story.work() as work:
        found = whanau.ties_of(work, [story.contacts["dave"].id], on=TODAY)[story.contacts["dave"].id]
        assert {tie.may_message for tie in found} == {MayMessage.YES}


def test_of_a_contact_of_several_children_only_the_children_one_sees_are_shown(
    leota: Visitor, jan: Visitor, story: Story
) -> None:
    with story.work() as work:
        students.bar_staff(work, story.staff["leota"].id, student_id=child(story, "wi"), kind=BarKind.WHANAU)
        messages.set_access(
            work, story.contacts["dave"].id, child(story, "wi"), may_message=MayMessage.NO, reason=WHY_LIMITED
        )
    for visitor in (leota, jan):
        page = visitor.open(path(story, "dave"))
        assert "Aroha" in page.text
        assert "Wī" not in page.text
    with story.work() as work:
        students.bar_staff(work, story.staff["leota"].id, student_id=child(story, "aroha"), kind=BarKind.WHANAU)
    assert leota.open(path(story, "dave")).status == 404


@pytest.mark.parametrize("who", ["walsh", "matiu", "kiri"])
def test_who_does_not_keep_contacts_is_turned_away(sign_in: SignIn, story: Story, who: str) -> None:
    visitor = sign_in(who)
    for at in (path(story, "ngaire"), "/contacts", f"/students/{child(story, 'aroha')}/contacts/new"):
        assert visitor.open(at).status == 403


def test_the_password_is_asked_again_after_a_quarter_of_an_hour(jan: Visitor, story: Story, clock: Clock) -> None:
    clock.forward(minutes=16)
    page = jan.open(path(story, "ngaire"))
    assert page.status == 302
    assert page.location.startswith("/confirm")


# ---- limits ----


def test_a_limit_is_set_with_its_reason_and_what_waits_is_stopped(leota: Visitor, story: Story) -> None:
    praise(story, "aroha")
    aroha, wi = child(story, "aroha"), child(story, "wi")
    save(leota, path(story, "dave"), **{f"may-{aroha}": "no", f"reason-{aroha}": "Parenting order"})
    with story.work() as work:
        found = whanau.ties_of(work, [story.contacts["dave"].id], on=TODAY)[story.contacts["dave"].id]
        told = {tie.student_id: (tie.may_message, tie.limit_reason) for tie in found}
        assert told == {aroha: (MayMessage.NO, "Parenting order"), wi: (MayMessage.YES, None)}
        assert {state for state, _ in waiting(work, story, "dave")} == {"cancelled"}


def test_a_limit_without_a_reason_is_not_kept(leota: Visitor, story: Story) -> None:
    at, aroha = path(story, "dave"), child(story, "aroha")
    page = leota.send(leota.open(at).form(at), **{f"may-{aroha}": "no"})
    assert page.status == 400
    assert "Write why" in page.wrong[f"reason-{aroha}"]
    assert page.form(at).values[f"may-{aroha}"] == "no"


def test_confirming_an_unclear_contact_lets_go_what_was_held(leota: Visitor, story: Story, clock: Clock) -> None:
    praise(story, "hemi")
    hemi = child(story, "hemi")
    with story.work() as work:
        assert {state for state, _ in waiting(work, story, "tia")} == {"held"}
    save(leota, path(story, "tia"), **{f"may-{hemi}": "yes"})
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for state, _ in waiting(work, story, "tia")} == {"queued"}


def test_confirming_closes_the_question_that_an_import_asked(leota: Visitor, story: Story) -> None:
    take(story, may_message="ask")
    with story.work() as work:
        [task] = open_tasks(work, TaskKind.CONFIRM_ACCESS)
    at = f"/contacts/{task.contact_id}"
    assert at in leota.open("/to-do").links
    save(leota, at, **{f"may-{child(story, 'aroha')}": "yes"})
    with story.work() as work:
        assert open_tasks(work, TaskKind.CONFIRM_ACCESS) == []
    assert at not in leota.open("/to-do").links
