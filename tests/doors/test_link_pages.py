"""Pages behind a link of a message: for whoever holds it, in their language; looking at them changes nothing."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from commsbridge import conversations, messages, whanau
from commsbridge.foundation.language import Language
from commsbridge.messages import Draft
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.pages import PUBLIC_URL, Page, Visitor
from tests.story import Story

WORDS = "He had a hard morning, and came back smiling."


@dataclass(frozen=True)
class Sent:
    """One delivery: its id, words, and the path that its change link names."""

    id: uuid.UUID
    body: str
    change: str

    @property
    def note(self) -> str:
        """The path of the note that it leads to."""
        found = re.search(rf"{PUBLIC_URL}(/note/\S+)", self.body)
        assert found, self.body
        return found[1].rstrip(".")


def praise(story: Story, child: str, draft: Draft | None = None) -> dict[str, Sent]:
    """Praise a child; gives what goes to each contact, without the welcome, by the contact's short name."""
    with story.work("walsh") as work:
        phrase = messages.offered_phrases(work, story.students[child])[0]
        message = messages.send_praise(
            work, story.students[child], draft or Draft(phrase_id=phrase.id), links=story.runtime.links
        )
        rows = work.session.execute(
            text("SELECT id, contact_id, body FROM deliveries WHERE message_id = :message"), {"message": message.id}
        ).all()
        number = story.school_number(work)
    keys = {contact.id: key for key, contact in story.contacts.items()}
    links = story.runtime.links
    return {
        keys[contact_id]: Sent(delivery_id, body, links.change_url(number, delivery_id).removeprefix(PUBLIC_URL))
        for delivery_id, contact_id, body in rows
    }


def as_link(story: Story, child: str = "aroha") -> dict[str, Sent]:
    return praise(story, child, Draft(words=WORDS, words_language=Language.EN, as_link=True))


def stopped(story: Story) -> list[str]:
    with story.work() as work:
        return list(work.session.scalars(text("SELECT address FROM opt_outs ORDER BY address")))


def press(visitor: Visitor, page: Page) -> Page:
    """Press the one button of the page."""
    [form] = [form for form in page.forms if form.action.startswith("/change/")]
    [(name, value, _)] = form.buttons
    return visitor.send(form, (name, value))


# ---- stop and start ----


def test_whanau_stop_and_start_their_messages_with_one_press_and_no_sign_in(stranger: Visitor, story: Story) -> None:
    sent = praise(story, "aroha")["dave"]
    page = stranger.open(sent.change)
    assert page.status == 200
    assert "Good news comes to this address as emails." in page.text
    page = press(stranger, page)
    assert "The messages are stopped." in page.text
    assert stopped(story) == ["dave.kereama@homes.test"]
    page = press(stranger, page)
    assert "The messages have started again." in page.text
    assert stopped(story) == []


def test_stopping_cancels_what_waits_and_stands_in_the_ledger(stranger: Visitor, story: Story) -> None:
    sent = praise(story, "aroha")["ngaire"]
    press(stranger, stranger.open(sent.change))
    with story.work() as work:
        rows = text("SELECT DISTINCT state FROM deliveries WHERE contact_id = :contact")
        assert work.session.scalars(rows, {"contact": story.contacts["ngaire"].id}).all() == ["cancelled"]
        ledger = text("SELECT kind, evidence, evidence_id FROM consent_entries")
        assert work.session.execute(ledger).all() == [("stop", "link", sent.id)]


def test_looking_changes_nothing_however_often_a_scanner_looks(stranger: Visitor, story: Story) -> None:
    sent = praise(story, "aroha")["dave"]
    for _ in range(3):
        assert stranger.open(sent.change).status == 200
    assert stranger.client.head(sent.change).status_code == 200
    assert stopped(story) == []


def test_a_mail_programs_one_click_stops_without_a_cookie_or_a_token(stranger: Visitor, story: Story) -> None:
    sent = praise(story, "aroha")["dave"]
    answer = stranger.client.post(sent.change, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert stopped(story) == ["dave.kereama@homes.test"]
    assert stranger.client.post(sent.change, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stopped(story) == ["dave.kereama@homes.test"]


def test_the_page_speaks_the_language_of_the_message_and_can_be_turned(stranger: Visitor, story: Story) -> None:
    found = praise(story, "aroha")
    page = stranger.open(found["ngaire"].change)
    assert 'lang="mi"' in page.response.text
    assert "Te Kura o Rimu" in page.text
    other = next(link for link in page.links if "reo=en" in link)
    page = stranger.open(other)
    assert 'lang="en-NZ"' in page.response.text
    assert "Good news comes to this phone as texts." in page.text
    assert "The messages are stopped." in press(stranger, page).text


def test_the_page_names_nobody_since_a_message_may_be_passed_on(stranger: Visitor, story: Story) -> None:
    page = stranger.open(praise(story, "aroha")["dave"].change)
    for secret in ("Dave", "Kereama", "Aroha", "homes.test", "Walsh"):
        assert secret not in page.response.text


@pytest.mark.parametrize("token", ["x", "a" * 48, "A" * 48, "ā" * 48, "a" * 500])
def test_a_link_that_is_not_ours_is_a_page_that_is_not_there(stranger: Visitor, story: Story, token: str) -> None:
    for path in (f"/change/{token}", f"/note/{token}"):
        page = stranger.open(path)
        assert page.status == 404
        assert "There is nothing here" in page.text
    assert stranger.client.post(f"/change/{token}").status_code == 404


def test_a_token_opens_one_door_only(stranger: Visitor, story: Story) -> None:
    sent = praise(story, "aroha")["dave"]
    with story.work() as work:
        number = story.school_number(work)
    for purpose in ("status", "reply"):
        token = story.runtime.links.token(purpose, number, sent.id)
        assert stranger.client.post(f"/change/{token}").status_code == 404
    assert stranger.open(f"/note/{sent.change.rsplit('/', 1)[-1]}").status == 404


# ---- notes ----


def test_a_note_is_read_by_whoever_holds_the_link_and_stands_in_no_message(stranger: Visitor, story: Story) -> None:
    sent = as_link(story)["dave"]
    assert WORDS not in sent.body
    page = stranger.open(sent.note)
    assert page.status == 200
    assert "A note about Aroha" in page.text
    assert WORDS in page.text
    assert "Ms Walsh Rimu Road School" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "Kereama" not in page.text


def test_a_note_speaks_the_language_of_the_home(stranger: Visitor, story: Story) -> None:
    page = stranger.open(as_link(story)["ngaire"].note)
    assert '<html lang="mi">' in page.response.text
    assert "Te Kura o Rimu" in page.text
    assert WORDS in page.text
    english = stranger.open(next(link for link in page.links if "reo=en" in link))
    assert "A note about Aroha" in english.text


def test_whoever_reads_both_languages_gets_two_whole_letters_te_reo_first(stranger: Visitor, story: Story) -> None:
    page = stranger.open(as_link(story, "hemi")["hine"].note)
    assert page.text.count(WORDS) == 2
    first, second = (page.response.text.index(f'class="letter" lang="{lang}"') for lang in ("mi", "en-NZ"))
    assert first < second
    assert page.text.index("Te Kura o Rimu") < page.text.index("Rimu Road School")


def test_a_note_closes_after_a_month(stranger: Visitor, story: Story, clock: Clock) -> None:
    note = as_link(story)["dave"].note
    clock.forward(days=29)
    assert stranger.open(note).status == 200
    clock.forward(days=2)
    assert stranger.open(note).status == 404


def test_a_note_does_not_outlive_the_right_to_it(stranger: Visitor, story: Story) -> None:
    found = as_link(story)
    with story.work() as work:
        messages.set_access(
            work, story.contacts["dave"].id, story.students["aroha"].id, may_message=MayMessage.NO, reason="x"
        )
    assert stranger.open(found["dave"].note).status == 404
    assert stranger.open(found["ngaire"].note).status == 200


def test_a_note_that_was_taken_back_is_not_there(stranger: Visitor, story: Story) -> None:
    found = as_link(story)
    with story.work("walsh") as work:
        told = messages.delivery_of(work, found["dave"].id)
        assert told is not None
        messages.undo_message(work, told[1].id)
    assert stranger.open(found["dave"].note).status == 404


def test_reading_a_note_is_no_reply_and_changes_nothing(stranger: Visitor, story: Story) -> None:
    note = as_link(story)["dave"].note
    stranger.open(note)
    assert stranger.client.post(note).status_code == 400
    stranger.open("/sign-in")
    assert stranger.act(note, words="Thank you").status == 404
    with story.work() as work:
        assert list(conversations.parked(work)) == []
        assert stopped(story) == []
        assert whanau.running_pauses(work, on=work.now.date(), contact_ids=[story.contacts["dave"].id]) == []


def test_words_that_look_like_markup_are_shown_as_words(stranger: Visitor, story: Story) -> None:
    found = praise(story, "aroha", Draft(words="<b>Ka pai</b> & <script>x</script>", as_link=True))
    page = stranger.open(found["dave"].note)
    assert "<b>Ka pai</b>" not in page.response.text
    assert "<b>Ka pai</b> & <script>x</script>" in page.text
