"""A family's text that worries: the lead opens and releases it, and until then its words are on no teacher's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.doors.moments import screened
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.journeys.test_phones_story import write
from tests.story import Story

pytestmark = pytest.mark.journey
HINE = "+64215550104"
WORRIES = "Hēmi is scared to go home, his uncle hit him with the belt"


def test_words_that_worry_are_opened_and_released_by_the_lead_and_no_teacher_sees_them_meanwhile(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    screened(story)
    phone = devices(PHONE).open(f"{house.town.url}/phones/{HINE}")
    phone.get_by_label("To", exact=True).fill(story.texts.address)
    write(phone, WORRIES)
    lead, teacher = sign_in("kiri"), sign_in("walsh")
    page = lead.open("/safety")
    waiting = page.get_by_role("link", name="Look at it")
    lead.wait_for(waiting)
    at_school = f"/students/{story.students['hemi'].id}?show=replies"
    log = teacher.open(at_school)
    expect(log.get_by_text("is with the people named for safety")).to_be_visible()
    expect(log.get_by_role("main")).not_to_contain_text("belt")

    waiting.click()
    expect(page.get_by_role("main")).not_to_contain_text("belt")
    page.get_by_role("button", name="Open it: I have this").click()
    expect(page.get_by_role("main")).to_contain_text(WORRIES)
    expect(page.get_by_role("main")).to_contain_text("The family is not told.")
    page.get_by_label("Put it into the log").check()
    page.get_by_label("What was decided, and why").fill("Rang his mother: he is at his nan's, and safe.")
    page.get_by_label("Let good news and messages to this home go again").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("put it into the log")

    log = teacher.open(at_school)
    expect(log.get_by_role("listitem").filter(has_text=WORRIES)).to_have_count(1)
    expect(log.get_by_text("is with the people named for safety")).to_have_count(0)
