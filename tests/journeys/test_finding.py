"""From anywhere to anywhere: a student while one types, pages with one key, and everything about the school."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acts import open_menu, open_praise, praises, write
from tests.journeys.browser import DESK, PHONE
from tests.journeys.conftest import SignIn
from tests.story import Story

pytestmark = pytest.mark.journey


def test_a_student_is_found_from_any_page_while_one_types(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open("/replies")
    page.keyboard.press("/")
    page.keyboard.type("heemi")
    found = page.locator("#found-few").get_by_role("link", name="Hēmi")
    expect(found).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/students/{story.students['hemi'].id}$"))


def test_what_was_found_closes_on_escape_and_when_it_is_left(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open("/replies")
    few = page.locator("#found-few")
    for leave in ("Escape", "Shift+Tab"):
        page.locator("#seek").press_sequentially("zzz")
        expect(few).to_contain_text("Nobody found under “zzz”.")
        page.keyboard.press(leave)
        expect(few).to_be_empty()


def test_the_students_page_finds_while_one_types_and_without_a_script_too(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", PHONE).open("/students")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("button").or_(page.get_by_role("link")))
    before = page.locator("#found li").count()
    page.get_by_label("Find a student").press_sequentially("hemi")
    expect(page.locator("#found li")).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("1 student found")
    assert before > 1
    assert row.count() >= 1
    page = sign_in("walsh", {**PHONE, "java_script_enabled": False}).open("/students")
    page.get_by_label("Find a student").fill("Hēēmi")
    page.get_by_role("button", name="Find").tap()
    expect(page.locator("#found li")).to_have_count(1)


def test_one_key_leads_to_each_part_and_question_mark_shows_them(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open("/today")
    for key, heading in (
        ("s", "Students"),
        ("r", "Replies"),
        ("p", "Who is the praise for?"),
        ("k", "Rimu Road School"),
        ("t", "Who shone today?"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Find a student")).to_be_visible()
    page.keyboard.press("s")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_of_one_letter_can_be_switched_off_and_stay_off(story: Story, sign_in: SignIn) -> None:
    page = sign_in("walsh", DESK).open("/today")
    open_menu(page)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use single-letter keys on this device").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    for key in ("s", "?", "/"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who shone today?")


def test_letters_that_are_written_are_no_keys_and_control_enter_sends(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh", DESK), story, "aroha")
    write(page, "")
    page.keyboard.type("She tries? Stars/rats.")
    expect(page.get_by_label("In your own words")).to_have_value("She tries? Stars/rats.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("On its way to")).to_be_visible()
    assert praises(story, "aroha") == 1
