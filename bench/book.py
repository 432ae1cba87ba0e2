"""A communication book of three years beside one that has just begun: does it open as fast, at school and at home?"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter

from flask.testing import FlaskClient
from sqlalchemy import insert

from bench.figures import Figure
from bench.pages import signed_in_secret
from bench.place import Place, SmallSchool, place, small_school
from commsbridge import books, messages, schools
from commsbridge.books import Book, BookEntry, BookPage, BookPhoto, Rhythm, Typed
from commsbridge.foundation.work import Work
from commsbridge.messages import Photo, Shows
from commsbridge.students import Student
from commsbridge.web import make_web

ENTRIES = 600
# Three photos for two entries, as families of such books keep them; what they weigh does not matter to a page's text.
PHOTOS_OF_TWO = 3
PHOTO_BYTES = 20_000
NEW = 3
VISITS = 30
AIM = 1.5


def figures(entries: int = ENTRIES) -> Iterator[Figure]:
    """By turns each page of the new book and of the old one; the median of many visits, and the worst ratio."""
    with place() as here:
        school = small_school(here.runtime, children=2)
        client = make_web(here.runtime).test_client()
        client.set_cookie("commsbridge", signed_in_secret(here, school))
        found = []
        for student_id, count in zip(school.students, (NEW, entries), strict=True):
            book_id, link = _book(here, school, student_id, count, client)
            found.append((f"/books/{book_id}", f"/books/{book_id}/page", link))
        ratios, told = [], []
        for new, old in zip(*found, strict=True):
            times = [(_opened(client, new), _opened(client, old)) for _ in range(VISITS + 3)][3:]
            young, aged = (median(each) for each in zip(*times, strict=True))
            ratios.append(aged / young)
            told.append(f"{young:.0f} and {aged:.0f} ms")
    photos = entries * PHOTOS_OF_TWO // 2
    against = (
        f"{entries} entries, {photos} photos against {NEW} pages; the book {told[0]}, a page {told[1]}, home {told[2]}"
    )
    yield Figure("book.three_years", max(ratios), "x", ("<=", AIM), against)


def _opened(client: FlaskClient, at: str) -> float:
    began = perf_counter()
    answer = client.get(at)
    milliseconds = (perf_counter() - began) * 1000
    assert answer.status_code == 200, (answer.status_code, at)
    return milliseconds


def _book(
    here: Place, school: SmallSchool, student_id: uuid.UUID, count: int, client: FlaskClient
) -> tuple[uuid.UUID, str]:
    """A book with so many pages, one for each day back from yesterday, and today's sent home; its link at home."""
    runtime = here.runtime
    with runtime.work(school.school_id, school.teacher) as work:
        student = work.session.get_one(Student, student_id)
        book = books.begin_book(work, student, books.template_named(work, "school_day"), rhythm=Rhythm.DAILY)
        _fill(work, book, student, count)
        page = books.begin_page(work, book, schools.today(work))
        books.save(work, book, page, [Typed(books.sections_of(work, book)[0].id, 0, "Made a raft of sticks.")])
        books.send_home(work, book, page, student, links=runtime.links)
        assert page.message_id is not None
        [delivery] = messages.written(work, [page.message_id])[page.message_id].deliveries
        holder = books.holder_of(work, delivery.id)
        code = re.search(r"\b\d{6}\b", books.ask_code(work, holder, links=runtime.links).body)
        link = re.search(r"/w/[\w-]+", delivery.body)
        assert code
        assert link
        proof = books.try_code(work, holder, code[0])
        assert proof
    client.set_cookie("whanau", proof, path=link[0])
    return book.id, link[0]


def _fill(work: Work, book: Book, student: Student, count: int) -> None:
    """Pages that went home, an entry each, and photos of work."""
    section, today = books.sections_of(work, book)[0], schools.today(work)
    staff_id, at = work.actor.id, work.now
    school_id = book.school_id
    pages = [
        {"id": uuid.uuid4(), "school_id": school_id, "book_id": book.id, "on_day": today - timedelta(days=back),
         "began_at": at, "home_at": at, "home_by": staff_id}
        for back in range(1, count + 1)
    ]  # fmt: skip
    entries = [
        {"school_id": school_id, "page_id": page["id"], "section_id": section.id, "number": 1,
         "words": f"Read page {place} to a friend.", "staff_id": staff_id, "at": at}
        for place, page in enumerate(pages)
    ]  # fmt: skip
    photos = [
        {"id": uuid.uuid4(), "school_id": school_id, "student_id": student.id, "staff_id": staff_id,
         "shows": Shows.WORK, "alt": "A raft", "media_type": "image/jpeg", "width": 800, "height": 600,
         "content": os.urandom(PHOTO_BYTES), "in_book": True, "made_at": at}
        for _ in range(count * PHOTOS_OF_TWO // 2)
    ]  # fmt: skip
    placed = [
        {"school_id": school_id, "page_id": pages[place * 2 // PHOTOS_OF_TWO]["id"], "photo_id": photo["id"],
         "staff_id": staff_id, "at": at}
        for place, photo in enumerate(photos)
    ]  # fmt: skip
    for table, rows in ((BookPage, pages), (BookEntry, entries), (Photo, photos), (BookPhoto, placed)):
        work.session.execute(insert(table), rows)
