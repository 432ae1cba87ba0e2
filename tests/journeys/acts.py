"""What people do again and again in the journeys."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from commsbridge import messages, partnership
from commsbridge.messages import Phrase
from commsbridge.neighbourhood import Neighbourhood, Text
from commsbridge.partnership import Moment
from tests.journeys.browser import Device
from tests.story import Story

KUIA, FATHER, HINE = "+64215550101", "dave.kereama@homes.test", "+64215550104"
SEND = re.compile("^Send to ")


def first_phrase(story: Story, child: str) -> Phrase:
    """The phrase that stands first on the page that praises a child."""
    with story.work("walsh") as work:
        return messages.offered_phrases(work, story.students[child])[0]


def open_praise(device: Device, story: Story, child: str) -> Page:
    """The page that praises a child."""
    return device.open(f"/students/{story.students[child].id}/praise")


def open_menu(page: Page) -> None:
    """Open the menu under one's own name."""
    page.locator("details.menu > summary").click()


def choose(page: Page, phrase: Phrase, name: str) -> None:
    """Choose a phrase."""
    page.get_by_role("radio", name=phrase.text_en.replace("{name}", name)).check()


def write(page: Page, words: str) -> None:
    """Write in one's own words."""
    page.get_by_label("In your own words").fill(words)


def send_button(page: Page) -> Locator:
    """The button that sends."""
    return page.get_by_role("button", name=SEND)


def undo_button(page: Page) -> Locator:
    """The button that takes it back."""
    return page.get_by_role("button", name="Undo")


def praises(story: Story, child: str) -> int:
    """How many praises stand in a child's log, taken back or not."""
    with story.work() as work:
        entries = partnership.timeline(work, story.students[child].id)
        return sum(Moment(entry.line.moment) is Moment.PRAISE for entry in entries)


def texts_to(town: Neighbourhood, number: str) -> list[Text]:
    """What the school sent to a phone, the welcome left out."""
    return [text for text in town.phone(number).texts if text.direction != "inbound"][1:]
