"""Signing in and out in a real browser: nothing written is lost, nothing is left for the next person."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from commsbridge import schools
from tests.doors.pages import PASSWORD
from tests.journeys.acts import open_menu, open_praise, praises, send_button, write
from tests.journeys.browser import DESK, PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import SPARK, House
from tests.story import Story

WORDS = "She carried the chairs."
pytestmark = pytest.mark.journey


def sign_out_behind(story: Story, who: str) -> None:
    """Every sign-in of somebody ends, as from another device."""
    with story.runtime.lobby() as lobby:
        schools.sign_out_everywhere(lobby, story.staff[who].account_id)


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without"])
def test_what_one_was_writing_when_the_sign_in_ended_goes_on_behind_the_door(
    story: Story, sign_in: SignIn, *, scripts: bool
) -> None:
    page = open_praise(sign_in("walsh", PHONE, java_script_enabled=scripts), story, "aroha")
    write(page, WORDS)
    sign_out_behind(story, "walsh")
    send_button(page).tap()
    expect(page.get_by_text("You were signed out. Sign in, and what you were sending goes on")).to_be_visible()
    assert WORDS not in page.content()
    assert praises(story, "aroha") == 0
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    if not scripts:
        expect(page.get_by_text(WORDS)).to_be_visible()
        page.get_by_role("button", name="Go on").tap()
    expect(page.get_by_text("On its way to")).to_be_visible()
    assert praises(story, "aroha") == 1


def test_words_of_the_log_go_on_too(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open(f"/students/{story.students['aroha'].id}")
    page.get_by_text("Write in the log").click()
    page.get_by_label("What was said").fill(WORDS)
    sign_out_behind(story, "walsh")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("listitem").filter(has_text=WORDS)).to_have_count(1)


def test_words_are_given_back_to_their_writer_alone(house: House, story: Story, sign_in: SignIn) -> None:
    device = sign_in("walsh")
    page = open_praise(device, story, "aroha")
    write(page, WORDS)
    page.get_by_role("link", name="Today").tap()
    expect(page.get_by_role("heading", name="Who shone today?")).to_be_visible()
    key = house.key_of(story.staff["leota"])
    device.context.add_cookies([{"name": "commsbridge", "value": key, "url": house.url, "httpOnly": True}])
    page.go_back()
    expect(page.get_by_label("In your own words")).to_have_value("")


def test_after_signing_out_the_back_button_shows_no_child(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh").open(f"/students/{story.students['aroha'].id}")
    open_menu(page)
    page.get_by_role("button", name="Sign out").tap()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Aroha Kereama")).to_have_count(0)


@pytest.mark.parametrize("own", [True, False], ids=["own phone", "shared computer"])
def test_ones_own_phone_stays_signed_in_and_a_shared_computer_does_not(
    story: Story, devices: SignIn, *, own: bool
) -> None:
    device = devices(PHONE)
    page = device.open("/sign-in")
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("This is my own phone or computer").set_checked(own)
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("heading", name="Who shone today?")).to_be_visible()
    cookies = {each["name"]: each for each in device.context.cookies()}
    assert (cookies["commsbridge"]["expires"] > 0) is own
    assert all(each["httpOnly"] and each["sameSite"] == "Lax" for each in cookies.values())


def test_what_is_not_there_not_ones_own_or_broken_says_so_and_leads_on(story: Story, sign_in: SignIn) -> None:
    device = sign_in("walsh")
    for path, said in (
        ("/nowhere", "There is nothing here"),
        ("/roll", "This page is not yours to open"),
        (f"/students/{story.students['leo'].id}", "There is nothing here"),
        (SPARK, "Something went wrong here"),
    ):
        page = device.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(said)
        assert "somebody's words" not in page.content()
        page.get_by_role("link", name="Today", exact=True).tap()
        expect(page.get_by_role("heading", name="Who shone today?")).to_be_visible()
