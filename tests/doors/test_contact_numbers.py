"""Numbers that wait for a person, and contacts who are new: confirmed by those who may, never twice."""

from __future__ import annotations

from datetime import time

import pytest

from commsbridge import messages, tasks, whanau
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, MayMessage, WayState
from tests.conftest import Clock
from tests.doors.contact_acts import TODAY, child, open_tasks, path, praise, take, waiting, ways
from tests.doors.pages import Visitor
from tests.story import WHY_LIMITED, Story

STRANGER = "+64215559999"

# ---- numbers that wait for a person ----


def changed_number(story: Story) -> None:
    """The roll names another mobile for Ngaire."""
    take(story, contact_name="Ngaire Kereama", mobile="021 555 0177")


def answer(visitor: Visitor, story: Story, who: str, number: str, *, right: bool, **said: str) -> None:
    page = visitor.open(path(story, who))
    with story.work() as work:
        found = whanau.ways_in_use(work, story.contacts[who].id)
    way = next(way for way in found if way.address == number)
    form = next(
        form
        for form in page.forms
        if form.action == f"{path(story, who)}/ways/{way.id}" and form.values["act"] == ("right" if right else "wrong")
    )
    assert visitor.send(form, **said).status == 302


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
    answer(jan, story, "ngaire", "+64215550177", right=True, rung="+64215550101")
    assert "Kept after Jan at the office rang 021 555 0101," in jan.follow().text
    clock.forward(minutes=1)
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550177", "ok")]
        messages.settle(work)
        assert set(waiting(work, story, "ngaire")) == {("queued", "+64215550177")}
        assert open_tasks(work, TaskKind.CONFIRM_ADDRESS) == []


def test_who_says_that_a_held_number_is_right_says_how_they_know(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        messages.hold_address(work, "+64215550101", why="number_changed")
        [way] = whanau.ways_in_use(work, story.contacts["ngaire"].id)
    at = f"{path(story, 'ngaire')}/ways/{way.id}"
    for rung in ("", "+64215550101", "+64215550102", STRANGER):
        form = jan.open(path(story, "ngaire")).form(at, having="rung")
        refused = jan.send(form, rung=rung)
        assert refused.status == 400
        assert "Say which number you rang" in refused.text
    with story.work() as work:
        assert ways(work, story, "ngaire") == [("text", "+64215550101", "held")]
    answer(jan, story, "ngaire", "+64215550101", right=True, rung="face_to_face")
    assert "Kept after Jan at the office heard it from them face to face," in jan.follow().text
    with story.work() as work:
        (row,) = whanau.rung_for(work, story.contacts["ngaire"].id).values()
        assert (row.staff_id, row.address) == (story.staff["jan"].id, "+64215550101")


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
