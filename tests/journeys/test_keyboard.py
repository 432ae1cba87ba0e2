"""The whole of praise with a keyboard alone, its focus always in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.doors.pages import PASSWORD
from tests.journeys.acts import first_phrase, praises, undo_button
from tests.journeys.browser import DESK
from tests.journeys.conftest import SignIn
from tests.journeys.house import House, RunningClock
from tests.story import Story

MOST_TABS = 60
pytestmark = pytest.mark.journey


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the control whose words hold ``what`` has the focus; on the way each stop must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
              const here = document.activeElement;
              const words = here.labels?.[0]?.innerText || here.getAttribute("aria-label") || here.innerText || "";
              const seen = here.matches(".opt > input") ? here.nextElementSibling : here;
              const style = getComputedStyle(seen);
              const box = seen.getBoundingClientRect();
              const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              return {words, outlined, inside: box.top >= 0 && box.bottom <= innerHeight && box.width > 0};
            }"""
        )
        assert told["outlined"], f"no ring round {told['words']!r}"
        assert told["inside"], f"{told['words']!r} has the focus out of sight"
        if what in told["words"]:
            return
    raise AssertionError(f"Tab never came to {what!r}")


def test_sign_in_praise_send_and_undo(house: House, story: Story, devices: SignIn, true_time: RunningClock) -> None:
    device = devices(DESK)
    page = device.open("/sign-in")
    tab_to(page, "School email")
    page.keyboard.type(story.staff["walsh"].email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{house.url}/today")

    tab_to(page, "Skip to the page")
    page.keyboard.press("Enter")
    tab_to(page, "Praise Aroha")
    page.keyboard.press("Enter")
    page.wait_for_url("**/praise")
    phrase = first_phrase(story, "aroha").text_en.replace("{name}", "Aroha")
    tab_to(page, phrase)
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=phrase)).to_be_checked()
    tab_to(page, "Send to")
    page.keyboard.press("Enter")
    expect(undo_button(page)).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Taken back. Nothing was sent.")
    assert praises(story, "aroha") == 1
    assert house.town.phones() == []


def test_another_value_is_chosen_with_the_arrows(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open(f"/students/{story.students['aroha'].id}/praise")
    tab_to(page, "Caring for others")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Belonging together")).to_be_checked()
    tab_to(page, "Aroha played with new friends.")


def test_the_menu_opens_closes_with_escape_and_gives_the_focus_back(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open("/today")
    tab_to(page, "Ms Walsh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    tab_to(page, "Te reo Māori")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    assert "Ms Walsh" in page.evaluate("document.activeElement.innerText")
