"""For everyone: large letters, a zoomed desk, less motion, forced colours, thumbs, and errors beside their fields."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.acts import first_phrase, open_praise, undo_button
from tests.journeys.browser import DESK, PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import RunningClock
from tests.story import Story

pytestmark = pytest.mark.journey
LEAST = 44  # px; WCAG 2.2 asks 24, a thumb asks more

# Links inside a sentence are as high as their line (WCAG 2.5.8 leaves them out); what is hidden is no target.
SMALL = """least => {
  const targets = [...document.querySelectorAll("a, button, input, select, textarea, summary, .chip, .pick")];
  const seen = targets.filter((each) => each.checkVisibility() && !each.closest(".sr, .skip, [hidden]"));
  const inWords = (each) => each.matches("a") && getComputedStyle(each).display === "inline";
  const isTick = (each) => each.matches("[type=radio], [type=checkbox]") && each.labels.length > 0;
  return seen.filter((each) => !inWords(each)).flatMap((each) => {
    const box = (isTick(each) ? each.labels[0] : each).getBoundingClientRect();
    const tooSmall = box.width > 1 && Math.min(box.width, box.height) < least - 0.5;
    return tooSmall ? [`${each.outerHTML.slice(0, 90)} is ${Math.round(box.width)} by ${Math.round(box.height)}`] : [];
  });
}"""
OUTLINE = """each => {
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def paths(story: Story) -> list[str]:
    """The pages that are used most."""
    aroha = f"/students/{story.students['aroha'].id}"
    return ["/today", f"{aroha}/praise", aroha, "/students", "/replies", "/at-school", "/unsent"]


def test_every_target_is_large_enough_for_a_thumb(story: Story, sign_in: SignIn) -> None:
    device = sign_in("walsh", PHONE)
    small = {path: device.open(path).evaluate(SMALL, LEAST) for path in paths(story)}
    assert {path: found for path, found in small.items() if found} == {}


@pytest.mark.parametrize(
    ("width", "letters"), [(195, 100), (640, 100), (640, 200)], ids=["phone zoomed", "desk zoomed", "large letters"]
)
def test_twice_as_large_everything_still_fits_the_page(story: Story, sign_in: SignIn, width: int, letters: int) -> None:
    device = sign_in("walsh", {"viewport": {"width": width, "height": 420}})
    over = {}
    for path in paths(story):
        page = device.open(path)
        page.evaluate("size => { document.documentElement.style.fontSize = `${size}%`; }", letters)
        over[path] = page.evaluate(SIDEWAYS)
    assert {path: pixels for path, pixels in over.items() if pixels > 0} == {}


def test_nothing_moves_where_less_motion_is_asked_for(story: Story, sign_in: SignIn, true_time: RunningClock) -> None:
    for wish, moves in (("reduce", False), ("no-preference", True)):
        page = open_praise(sign_in("walsh", {**PHONE, "reduced_motion": wish}), story, "aroha")
        phrase = first_phrase(story, "aroha").text_en.replace("{name}", "Aroha")
        page.get_by_role("radio", name=phrase).check()
        page.locator("button[data-preview-send]").tap()
        expect(undo_button(page)).to_be_visible()
        told = page.locator(".toast").evaluate("each => getComputedStyle(each).animationName")
        assert (told != "none") is moves
        assert (undo_button(page).evaluate("each => getComputedStyle(each).transitionDuration") != "0s") is moves


def test_in_forced_colours_what_is_chosen_and_what_has_the_focus_is_drawn(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh", {**DESK, "forced_colors": "active"}), story, "aroha")
    chosen = page.locator(".values input:checked + label")
    assert chosen.first.evaluate(OUTLINE) >= 2
    send = page.locator("button[data-preview-send]")
    assert send.evaluate("each => parseFloat(getComputedStyle(each).borderTopWidth)") >= 2
    send.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate(OUTLINE) >= 2


def test_an_error_stands_beside_its_field_and_is_read_with_it(story: Story, devices: SignIn) -> None:
    page = devices(PHONE).open("/sign-in")
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").tap()
    field = page.get_by_label("Password")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("That email address and password do not match.")
    page.get_by_role("alert").get_by_role("link").tap()
    expect(field).to_be_focused()
