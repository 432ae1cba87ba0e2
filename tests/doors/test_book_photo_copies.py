"""Photos of a book in what is kept and carried: on paper and as data, for as long as they may be shown."""

from __future__ import annotations

import base64
import json
import re
import zlib
from datetime import date
from typing import Any

from commsbridge import messages, whanau
from commsbridge.books import Book
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Visitor
from tests.doors.test_book_pages import DAY, begun
from tests.doors.test_book_papers import taken
from tests.doors.test_book_photos import ALT, photo_ids, picture, save, sent_home
from tests.story import Story


def allow(story: Story, *, given: bool, on: str) -> None:
    with story.work("jan") as work:
        hemi = story.students["hemi"]
        said_on = date.fromisoformat(on)
        messages.set_photo_permission(work, hemi, given=given, said_by="Hine Parata", said_on=said_on)


def exported(visitor: Visitor, book: Book, home: object = "") -> list[dict[str, Any]]:
    """The photos of the book's one page, as its data holds them; none where the page itself is not in it."""
    told = json.loads(taken(visitor, f"/books/{book.id}/export?span=all&home={home or ''}"))
    return [photo for page in told["pages"] for photo in page["photos"]]


def printed(visitor: Visitor, book: Book, home: object = "") -> bytes:
    return taken(visitor, f"/books/{book.id}/paper?span=week&on={DAY}&home={home or ''}")


def tags(pdf: bytes) -> bytes:
    """What the packed parts of a PDF say of its tags."""
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(each) for each in streams if each[:1] == b"\x78")


def test_a_photo_that_went_home_is_on_paper_and_in_the_data_of_that_home_with_its_words(
    sign_in: SignIn, story: Story
) -> None:
    book, walsh, home = begun(story), sign_in("walsh"), story.contacts["hine"].household_id
    save(walsh, book, picture())
    [photo_id] = photo_ids(story, book)
    kept = taken(walsh, f"/students/{story.students['hemi'].id}/photos/{photo_id}")
    assert exported(walsh, book, home) == []
    assert len(exported(walsh, book)) == 1
    sent_home(story, book)
    for whose in (home, ""):
        [photo] = exported(walsh, book, whose)
        assert base64.b64decode(photo["content"]) == kept
        assert (photo["alt"], photo["media_type"]) == (ALT, "image/jpeg")
        pdf = printed(walsh, book, whose)
        assert kept in pdf
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        assert ALT.encode() in pdf + tags(pdf)


def test_a_photo_that_may_not_be_shown_any_more_is_in_no_copy_and_the_words_stay(sign_in: SignIn, story: Story) -> None:
    book, walsh, home = begun(story), sign_in("walsh"), story.contacts["hine"].household_id
    allow(story, given=True, on="2026-03-12")
    save(walsh, book, picture(), shows="child")
    sent_home(story, book)
    assert len(exported(walsh, book, home)) == 1
    allow(story, given=False, on=DAY)
    for whose in (home, ""):
        assert exported(walsh, book, whose) == []
        assert b"DCTDecode" not in printed(walsh, book, whose)
        told = taken(walsh, f"/books/{book.id}/export?span=all&home={whose}").decode()
        assert "He built a raft." in told


def test_a_home_that_came_to_be_the_childs_later_carries_nothing_of_before(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    save(walsh, book, picture())
    sent_home(story, book)
    later, dave = date(2026, 11, 18), story.contacts["dave"]
    with story.work("jan") as work:
        child = story.students["hemi"].id
        whanau.relate(work, dave.id, child, relationship="Uncle", may_message=MayMessage.YES, from_on=later)
    clock.forward(days=1)
    walsh = sign_in("walsh")
    assert exported(walsh, book, dave.household_id) == []
    told = taken(walsh, f"/books/{book.id}/export?span=all&home={dave.household_id}").decode()
    assert "He built a raft." not in told
    assert "He built a raft." in taken(walsh, f"/books/{book.id}/export?span=all").decode()
    assert walsh.client.get(f"/books/{book.id}/summary/en.pdf?home={dave.household_id}").status_code == 200
    assert len(exported(walsh, book, story.contacts["hine"].household_id)) == 1
