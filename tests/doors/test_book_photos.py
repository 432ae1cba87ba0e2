"""Photos on a page of the book: asked about, made anew, seen at school and at that home alone."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from commsbridge import books, messages
from commsbridge.books import Book
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, brought, come_in
from tests.doors.pages import Page, Visitor, upload
from tests.doors.test_book_pages import DAY, begun, field, opened
from tests.story import Story

ALT = "A raft of sticks"
HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(colour: str = "red") -> bytes:
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of Mere"
    Image.new("RGB", (400, 300), colour).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def save(visitor: Visitor, book: Book, content: bytes, *, shows: str = "work", words: str = "He built a raft.") -> Page:
    page = opened(visitor, book)
    typed = {field(page, "What went well"): words}
    form = page.form(f"/books/{book.id}/page")
    return visitor.send(form, photo=upload(content, "IMG_1.jpg"), photo_shows=shows, photo_alt=ALT, **typed)


def sent_home(story: Story, book: Book) -> Home:
    with story.work("walsh") as work:
        page = books.page_on(work, book, date.fromisoformat(DAY))
        assert page is not None
        books.send_home(work, book, page, story.students["hemi"], links=story.runtime.links)
        return Home(book, *brought(story, work, page.message_id))


def photo_ids(story: Story, book: Book) -> list[str]:
    with story.work() as work:
        page = books.page_on(work, book, date.fromisoformat(DAY))
        return [str(each.id) for each in books.photos_on(work, [page])[page.id]] if page else []


def test_a_photo_stands_on_the_page_cleaned_and_can_be_taken_off_until_it_goes_home(
    sign_in: SignIn, story: Story
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    for _ in range(2):  # a form that came twice
        assert save(walsh, book, picture()).status == 302
    [photo_id] = photo_ids(story, book)
    seen = f"/students/{story.students['hemi'].id}/photos/{photo_id}"
    answer = walsh.open(seen).response
    assert b"Phone of Mere" not in answer.data
    assert seen in walsh.open(f"/books/{book.id}").response.text
    assert sign_in("fox").open(seen).status == 404
    off = f"/books/{book.id}/photos/{photo_id}"
    assert walsh.send(opened(walsh, book).form(off)).status == 302
    assert photo_ids(story, book) == []
    assert walsh.open(seen).status == 404
    save(walsh, book, picture("blue"))
    [photo_id] = photo_ids(story, book)
    form = opened(walsh, book).form(f"/books/{book.id}/photos/{photo_id}")
    sent_home(story, book)
    assert walsh.send(form).status == 409
    assert photo_ids(story, book) == [photo_id]


@pytest.mark.parametrize(
    ("content", "shows", "wrong", "said"),
    [
        (HEIC, "work", "photo", "HEIC"),
        (SVG, "work", "photo", ""),
        (b"%PDF-1.7\n%\xe2\xe3", "work", "photo", ""),
        (b"\xff\xd8" + b"0" * (21 * 1024 * 1024), "work", "photo", "The most is 20 MB"),
        (picture(), "child", "photo_shows", "Nobody has allowed photos that show Hēmi"),
        (picture(), "others", "photo_shows", "their whānau were not asked"),
    ],
)
def test_what_may_not_stand_there_is_refused_beside_its_field_and_the_words_stay(
    sign_in: SignIn, story: Story, content: bytes, shows: str, wrong: str, said: str
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    page = save(walsh, book, content, shows=shows)
    assert page.status == 400
    assert said in page.wrong[wrong]
    assert "He built a raft." in page.response.text
    assert photo_ids(story, book) == []


def test_a_photo_of_twelve_megabytes_straight_off_a_phone_is_taken_and_made_smaller(
    sign_in: SignIn, story: Story
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    assert save(walsh, book, picture() + b"\0" * (12 * 1024 * 1024)).status == 302
    [photo_id] = photo_ids(story, book)
    assert len(walsh.open(f"/students/{story.students['hemi'].id}/photos/{photo_id}").response.data) < 1024 * 1024


def test_home_sees_it_on_its_own_device_and_nobody_else_does(sign_in: SignIn, story: Story, device: Device) -> None:
    book, walsh = begun(story), sign_in("walsh")
    with story.work("jan") as work:
        hemi = story.students["hemi"]
        messages.set_photo_permission(work, hemi, given=True, said_by="Hine Parata", said_on=date(2026, 3, 12))
    save(walsh, book, picture(), shows="child")
    [photo_id] = photo_ids(story, book)
    home = sent_home(story, book)
    link = home.links["hine"]
    at = f"{link}/photos/{photo_id}"
    assert device().open(at).status == 404
    phone = device()
    page = come_in(story, phone, home, "hine")
    assert at in page.response.text
    assert ALT in page.response.text
    answer = phone.open(at)
    assert answer.status == 200
    assert answer.response.mimetype == "image/jpeg"
    with story.work("leota") as work:
        aroha = story.students["aroha"]
        template = books.template_named(work, "school_day")
        other = books.begin_book(work, aroha, template, rhythm=books.Rhythm.DAILY)
        page_of = books.begin_page(work, other, date.fromisoformat(DAY))
        books.save(work, other, page_of, [books.Typed(books.sections_of(work, other)[0].id, 0, "She sang.")])
        books.send_home(work, other, page_of, aroha, links=story.runtime.links)
        theirs = Home(other, *brought(story, work, page_of.message_id))
    stranger = device()
    come_in(story, stranger, theirs, "ngaire")
    assert stranger.open(f"{theirs.links['ngaire']}/photos/{photo_id}").status == 404
    with story.work("jan") as work:
        messages.set_photo_permission(work, hemi, given=False, said_by="Hine Parata", said_on=date(2026, 11, 17))
    assert phone.open(at).status == 404
    assert at not in phone.open(link).response.text
