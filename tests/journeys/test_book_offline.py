"""A page of the book written without a connection waits on the phone, through a closed tab, and goes once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from commsbridge import books
from commsbridge.books import Book, BookEntry, BookSection, Rhythm
from tests.journeys.conftest import SignIn
from tests.journeys.house import until
from tests.journeys.test_bad_wifi import find_connection, kept, lose_connection, with_worker
from tests.story import Story

GOOD = "Made a bridge of sticks."
TONIGHT = "Tired after swimming."
RESTED = "She rested after lunch."
READING = "Reading aloud."
pytestmark = pytest.mark.journey


def begun(story: Story) -> tuple[Book, list[BookSection]]:
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        return book, list(books.sections_of(work, book))


def entries(story: Story) -> int:
    with story.work() as work:
        return work.session.scalar(select(func.count()).select_from(BookEntry)) or 0


def item_of(page: Page) -> Locator:
    return page.locator("#waits-list").get_by_role("listitem")


def waits(page: Page) -> int:
    return len(kept(page)[1])


def test_a_page_written_without_a_connection_waits_through_a_closed_tab_and_goes_once(
    story: Story, sign_in: SignIn
) -> None:
    book, sections = begun(story)
    good, working, tonight = sections[0], sections[1], sections[3]
    device = with_worker(sign_in)
    page = device.open(f"/books/{book.id}/page")
    page.locator(f"#s-{good.id}").fill(GOOD)
    lose_connection(device)
    expect(page.get_by_role("heading", name="There is no connection just now")).to_be_visible()
    page.locator(f"#s-{tonight.id}").fill(TONIGHT)
    page.get_by_role("button", name="Save the page").tap()
    item = item_of(page)
    expect(item).to_contain_text(f"{good.title_en}: {GOOD}")
    expect(item).to_contain_text(f"{tonight.title_en}: {TONIGHT}")
    expect(item).to_contain_text(f"Aroha · {book.title_en} · ")
    expect(item).to_contain_text("Waiting for a connection")

    anew = device.context.new_page()
    page.close()
    anew.goto(f"{device.url}/today")
    expect(item_of(anew)).to_have_count(1)
    assert entries(story) == 0
    find_connection(device)
    until(lambda: waits(anew) == 0, what="nothing waits any more")
    anew.goto(f"{device.url}/books/{book.id}/page")
    expect(anew.locator(f"#s-{good.id}")).to_have_value(GOOD)
    expect(anew.locator(f"#s-{tonight.id}")).to_have_value(TONIGHT)
    expect(anew.locator("#draft-back")).to_be_hidden()
    expect(anew.locator("#waits-here")).to_be_hidden()
    assert entries(story) == 2

    # With no connection at all its writer's own phone knows the book; what another adult writes meanwhile stays.
    lose_connection(device)
    anew.goto(f"{device.url}/today")
    form = anew.locator("#page-write")
    form.get_by_label("Which book?").select_option(label=f"Aroha · {book.title_en}")
    form.get_by_label(working.title_en, exact=True).fill(READING)
    form.get_by_label(tonight.title_en, exact=True).fill(RESTED)
    form.get_by_role("button", name="Keep the page to send").tap()
    expect(item_of(anew)).to_contain_text(f"{working.title_en}: {READING}")
    expect(form.get_by_role("status")).to_contain_text("Kept on this device.")
    find_connection(device)
    expect(anew.get_by_text("It needs you: there is a question to answer")).to_be_visible()
    assert entries(story) == 3
    anew.get_by_role("button", name="Open it").tap()
    expect(anew.get_by_text("Nothing is lost")).to_be_visible()
    expect(anew.get_by_text(TONIGHT)).to_be_visible()
    anew.locator(f"#s-{tonight.id}").fill(f"{TONIGHT} {RESTED}")
    anew.get_by_role("button", name="Save the page").tap()
    expect(anew.get_by_text("Saved.")).to_be_visible()
    expect(anew.locator(f"#s-{working.id}")).to_have_value(READING)
    assert (entries(story), waits(anew)) == (4, 0)
    device.watch.complaints.clear()
