"""Contacts by hand: how a home is reached, who sees whom, what waits, and that nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, text

from commsbridge import messages, students, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Draft, State
from commsbridge.schools import Role
from commsbridge.students import BarKind
from commsbridge.tasks import Task, TaskKind
from commsbridge.whanau import Channel, MayMessage, WayState
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Visitor, roll_file
from tests.story import WHY_LIMITED, Story

TODAY = date(2026, 11, 17)


def path(story: Story, who: str) -> str:
    return f"/contacts/{story.contacts[who].id}"


def child(story: Story, who: str) -> uuid.UUID:
    return story.students[who].id


def ways(work: Work, story: Story, who: str) -> list[tuple[str, str | None, str]]:
    found = whanau.ways_in_use(work, story.contacts[who].id)
    return [(way.channel.value, way.address, way.state.value) for way in found]


def praise(story: Story, who: str, by: str = "walsh") -> None:
    with story.work(by) as work:
        phrase = messages.offered_phrases(work, story.students[who])[0]
        messages.send_praise(work, story.students[who], Draft(phrase_id=phrase.id), links=story.runtime.links)


def take(story: Story, **cells: str) -> None:
    """Import a roll of one row."""
    with story.work() as work:
        sheet = whanau.roll.read_roll(roll_file(cells))
        messages.take_roll(work, whanau.roll.judge(sheet, whanau.roll.known_roll(work)))


def waiting(work: Work, story: Story, who: str) -> list[tuple[str, str | None]]:
    """State and address of what was written to a contact, the welcome among it."""
    rows = select(Delivery).where(Delivery.contact_id == story.contacts[who].id).order_by(Delivery.due_at, Delivery.id)
    return [(delivery.state, delivery.address) for delivery in work.session.scalars(rows)]


def open_tasks(work: Work, kind: TaskKind) -> Sequence[Task]:
    return tasks.open_tasks(work, staff_id=uuid.UUID(int=0), roles=list(Role), kinds=[kind])


def save(visitor: Visitor, at: str, **typed: str) -> None:
    """Open a contact's page, change some fields and keep it."""
    page = visitor.send(visitor.open(at).form(at), **typed)
    assert page.status == 302, (page.wrong, page.text)


@pytest.fixture
def jan(sign_in: SignIn) -> Visitor:
    """The office, which keeps contacts and sees no limits."""
    return sign_in("jan")


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support, which sets limits."""
    return sign_in("leota")


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
        ({"way_1": "slip"}, "mobile", "Say in the order below"),
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
        ({"name": "M" * 121}, "name", "longer than 120"),
        ({"greeting": "M" * 61}, "greeting", "longer than 60"),
        ({"note": "M" * 241}, "note", "longer than 240"),
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


# ---- numbers that wait for a person ----


def changed_number(story: Story) -> None:
    """The roll names another mobile for Ngaire."""
    take(story, contact_name="Ngaire Kereama", mobile="021 555 0177")


def answer(visitor: Visitor, story: Story, who: str, number: str, *, right: bool) -> None:
    page = visitor.open(path(story, who))
    with story.work() as work:
        found = whanau.ways_in_use(work, story.contacts[who].id)
    way = next(way for way in found if way.address == number)
    form = next(
        form
        for form in page.forms
        if form.action == f"{path(story, who)}/ways/{way.id}" and form.values["act"] == ("right" if right else "wrong")
    )
    assert visitor.send(form).status == 302


def test_a_new_number_from_the_roll_waits_for_the_office_and_takes_over_when_confirmed(
    jan: Visitor, story: Story, clock: Clock
) -> None:
    praise(story, "aroha")
    changed_number(story)
    assert path(story, "ngaire") in jan.open("/to-do").links
    page = jan.open(path(story, "ngaire"))
    assert "New in the roll." in page.text
    assert "it may have changed hands" in page.text
    with story.work() as work:
        assert {state for state, _ in waiting(work, story, "ngaire")} == {"held"}
    answer(jan, story, "ngaire", "+64215550177", right=True)
    clock.forward(minutes=1)
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550177", "ok")]
        messages.settle(work)
        assert set(waiting(work, story, "ngaire")) == {("queued", "+64215550177")}
        assert open_tasks(work, TaskKind.CONFIRM_ADDRESS) == []


def test_a_new_number_that_is_wrong_lets_the_old_one_go_on(jan: Visitor, story: Story, clock: Clock) -> None:
    praise(story, "aroha")
    changed_number(story)
    answer(jan, story, "ngaire", "+64215550177", right=False)
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert ways(work, story, "ngaire") == [("text", "+64215550101", "ok")]
        assert set(waiting(work, story, "ngaire")) == {("queued", "+64215550101")}


def test_a_dead_number_can_be_tried_again_or_taken_away(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        [way] = whanau.mark_ways(work, address="+64215550101", state=WayState.WRONG, why="bad_address")
        tasks.give_task(work, TaskKind.MEND_ADDRESS, role="office", contact_id=way.contact_id, subject_id=way.id)
    assert path(story, "ngaire") in jan.open("/to-do").links
    answer(jan, story, "ngaire", "+64215550101", right=True)
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550101", "ok")]
        assert open_tasks(work, TaskKind.MEND_ADDRESS) == []
    answer(jan, story, "ngaire", "+64215550101", right=False)
    with story.work() as work:
        assert ways(work, story, "ngaire") == []


def test_a_way_of_somebody_else_cannot_be_settled_from_this_page(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        [way] = whanau.ways_in_use(work, story.contacts["rangi"].id)
    jan.open(path(story, "ngaire"))
    assert jan.act(f"{path(story, 'ngaire')}/ways/{way.id}", act="wrong").status == 404
    with story.work() as work:
        assert ways(work, story, "rangi") == [("text", "+64215550103", "ok")]


def test_that_a_home_said_stop_is_shown(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        messages.stop_messages(
            work, channel=Channel.TEXT, address="+64215550101", sender_id=story.texts.id, evidence="reply"
        )
    assert "They asked for no messages this way." in jan.open(path(story, "ngaire")).text


# ---- a new contact ----


def add(visitor: Visitor, story: Story, who: str, **typed: str) -> None:
    at = f"/students/{child(story, who)}/contacts/new"
    usual = {
        "name": "Moana Tai",
        "mobile": "021 555 0150",
        "way_1": "text",
        "language": "mi",
        f"relationship-{child(story, who)}": "auntie",
    }
    visitor.send(visitor.open(at).form(at), **{**usual, **typed})


def test_somebody_more_is_written_down_for_a_child(jan: Visitor, story: Story) -> None:
    add(jan, story, "tama", from_time="15:00", until_time="20:00")
    page = jan.follow()
    assert page.status == 200
    assert "Kept." in page.text
    with story.work() as work:
        [card] = whanau.contacts_of(work, child(story, "tama"), on=TODAY, with_limited=True, sender_ids=[])
        assert (card.contact.name, card.guardianship.relationship) == ("Moana Tai", "auntie")
        assert (card.language, card.guardianship.may_message) == ("mi", MayMessage.YES)
        assert [(way.channel, way.address) for way in card.ways] == [(Channel.TEXT, "+64215550150")]
        assert card.contact.quiet_from == time(20)


def test_somebody_the_school_knows_is_not_written_down_twice(jan: Visitor, story: Story) -> None:
    add(jan, story, "tama", name="KEREAMA, Dave", mobile="", email="dave.kereama@homes.test", way_1="email")
    with story.work() as work:
        found = whanau.ties_of(work, [story.contacts["dave"].id], on=TODAY)[story.contacts["dave"].id]
        assert child(story, "tama") in {tie.student_id for tie in found}
    add(jan, story, "tama", name="Dave Kereama", mobile="", email="dave.kereama@homes.test", way_1="email")
    assert jan.page is not None
    assert jan.page.status == 400
    assert "Dave Kereama is a contact of this child already." in jan.page.wrong["name"]


@pytest.mark.parametrize(
    "typed",
    [{"name": "Rangi Moke", "mobile": "021 555 0160"}, {"name": "R. Moke", "mobile": "021 555 0103"}],
    ids=["name", "number"],
)
def test_whoever_resembles_a_restricted_contact_is_held_until_somebody_who_may_says_so(
    jan: Visitor, leota: Visitor, story: Story, typed: dict[str, str]
) -> None:
    add(jan, story, "aroha", **typed)
    page = jan.follow()
    assert "until learning support or a leader says so" in page.text
    assert WHY_LIMITED not in page.text
    with story.work() as work:
        [task] = open_tasks(work, TaskKind.CONFIRM_ACCESS)
        assert task.role == "learning_support"
        [tie] = whanau.ties_of(work, [task.contact_id], on=TODAY)[task.contact_id] if task.contact_id else []
        assert tie.may_message == MayMessage.ASK
    assert f"/contacts/{task.contact_id}" in leota.open("/to-do").links
    assert f"/contacts/{task.contact_id}" not in jan.open("/to-do").links


def test_a_new_contact_needs_a_name_and_a_relationship_and_keeps_what_was_typed(jan: Visitor, story: Story) -> None:
    tama = child(story, "tama")
    add(jan, story, "tama", name="", mobile="021 5", **{f"relationship-{tama}": ""})
    page = jan.page
    assert page is not None
    assert page.status == 400
    assert set(page.wrong) == {"mobile", f"relationship-{tama}"}
    values = page.form(f"/students/{tama}/contacts/new").values
    assert (values["mobile"], values["language"]) == ("021 5", "mi")
    with story.work() as work:
        assert whanau.contacts_of(work, tama, on=TODAY, with_limited=True, sender_ids=[]) == []


def test_a_contact_may_be_added_as_limited_by_those_who_see_limits(leota: Visitor, story: Story) -> None:
    tama = child(story, "tama")
    add(leota, story, "tama", **{f"may-{tama}": "no", f"reason-{tama}": "Protection order"})
    assert leota.follow().status == 200
    with story.work() as work:
        [card] = whanau.contacts_of(work, tama, on=TODAY, with_limited=True, sender_ids=[])
        assert card.guardianship.limit_reason == "Protection order"
        assert whanau.contacts_of(work, tama, on=TODAY, with_limited=False, sender_ids=[]) == []


# ---- finding ----


@pytest.mark.parametrize("searched", ["wī", "wi", "KEREAMA wi", "Dave Ker", "S4"])
def test_contacts_are_found_by_child_or_contact_without_minding_macrons(
    jan: Visitor, story: Story, searched: str
) -> None:
    page = jan.open("/contacts", q=searched)
    assert "Wī Kereama" in page.text
    assert path(story, "dave") in page.links


def test_a_search_that_finds_nobody_says_so(jan: Visitor) -> None:
    assert "Nobody found under “zzz”." in jan.open("/contacts", q="zzz").text


# ---- pauses ----


def test_a_teacher_pauses_everything_about_a_child_with_one_action(sign_in: SignIn, story: Story, clock: Clock) -> None:
    praise(story, "aroha")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    assert walsh.send(walsh.open(at).form(at), ("act", "begin")).status == 302
    assert "Everything about Aroha is paused until somebody starts it again." in walsh.follow().text
    with story.work() as work:
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"held"}
    assert walsh.send(walsh.open(at).form(at)).status == 302
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"queued"}


def test_a_family_pause_stops_what_comes_about_brothers_and_sisters(sign_in: SignIn, story: Story) -> None:
    praise(story, "wi", by="fox")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"), whom="family", until_on="2026-11-27")
    page = walsh.follow()
    assert "Everything to Ngaire Kereama is paused until the end of 27 Nov 2026." in page.text
    assert "Wī" not in page.text
    with story.work() as work:
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"held"}
        assert whanau.running_pauses(work, on=TODAY, student_ids=[child(story, "wi")]) == []


def test_what_two_pauses_hold_waits_for_the_end_of_both(
    sign_in: SignIn, jan: Visitor, story: Story, clock: Clock
) -> None:
    praise(story, "aroha")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"))
    pause = f"{path(story, 'ngaire')}/pause"
    jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"))
    jan.send(jan.open(path(story, "ngaire")).form(pause))
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for state, _ in waiting(work, story, "ngaire")} == {"held"}


def test_a_pause_that_ends_does_not_let_go_what_nobody_has_confirmed(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    praise(story, "hemi")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'hemi')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"))
    walsh.send(walsh.open(at).form(at))
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for state, _ in waiting(work, story, "tia")} == {"held"}
        assert {state for state, _ in waiting(work, story, "hine")} == {"queued"}
        assert {state for state, _ in waiting(work, story, "koro")} == {State.BY_HAND}
        rung = [task.contact_id for task in open_tasks_of(work, story, "walsh")]
        assert rung == [story.contacts["koro"].id]


def open_tasks_of(work: Work, story: Story, who: str) -> Sequence[Task]:
    return tasks.open_tasks(work, staff_id=story.staff[who].id, roles=[], kinds=[TaskKind.RING])


@pytest.mark.parametrize(("typed", "words"), [("2026-11-16", "has passed"), ("soon", "Write the day like")])
def test_a_day_that_cannot_be_is_said_and_kept(jan: Visitor, story: Story, typed: str, words: str) -> None:
    at = f"/students/{child(story, 'aroha')}/pause"
    page = jan.send(jan.open(at).form(at), ("act", "begin"), until_on=typed, whom="family")
    assert page.status == 400
    assert words in page.wrong["until_on"]
    assert page.form(at).values["until_on"] == typed
    assert page.form(at).values["whom"] == "family"
    pause = f"{path(story, 'ngaire')}/pause"
    page = jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"), until_on=typed)
    assert page.status == 400
    assert words in page.wrong["until_on"]
    assert page.form(pause).values["until_on"] == typed


def test_one_contact_is_paused_and_started_again(jan: Visitor, story: Story) -> None:
    pause = f"{path(story, 'ngaire')}/pause"
    jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"), until_on="2026-11-20")
    assert "Everything is paused until the end of 20 Nov 2026." in jan.follow().text
    assert jan.page is not None
    jan.send(jan.page.form(pause))
    assert "Everything is paused" not in jan.follow().text


def test_a_contacts_page_is_not_shown_by_way_of_a_pause_that_cannot_be(sign_in: SignIn, story: Story) -> None:
    for who in ("walsh", "matiu"):
        visitor = sign_in(who)
        visitor.open("/today")
        page = visitor.act(f"{path(story, 'ngaire')}/pause", act="begin", until_on="2020-01-01")
        assert page.status == 403
        assert "021 555 0101" not in page.text


def test_the_childs_page_leads_to_a_pause_and_to_a_new_contact(sign_in: SignIn, story: Story) -> None:
    at = f"/students/{child(story, 'aroha')}"
    links = sign_in("leota").open(at).links
    assert {f"{at}/pause", f"{at}/contacts/new"} <= set(links)
    links = sign_in("walsh").open(at).links
    assert f"{at}/pause" in links
    assert f"{at}/contacts/new" not in links


def test_a_pause_of_a_child_one_does_not_see_is_not_there(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    for who in ("wi", "pare"):
        assert walsh.open(f"/students/{child(story, who)}/pause").status == 404
