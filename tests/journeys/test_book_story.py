"""The book goes home: a teacher, an aide and the child alone fill a page; two households read what is theirs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from commsbridge import books
from commsbridge.books import Rhythm
from tests.journeys.acts import KUIA
from tests.journeys.browser import PHONE, Device
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.story import Story

GOOD = "Made a bridge of sticks."
TONIGHT = "Tired after swimming."
FOR_DAD = "I miss you on Tuesdays."
ANSWER = "She told us all about the bridge!"
pytestmark = pytest.mark.journey


def came_to(story: Story, contact: str, pattern: str) -> str:
    """What the newest message to a contact brought, of all that has this shape."""
    with story.work() as work:
        rows = text("SELECT body FROM deliveries WHERE contact_id = :contact ORDER BY made_at DESC")
        bodies = work.session.scalars(rows, {"contact": story.contacts[contact].id}).all()
    return next(found[1] for body in bodies if (found := re.search(pattern, body)))


def come_in(device: Device, story: Story, contact: str) -> Page:
    """Open the link on a phone that is new, and prove it with the code."""
    page = device.open(came_to(story, contact, r"(/w/[\w-]+)"))
    page.locator("form[action*='/code'] button").click()
    page.locator("#code").fill(came_to(story, contact, r"\b(\d{6})\b"))
    page.locator("form[action*='/open'] button").click()
    expect(page.locator("form[action*='/answer']").first).to_be_visible()
    return page


def say_alone(aide: Device, words: str, home: str) -> None:
    """The aide hands the device over; the child writes, chooses who sees it, and nothing else opens there."""
    page = aide.page
    page.get_by_role("button", name="Hand the device to Aroha").click()
    page.get_by_label("In your own words, if you like").fill(words)
    page.get_by_label("Happy").check()
    page.get_by_label(home).check()
    page.get_by_role("button", name="I am done").click()
    expect(page.get_by_text("Give the device back to the grown-up now.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(words)).to_have_count(0)
    aide.open("/today")
    expect(page.get_by_label("School email")).to_be_visible()


def test_a_page_is_written_goes_home_to_two_households_and_one_of_them_answers(
    house: House, story: Story, devices: SignIn, sign_in: SignIn
) -> None:
    teacher, kuia, father, town = sign_in("walsh"), devices(PHONE), devices(PHONE), devices(PHONE)
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        sections = books.sections_of(work, book)
    page = teacher.open(f"/books/{book.id}/page")
    page.locator(f"#s-{sections[0].id}").fill(GOOD)
    page.get_by_role("button", name="Save the page").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    aide = sign_in("matiu")
    at_aides = aide.open(f"/books/{book.id}/page")
    at_aides.locator(f"#s-{sections[3].id}").fill(TONIGHT)
    at_aides.get_by_role("button", name="Save the page").click()
    expect(at_aides.get_by_text("Saved.")).to_be_visible()
    say_alone(aide, FOR_DAD, "The home of Dave Kereama")
    page.reload()
    page.get_by_role("button", name="Send the page home").click()
    expect(page.get_by_text("It stays as it went.")).to_be_visible()

    thread = town.open(f"{house.town.url}/phones/{KUIA}").get_by_role("log")
    expect(thread).to_contain_text(GOOD)
    expect(thread).not_to_contain_text(FOR_DAD)

    at_kuias = come_in(kuia, story, "ngaire")
    expect(at_kuias.locator("html")).to_have_attribute("lang", "mi")
    expect(at_kuias.locator("main")).to_contain_text(GOOD)
    expect(at_kuias.locator("main")).to_contain_text(TONIGHT)
    expect(at_kuias.locator("main")).not_to_contain_text(FOR_DAD)
    at_dads = come_in(father, story, "dave")
    expect(at_dads.locator("main")).to_contain_text(FOR_DAD)
    at_dads.get_by_role("button", name="I have read this").click()
    expect(at_dads.get_by_text("You have read this.")).to_be_visible()
    at_dads.locator("form[action*='/answer'] textarea").first.fill(ANSWER)
    at_dads.locator("form[action*='/answer'] button").first.click()
    expect(at_dads.get_by_text("a person will read them")).to_be_visible()

    log = teacher.open(f"/students/{story.students['aroha'].id}")
    teacher.wait_for(log.get_by_role("listitem").filter(has_text=ANSWER))
    expect(log.get_by_text("Dave Kereama has read it.")).to_be_visible()
    at_kuias.reload()
    expect(at_kuias.locator("main")).to_contain_text(GOOD)
    expect(at_kuias.locator("main")).not_to_contain_text(ANSWER)
    at_dads.locator("form[action*='/forget'] button").click()
    expect(at_dads.locator("main")).not_to_contain_text("Aroha")
