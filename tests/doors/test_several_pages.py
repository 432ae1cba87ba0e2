"""Several children at once: each family gets only their own child's, once, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from commsbridge.messages import Delivery, LaterPraise, Message, MessageKind, State
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import Form, Page, Visitor
from tests.story import Story

SEND = ("act", "send")


@pytest.fixture
def burns(sign_in: SignIn) -> Visitor:
    """A leader, who sees every class."""
    return sign_in("burns")


def form_for(visitor: Visitor, story: Story, *children: str) -> tuple[Form, list[str]]:
    """The page to write on for these children, and their ids as the form carries them."""
    ids = [str(story.students[child].id) for child in children]
    page = Page(visitor.client.get("/praise/several", query_string={"child": ids, "go": "yes"}))
    visitor.page = page
    return page.form("/praise/several", having="own_words"), ids


def send(visitor: Visitor, story: Story, *children: str, button: tuple[str, str] = SEND, **fields: Any) -> Page:
    form, ids = form_for(visitor, story, *children)
    return visitor.post(form.action, {**form.values, "child": ids, **fields, button[0]: button[1]})


def bodies(story: Story, contact: str) -> list[str]:
    """Every praise a contact was written, in order."""
    rows = select(Delivery.body).join(Message, Message.id == Delivery.message_id)
    rows = rows.where(Message.kind == MessageKind.PRAISE, Delivery.contact_id == story.contacts[contact].id)
    with story.work() as work:
        return list(work.session.scalars(rows.order_by(Delivery.body)))


def states(story: Story) -> set[State]:
    with story.work() as work:
        return set(work.session.scalars(select(Delivery.state)))


def said(story: Story) -> Iterator[str]:
    yield from (message.words for message in praises(story))


def test_each_family_gets_only_what_is_about_their_own_child(burns: Visitor, story: Story) -> None:
    page = send(burns, story, "aroha", "hemi", "leo", own_words="(name) built a bridge of sticks.")
    assert page.status == 302, page.text
    for contact, own, others in (
        ("dave", "Aroha built", ("Hēmi", "Leo")),
        ("hine", "Hēmi built", ("Aroha", "Leo")),
        ("losa", "Leo built", ("Aroha", "Hēmi")),
    ):
        [body] = bodies(story, contact)
        assert own in body
        assert not any(other in body for other in others)


def test_one_child_alone_is_praised_on_the_page_for_one(burns: Visitor, story: Story) -> None:
    child = story.students["aroha"].id
    page = burns.open("/praise/several", child=str(child), go="yes")
    assert (page.status, page.location) == (302, f"/students/{child}/praise")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("(name) shared.", {"Aroha shared.", "Hēmi shared."}),
        ("(ingoa) shared with (NAME).", {"Aroha shared with Aroha.", "Hēmi shared with Hēmi."}),
        ("Shared without being asked.", {"Aroha: Shared without being asked.", "Hēmi: Shared without being asked."}),
    ],
)
def test_the_childs_own_name_stands_in_own_words(burns: Visitor, story: Story, words: str, kept: set[str]) -> None:
    send(burns, story, "aroha", "hemi", own_words=words, answer="as_it_is")
    assert set(said(story)) == kept


def test_a_line_for_one_child_goes_to_that_family_alone(burns: Visitor, story: Story) -> None:
    form, ids = form_for(burns, story, "aroha", "hemi")
    phrase, own = form.choices["phrase"][0], {f"own_{ids[0]}": "Three tries, unasked."}
    send(burns, story, "aroha", "hemi", button=SEND, phrase=phrase, **own)
    assert "Three tries" in bodies(story, "dave")[0]
    assert "Three tries" not in bodies(story, "hine")[0]


def test_the_preview_shows_family_by_family_what_each_will_get(burns: Visitor, story: Story) -> None:
    page = send(burns, story, "aroha", "hemi", button=("act", "preview"), own_words="(name) sang.")
    text = page.text
    assert text.index("About Aroha") < text.index("Aroha sang.") < text.index("About Hēmi") < text.index("Hēmi sang.")
    assert praises(story) == []


def test_the_same_form_twice_sends_once(burns: Visitor, story: Story) -> None:
    form, ids = form_for(burns, story, "aroha", "hemi")
    fields = {**form.values, "child": ids, "own_words": "(name) sang.", "act": "send"}
    assert burns.post(form.action, fields).location == burns.post(form.action, fields).location
    assert len(praises(story)) == 2


def test_all_of_it_is_taken_back_at_once(burns: Visitor, story: Story) -> None:
    send(burns, story, "aroha", "hemi", own_words="(name) sang.")
    page = burns.follow()
    assert "On its way to the families of Aroha and Hēmi." in page.text
    undo = next(form for form in page.forms if form.action.endswith("/undo"))
    assert burns.send(undo).status == 302
    assert "Taken back" in burns.follow().text
    assert states(story) == {State.CANCELLED}


def test_when_the_time_is_over_none_of_it_is_taken_back(burns: Visitor, story: Story, clock: Clock) -> None:
    send(burns, story, "aroha", "hemi", own_words="(name) sang.")
    page = burns.follow()
    undo = next(form for form in page.forms if form.action.endswith("/undo"))
    clock.forward(seconds=11)
    assert burns.send(undo).status == 409
    assert State.CANCELLED not in states(story)
    assert "It has gone." in burns.open(undo.action.removesuffix("/undo")).text


def test_nobody_else_sees_it_or_takes_it_back(burns: Visitor, sign_in: SignIn, story: Story) -> None:
    send(burns, story, "aroha", "hemi", own_words="(name) sang.")
    path = burns.page.location if burns.page else ""
    walsh = sign_in("walsh")
    assert walsh.open(path).status == 404
    walsh.open("/today")
    assert walsh.act(f"{path}/undo").status == 404


def test_where_nobody_can_be_reached_about_one_nothing_goes_and_the_page_says_who(burns: Visitor, story: Story) -> None:
    page = send(burns, story, "aroha", "tama", own_words="(name) sang.")
    assert page.status == 400
    assert "about Tāma yet" in page.text
    assert praises(story) == []
    assert page.form("/praise/several", having="own_words").values["own_words"] == "(name) sang."


def test_a_name_of_another_child_in_the_words_is_asked_about(burns: Visitor, story: Story) -> None:
    page = send(burns, story, "aroha", "hemi", own_words="(name) helped Leo.")
    assert page.status == 409
    assert praises(story) == []


def test_a_child_one_does_not_see_is_not_among_the_chosen(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    ids = [str(story.students[child].id) for child in ("aroha", "leo")]
    assert walsh.client.get("/praise/several", query_string={"child": ids, "go": "yes"}).status_code == 404
    assert "Leo" not in walsh.open("/praise/several").text


def test_going_on_without_anybody_is_said_beside_the_names(burns: Visitor) -> None:
    page = burns.open("/praise/several", go="yes")
    assert page.wrong["child"] == "Choose at least one student."
    assert burns.act("/praise/several", own_words="(name) sang.", act="send").status == 400


def test_several_can_wait_and_each_is_a_praise_of_its_own(burns: Visitor, story: Story) -> None:
    page = send(
        burns, story, "aroha", "hemi", button=("act", "later"), own_words="(name) sang.", goes_on="2026-11-19",
        goes_time="15:30",
    )  # fmt: skip
    assert page.status == 302, page.text
    with story.work() as work:
        waiting = work.session.scalars(select(LaterPraise)).all()
    assert {each.words for each in waiting} == {"Aroha sang.", "Hēmi sang."}
    assert len({each.together_id for each in waiting}) == 1


def test_the_office_does_not_praise(sign_in: SignIn) -> None:
    assert sign_in("jan").open("/praise/several").status == 403
