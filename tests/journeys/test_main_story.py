"""The main story: a teacher praises Aroha in three taps, her whānau read it, and her kuia's answer is in the log."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.doors.pages import PASSWORD
from tests.journeys.acts import FATHER, KUIA, SEND, first_phrase, undo_button
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.story import Story

ANSWER = "Ka pai Aroha! Tino harikoa mātou."
pytestmark = pytest.mark.journey


def test_praise_takes_three_taps_and_the_kuias_answer_stands_in_the_log(
    house: House, story: Story, devices: SignIn
) -> None:
    teacher, kuia, father = devices(PHONE), devices(PHONE), devices(PHONE)
    phone = kuia.open(f"{house.town.url}/phones/{KUIA}")
    phrase = first_phrase(story, "aroha")
    in_english, in_te_reo = (words.replace("{name}", "Aroha") for words in (phrase.text_en, phrase.text_mi))

    page = teacher.open("/")
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{house.url}/today")

    teacher.tap(page.get_by_role("link", name="Praise Aroha"))
    teacher.tap(page.get_by_role("radio", name=in_english))
    teacher.tap(page.get_by_role("button", name=SEND))
    expect(page.get_by_role("status").filter(has=undo_button(page))).to_contain_text("On its way to")
    assert teacher.taps == 3

    thread = phone.get_by_role("log")  # nobody loads it again: it keeps itself new
    expect(thread).to_contain_text("Rimu Road School: Kia ora Ngaire.")
    expect(thread).to_contain_text(in_te_reo)
    assert set(in_te_reo) & set("āēīōū")

    mailbox = father.open(f"{house.town.url}/mailboxes/{FATHER}")
    letter = mailbox.get_by_role("article", name="Rimu Road School: Good news about Aroha", exact=True)
    letter.get_by_text("The plain words of the letter").click()
    expect(letter).to_contain_text(in_english)
    expect(letter).to_contain_text("You can answer by replying to this email.")

    log = teacher.open(f"/students/{story.students['aroha'].id}")
    phone.get_by_label(re.compile("^Text as")).fill(ANSWER)
    phone.get_by_role("button", name="Send").click()
    answered = time.monotonic()
    line = log.get_by_role("listitem").filter(has_text=ANSWER)
    teacher.wait_for(line)
    print(f"from Send on the phone to the words in the log: {time.monotonic() - answered:.2f} s")  # noqa: T201
    expect(line).to_contain_text("from Ngaire Kereama by text")

    today = teacher.open("/today")
    expect(today.get_by_role("link", name="1 reply waiting")).to_be_visible()
    waiting = today.get_by_role("listitem").filter(has_text=ANSWER)
    waiting.get_by_role("button", name="Seen the reply from Ngaire Kereama").click()
    expect(today.get_by_role("heading", name="Seen")).to_be_visible()


def test_the_fathers_answer_by_mail_stands_in_the_log_without_the_letter_it_answers(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    teacher, father = sign_in("walsh"), devices(PHONE)
    page = teacher.open(f"/students/{story.students['aroha'].id}/praise?phrase={first_phrase(story, 'aroha').id}")
    teacher.tap(page.get_by_role("button", name=SEND))
    expect(undo_button(page)).to_be_visible()
    mailbox = father.open(f"{house.town.url}/mailboxes/{FATHER}")
    letter = mailbox.get_by_role("article", name="Rimu Road School: Good news about Aroha", exact=True)
    letter.get_by_text("Answer this letter").click()
    letter.get_by_label("Words").fill("So proud of her, thank you!")
    letter.get_by_role("button", name="Send the answer").click()
    log = teacher.open(f"/students/{story.students['aroha'].id}?show=replies")
    reply = log.get_by_role("listitem").filter(has_text="So proud of her, thank you!")
    teacher.wait_for(reply)
    expect(reply).to_contain_text("from Dave Kereama by email")
    expect(reply).not_to_contain_text("Kia ora Dave")
