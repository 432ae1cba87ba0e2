"""Every core task works where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.doors.pages import PASSWORD
from tests.journeys.acts import (
    KUIA,
    choose,
    first_phrase,
    open_menu,
    open_praise,
    praises,
    send_button,
    texts_to,
    undo_button,
    write,
)
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import House, RunningClock, until
from tests.story import Story

SCRIPTLESS = {**PHONE, "java_script_enabled": False}
pytestmark = pytest.mark.journey


def test_sign_in_praise_with_a_preview_and_send(house: House, story: Story, devices: SignIn) -> None:
    device = devices(SCRIPTLESS)
    page = device.open("/")
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("This is my own phone or computer").check()
    page.get_by_role("button", name="Sign in").tap()
    page.get_by_role("link", name="Praise Aroha").tap()
    phrase = first_phrase(story, "aroha")
    choose(page, phrase, "Aroha")
    write(page, "She carried the chairs.")
    page.get_by_role("button", name="Show what they will get").tap()
    text = page.get_by_role("region", name="Ngaire’s text te reo Māori")
    expect(text).to_contain_text(phrase.text_mi.replace("{name}", "Aroha"))
    expect(page.get_by_label("In your own words")).to_have_value("She carried the chairs.")
    expect(page.get_by_role("radio", name=phrase.text_en.replace("{name}", "Aroha"))).to_be_checked()
    send_button(page).tap()
    expect(page.get_by_text("On its way to")).to_be_visible()
    expect(page.get_by_text(re.compile("You can undo it until"))).to_be_visible()
    sent = until(lambda: texts_to(house.town, KUIA), what="the praise on her phone")
    assert "She carried the chairs." in sent[0].body
    assert praises(story, "aroha") == 1


def test_undo(house: House, story: Story, sign_in: SignIn, true_time: RunningClock) -> None:
    page = open_praise(sign_in("walsh", SCRIPTLESS), story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).tap()
    undo_button(page).tap()
    expect(page.get_by_role("status")).to_have_text("Taken back. Nothing was sent.")
    assert house.town.phones() == []


def test_every_phrase_is_within_reach(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh", SCRIPTLESS), story, "aroha")
    page.get_by_role("radio", name="Courage").check()
    page.get_by_role("radio", name="Aroha tried something new today.").check()
    send_button(page).tap()
    expect(page.get_by_role("main")).to_contain_text("Aroha tried something new today.")


def test_a_talk_at_the_gate_is_written_into_the_log_once(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", SCRIPTLESS).open(f"/students/{story.students['aroha'].id}")
    page.get_by_text("Write in the log").tap()
    page.get_by_role("radio", name="A talk at the gate").check()
    page.get_by_label("Who with?").select_option(label="Ngaire Kereama")
    page.get_by_label("What was said").fill("She reads to Ngaire at night now.")
    page.get_by_role("button", name="Keep it").tap()
    line = page.get_by_role("listitem").filter(has_text="She reads to Ngaire at night now.")
    expect(line).to_contain_text("A talk at the gate with Ngaire Kereama, written down by Ms Walsh")


def test_the_language_is_changed_in_the_menu_and_goes_with_the_person(
    story: Story, sign_in: SignIn, devices: SignIn, house: House
) -> None:
    page = sign_in("walsh", SCRIPTLESS).open("/today")
    open_menu(page)
    page.get_by_role("button", name="Te reo Māori").tap()
    expect(page.get_by_role("heading", name="Ko wai i whiti i tēnei rā?")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "mi"
    elsewhere = sign_in("walsh").open("/today")
    expect(elsewhere.get_by_role("heading", name="Ko wai i whiti i tēnei rā?")).to_be_visible()


def test_a_reply_is_seen_and_one_signs_out(house: House, story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh", SCRIPTLESS), story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).tap()
    until(lambda: texts_to(house.town, KUIA), what="the praise on her phone")
    house.town.text_in(KUIA, story.texts.address, "Ka pai!")
    house.town.settle()
    device = sign_in("walsh", SCRIPTLESS)
    page = device.open("/replies")
    device.wait_for(page.get_by_text("Ka pai!"))
    page.get_by_role("button", name="Seen the reply from Ngaire Kereama").tap()
    expect(page.get_by_text("Seen by Ms Walsh, today")).to_be_visible()
    open_menu(page)
    page.get_by_role("button", name="Sign out").tap()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(f"{house.url}/today")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
