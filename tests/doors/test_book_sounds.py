"""Voice notes on a page of the book: with their words or not at all, heard at school and at that home alone."""

from __future__ import annotations

import base64
import json

from commsbridge import books
from commsbridge.books import Book
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in
from tests.doors.pages import Page, Visitor, upload
from tests.doors.test_book_pages import begun, field, opened
from tests.doors.test_book_photos import HEIC, SVG, sent_home
from tests.rooms.test_sounds import PLACE, mp4, webm
from tests.story import Story

SAID = "Listen: he reads the whole page by himself!"


def save(visitor: Visitor, book: Book, content: bytes, *, words: str = SAID) -> Page:
    page = opened(visitor, book)
    typed = {field(page, "What went well"): "He read a page."}
    form = page.form(f"/books/{book.id}/page")
    return visitor.send(form, sound=upload(content, "memo.m4a"), sound_words=words, **typed)


def sound_ids(story: Story, book: Book) -> list[str]:
    with story.work() as work:
        pages = books.pages_of(work, [book.id])
        return [str(each.id) for found in books.sounds_on(work, pages).values() for each in found]


def test_a_voice_note_goes_home_with_its_words_and_is_heard_by_that_home_alone(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    for _ in range(2):  # a form that came twice
        assert save(walsh, book, mp4()).status == 302
    [sound_id] = sound_ids(story, book)
    at_school = f"/books/{book.id}/sounds/{sound_id}"
    heard = walsh.open(at_school)
    assert heard.response.mimetype == "audio/mp4"
    assert PLACE not in heard.response.data
    assert sign_in("fox").open(at_school).status == 404
    home = sent_home(story, book)
    phone = device()
    link = home.links["hine"]
    assert phone.open(f"{link}/sounds/{sound_id}").status == 404  # nobody proved this device
    page = come_in(story, phone, home, "hine")
    assert SAID in page.text
    assert f'src="{link}/sounds/{sound_id}"' in page.response.text
    piece = phone.client.get(f"{link}/sounds/{sound_id}", headers={"Range": "bytes=0-7"})
    assert (piece.status_code, piece.data) == (206, mp4()[:8])
    assert "media-src 'self'" in piece.headers["Content-Security-Policy"]
    data = json.loads(walsh.open(f"/books/{book.id}/export", span="all").response.text)
    [kept] = data["pages"][0]["sounds"]
    assert kept["words"] == SAID
    assert base64.b64decode(kept["content"])[:8] == mp4()[:8]


def test_without_its_words_or_with_what_is_no_sound_nothing_is_kept_and_the_words_stay(
    sign_in: SignIn, story: Story
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    page = save(walsh, book, mp4(), words="  ")
    assert page.status == 400
    assert "nothing goes home without its words" in page.wrong["sound_words"]
    for content, told in ((HEIC, "cannot read"), (SVG, "cannot read"), (webm(1), "film"), (bytes(4 << 20), "3 MB")):
        page = save(walsh, book, content)
        assert page.status == 400
        assert told in page.wrong["sound"]
        assert page.form(f"/books/{book.id}/page").values["sound_words"] == SAID
    assert sound_ids(story, book) == []


def test_a_voice_note_is_taken_off_until_the_page_goes_home(sign_in: SignIn, story: Story) -> None:
    book, walsh = begun(story), sign_in("walsh")
    save(walsh, book, mp4())
    [sound_id] = sound_ids(story, book)
    at = f"/books/{book.id}/sounds/{sound_id}/out"
    form = opened(walsh, book).form(at)
    assert walsh.send(form).status == 302
    assert sound_ids(story, book) == []
    save(walsh, book, mp4())
    [sound_id] = sound_ids(story, book)
    form = opened(walsh, book).form(f"/books/{book.id}/sounds/{sound_id}/out")
    sent_home(story, book)
    assert walsh.send(form).status == 409
    assert sound_ids(story, book) == [sound_id]
