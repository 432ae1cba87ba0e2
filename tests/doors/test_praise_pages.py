"""Praise on the page for one child: sent, looked at first, refused beside its field, asked about, taken back."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from commsbridge import messages
from commsbridge.messages import State
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praised, praises
from tests.doors.pages import Form, Visitor
from tests.doors.test_today_pages import WORDS, child, deliveries
from tests.story import Story


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def praise_form(visitor: Visitor, story: Story, who: str) -> Form:
    at = f"{child(story, who)}/praise"
    return visitor.open(at).form(at)


def a_phrase(form: Form, number: int = 0) -> str:
    """One of the phrases on the page."""
    return [value for value in form.choices["phrase"] if value][number]


def test_praise_goes_to_each_contact_and_says_until_when_it_can_be_undone(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story, "aroha")
    page = walsh.send(form, ("act", "send"), phrase=a_phrase(form), own_words=WORDS)
    assert page.status == 302
    page = walsh.follow()
    [message] = praises(story)
    assert message.words == WORDS
    assert WORDS in page.text
    assert "On its way to Dave Kereama and Ngaire Kereama." in page.text
    assert walsh.send(page.form(f"/praise/{message.id}/undo")).status == 302
    assert "Taken back. Nothing was sent." in walsh.follow().text
    assert {each.state for each in deliveries(story, message.id).values()} == {State.CANCELLED}


def test_looking_at_what_they_will_get_sends_nothing(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story, "aroha")
    page = walsh.send(form, ("act", "preview"), phrase=a_phrase(form), own_words=WORDS)
    assert page.status == 200
    assert WORDS in page.text
    at = f"{child(story, 'aroha')}/praise/preview"
    page = walsh.act(at, phrase=a_phrase(form), own_words=WORDS)
    assert page.status == 200
    assert WORDS in page.text
    assert praises(story) == []


@pytest.mark.parametrize("own_words", ["", "   \n", "\u00a0"])
def test_praise_that_says_nothing_is_not_sent(walsh: Visitor, story: Story, own_words: str) -> None:
    page = walsh.send(praise_form(walsh, story, "aroha"), ("act", "send"), phrase="", own_words=own_words)
    assert page.status == 400
    assert page.wrong
    assert praises(story) == []


def test_praise_too_long_is_refused_beside_its_words_which_stay(walsh: Visitor, story: Story) -> None:
    form, words = praise_form(walsh, story, "aroha"), "ā" * (messages.LONGEST_WORDS + 1)
    page = walsh.send(form, ("act", "send"), phrase=a_phrase(form, 2), own_words=words)
    assert page.status == 400
    assert f"That is longer than {messages.LONGEST_WORDS} letters." in page.wrong["own_words"]
    kept = page.form(f"{child(story, 'aroha')}/praise").values
    assert (kept["own_words"].strip(), kept["phrase"]) == (words, a_phrase(form, 2))
    assert praises(story) == []


def test_a_phrase_retired_while_the_page_was_open_is_refused_and_the_words_stay(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story, "aroha")
    phrase = a_phrase(form)
    with story.work() as work:
        work.session.execute(text("UPDATE phrases SET retired_at = now() WHERE id = :id"), {"id": phrase})
    page = walsh.send(form, ("act", "send"), phrase=phrase, own_words=WORDS)
    assert page.status == 400
    assert "That phrase is no longer in the bank. Choose another." in page.text
    assert page.form(f"{child(story, 'aroha')}/praise").values["own_words"].strip() == WORDS
    assert praises(story) == []


def test_where_nobody_can_be_written_to_the_page_says_so_and_keeps_the_words(sign_in: SignIn, story: Story) -> None:
    fox, at = sign_in("fox"), f"{child(story, 'tama')}/praise"
    page = fox.open(at)
    assert "Nobody can be sent a message about Tāma yet." in page.text
    page = fox.act(at, act="send", own_words=WORDS)
    assert page.status == 400
    assert "Nobody can be sent a message about Tāma yet." in page.text
    assert page.form(at).values["own_words"].strip() == WORDS
    assert praises(story) == []


def test_the_same_form_sent_twice_is_one_message_and_other_words_are_another(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story, "aroha")
    phrase = a_phrase(form)
    first = walsh.send(form, ("act", "send"), phrase=phrase, own_words=WORDS)
    second = walsh.send(form, ("act", "send"), phrase=phrase, own_words=WORDS)
    assert first.location == second.location
    assert len(praises(story)) == 1
    assert walsh.send(form, ("act", "send"), phrase=phrase, own_words=f"{WORDS} Again!").status == 302
    assert len(praises(story)) == 2


def test_words_about_health_are_asked_about_once_and_can_go_as_a_link(walsh: Visitor, story: Story) -> None:
    words = "She had a sore tummy and still finished her reading."
    page = walsh.send(praise_form(walsh, story, "aroha"), ("act", "send"), phrase="", own_words=words)
    assert page.status == 409
    assert "One question before it goes" in page.text
    assert "This may be about somebody’s health" in page.text
    assert praises(story) == []
    form = page.form(f"{child(story, 'aroha')}/praise")
    assert form.values["own_words"].strip() == words
    assert form.choices["answer"] == ["link", "change"]
    assert walsh.send(form, ("act", "send"), answer="change").status == 409
    assert walsh.send(form, ("act", "send"), answer="link").status == 302
    [message] = praises(story)
    assert message.as_link
    assert not [each for each in deliveries(story, message.id).values() if "tummy" in each.body]


def test_it_is_too_late_to_undo_once_it_has_gone(walsh: Visitor, story: Story, clock: Clock) -> None:
    form = praise_form(walsh, story, "aroha")
    walsh.send(form, ("act", "send"), phrase=a_phrase(form))
    page = walsh.follow()
    [message] = praises(story)
    undo = page.form(f"/praise/{message.id}/undo")
    clock.forward(seconds=11)
    page = walsh.send(undo)
    assert page.status == 409
    assert "It is too late to undo: the message has gone." in page.text
    assert State.CANCELLED not in {each.state for each in deliveries(story, message.id).values()}
    assert "It has gone." in walsh.open(f"/praise/{message.id}").text


def test_nobody_takes_back_what_another_has_sent(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    message, matiu = praised(story, "aroha"), sign_in("matiu")
    page = matiu.open(f"/praise/{message.id}")
    assert page.status == 200
    assert f"/praise/{message.id}/undo" not in {form.action for form in page.forms}
    assert matiu.act(f"/praise/{message.id}/undo").status == 404
    assert praises(story)[0].undone_at is None
    fox = sign_in("fox")
    assert fox.open(f"/praise/{message.id}").status == 404
    walsh.open("/today")
    assert walsh.act(f"/praise/{uuid.uuid4()}/undo").status == 404
