"""The book to keep and carry: tagged paper and data, the school's copy and each home's, never mixed."""

from __future__ import annotations

import json
import uuid

import pytest

from commsbridge import books, schools
from commsbridge.books import Book, Rhythm, Typed
from tests.doors.conftest import SignIn
from tests.doors.family_acts import FOR_DAD, TONIGHT, send_home
from tests.doors.pages import Visitor
from tests.rooms.test_foundation_paper import MACRONS, drawn
from tests.story import Story


def with_every_macron(story: Story) -> Book:
    """A page in whose words each long vowel stands."""
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        good, *_ = books.sections_of(work, book)
        books.save(work, book, books.begin_page(work, book, schools.today(work)), [Typed(good.id, 0, MACRONS)])
        return book


def taken(visitor: Visitor, at: str) -> bytes:
    answer = visitor.client.get(at)
    assert answer.status_code == 200, answer.text[:300]
    return bytes(answer.data)


@pytest.mark.parametrize("span", ["day", "week", "term", "all"])
@pytest.mark.parametrize(("reo", "lang"), [("mi", b"/Lang (mi)"), ("en", b"/Lang (en-NZ)")])
def test_a_span_of_the_book_is_a_tagged_pdf_with_every_macron(
    sign_in: SignIn, story: Story, span: str, reo: str, lang: bytes
) -> None:
    book, walsh = with_every_macron(story), sign_in("walsh")
    walsh.open(f"/books/{book.id}/copies")
    walsh.act("/language", language=reo, next="/today")
    pdf = taken(walsh, f"/books/{book.id}/paper?span={span}&on=2026-11-17")
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert lang in pdf.replace(b"/Lang(", b"/Lang (")
    assert drawn(pdf) >= set(MACRONS)


def test_each_homes_copy_is_without_the_other_homes_words(sign_in: SignIn, story: Story) -> None:
    book, walsh = send_home(story).book, sign_in("walsh")
    kept = {}
    for who in ("ngaire", "dave"):
        home = story.contacts[who].household_id
        kept[who] = json.loads(taken(walsh, f"/books/{book.id}/export?span=all&home={home}"))
    schools_copy = taken(walsh, f"/books/{book.id}/export?span=all").decode()
    assert FOR_DAD in json.dumps(kept["dave"])
    assert FOR_DAD not in json.dumps(kept["ngaire"])
    assert all(TONIGHT in json.dumps(each) for each in kept.values())
    assert "Dave" not in json.dumps(kept["ngaire"])
    assert FOR_DAD in json.loads(schools_copy)["pages"][0]["parts"][-1]["words"]


def test_a_copy_names_the_homes_and_refuses_anybody_elses(sign_in: SignIn, story: Story) -> None:
    book, walsh = send_home(story).book, sign_in("walsh")
    page = walsh.open(f"/books/{book.id}/copies")
    assert "For Dave Kereama" in page.text
    assert "The school’s copy" in page.text
    for home in (story.contacts["hine"].household_id, uuid.uuid4(), "x"):
        assert walsh.open(f"/books/{book.id}/paper?home={home}").status == 404
    assert sign_in("fox").open(f"/books/{book.id}/paper").status == 404
    assert sign_in("matiu").open(f"/books/{book.id}/export").status == 403
