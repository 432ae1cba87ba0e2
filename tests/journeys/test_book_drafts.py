"""What was written in a book and not saved survives a closed tab, for its writer alone; a large photo goes small."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from commsbridge import books
from commsbridge.books import Rhythm
from tests.journeys.acts import open_menu, open_praise
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import until
from tests.story import Story

WORDS = "Made a bridge of sticks, and cr"
MORE = "Made a bridge of sticks, and crossed it."
BACK = "What you wrote here and did not save is back."
SIZE = "document.querySelector('#photo').files[0].size"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft ')).length"
pytestmark = pytest.mark.journey


def large_photo() -> bytes:
    """A photo of some megabytes that no packing makes smaller."""
    made = io.BytesIO()
    noise = Image.frombytes("RGB", (1800, 1200), os.urandom(1800 * 1200 * 3))
    noise.save(made, "JPEG", quality=100, subsampling=0)
    assert len(made.getvalue()) > 5_000_000
    return made.getvalue()


def test_words_not_saved_are_back_after_the_tab_was_closed_and_gone_once_saved_thrown_away_or_signed_out(
    story: Story, sign_in: SignIn, tmp_path: Path
) -> None:
    taken = tmp_path / "IMG_1.JPG"
    taken.write_bytes(large_photo())
    teacher = sign_in("walsh", PHONE)
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        section = books.sections_of(work, book)[0]
    at, field = f"/books/{book.id}/page", f"#s-{section.id}"

    def opened_anew() -> Page:
        page = teacher.context.new_page()
        page.goto(teacher.page.url.split("/books")[0] + at)
        return page

    page = teacher.open(at)
    expect(page.get_by_text(BACK)).to_be_hidden()
    page.locator(field).fill(WORDS)
    again = opened_anew()
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(again.locator(field)).to_have_value(WORDS)
    again.get_by_role("button", name="Throw it away").click()
    expect(again.locator(field)).to_have_value("")
    assert again.evaluate(DRAFTS) == 0

    again.locator(field).fill(MORE)
    again.locator("summary", has_text="photo").click()
    again.locator("#photo").set_input_files(taken)
    until(lambda: again.evaluate(SIZE) < 4_000_000, what="the photo is made smaller")
    again.locator("#photo_alt").fill("A bridge of sticks")
    again.locator("input[name=photo_shows][value=work]").check()
    again.get_by_role("button", name="Save the page").click()
    expect(again.get_by_text("Saved.")).to_be_visible()
    expect(again.get_by_role("img", name="A bridge of sticks")).to_be_visible()
    assert again.evaluate(DRAFTS) == 0
    again.reload()
    expect(again.locator(field)).to_have_value(MORE)

    again.locator(field).fill(WORDS)
    assert again.evaluate(DRAFTS) == 1

    praise = open_praise(teacher, story, "aroha")
    praise.locator("summary", has_text="photo").click()
    praise.locator("#photo").set_input_files(taken)
    until(lambda: praise.evaluate(SIZE) < 4_000_000, what="praise brings what makes a photo smaller")
    open_menu(again)
    again.get_by_role("button", name="Sign out").click()
    expect(again.get_by_label("Password")).to_be_visible()
    assert again.evaluate(DRAFTS) == 0
