"""A term to keep: on paper in both languages, what went well and the child's own words, each home's apart."""

from __future__ import annotations

import json
import uuid

import pytest
from flask import Flask

from commsbridge import books, schools
from commsbridge.foundation.language import Language
from commsbridge.web import book_summary
from commsbridge.web.shown import Shown
from tests.doors.conftest import SignIn
from tests.doors.family_acts import FOR_DAD, GOOD, TONIGHT, Home, send_home
from tests.doors.test_book_papers import with_every_macron
from tests.rooms.test_foundation_paper import MACRONS, drawn
from tests.story import Story


@pytest.mark.parametrize("reo", ["mi", "en"])
def test_the_summary_is_a_tagged_pdf_with_every_macron(sign_in: SignIn, story: Story, reo: str) -> None:
    book = with_every_macron(story)
    with story.work("walsh") as work:
        page = books.page_on(work, book, schools.today(work))
        assert page is not None
        books.send_home(work, book, page, story.students["aroha"], links=story.runtime.links)
    walsh = sign_in("walsh")
    assert "The term to keep: Te reo Māori" in walsh.open(f"/books/{book.id}/copies").text
    answer = walsh.client.get(f"/books/{book.id}/summary/{reo}.pdf")
    assert answer.data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.data
    assert b"/Lang" in answer.data
    assert drawn(answer.data) >= set(MACRONS)


def test_a_homes_summary_has_what_went_well_and_nothing_meant_for_another_home(web: Flask, story: Story) -> None:
    home = send_home(story)
    told = {who: _told(web, story, home, story.contacts[who].household_id) for who in ("ngaire", "dave")}
    told["school"] = _told(web, story, home, None)
    for words in told.values():
        assert GOOD in words
        assert TONIGHT not in words
    assert FOR_DAD in told["dave"]
    assert FOR_DAD in told["school"]
    assert FOR_DAD not in told["ngaire"]
    assert "Dave" not in told["ngaire"]


def _told(web: Flask, story: Story, home: Home, household_id: uuid.UUID | None) -> str:
    """The words that would be set, as data."""
    with story.work("walsh") as work:
        shown = Shown(Language.EN, schools.calendar_of(work), work.now)
        with web.test_request_context(f"/?home={household_id or ''}"):
            found = book_summary.told_in(work, home.book, story.students["aroha"], shown)
    return json.dumps(found, ensure_ascii=False)


def test_another_childs_home_and_whoever_does_not_see_the_child_get_none(sign_in: SignIn, story: Story) -> None:
    home = send_home(story)
    at = f"/books/{home.book.id}/summary/mi.pdf"
    walsh = sign_in("walsh")
    for other in (story.contacts["hine"].household_id, uuid.uuid4(), "x"):
        assert walsh.open(at, home=str(other)).status == 404
    assert sign_in("fox").open(at).status == 404
    assert sign_in("jan").open(at).status == 403
