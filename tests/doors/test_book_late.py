"""What was written without a connection and came when its page had gone home: said back, to go beside it."""

from __future__ import annotations

from commsbridge import books, schools
from tests.doors.conftest import SignIn
from tests.doors.pages import upload
from tests.doors.test_book_pages import begun, field, opened
from tests.story import Story


def test_words_that_come_after_the_page_went_home_are_not_lost_and_a_childs_go_beside_no_page(
    sign_in: SignIn, story: Story
) -> None:
    book = begun(story)
    walsh = sign_in("walsh")
    early = opened(walsh, book)
    good, tonight, own = (field(early, name) for name in ("What went well", "To know for tonight", "In my own words"))
    at = f"/books/{book.id}/page"
    form = early.form(at)
    walsh.send(form, **{good: "He read a page."})
    with story.work("walsh") as work:
        page = books.page_on(work, book, schools.today(work))
        assert page is not None
        books.send_home(work, book, page, story.students["hemi"], links=story.runtime.links)
    said = {good: "He read a page.", tonight: "Tired.", own: "I felt sad.", own.replace("s-", "sees-", 1): "teacher"}
    late = walsh.send(form, **said)
    assert late.status == 400
    assert "The page went home before your words came" in late.text
    assert "I felt sad." in late.text
    beside = late.form(f"/books/{book.id}/beside")
    assert beside.values["words"] == "To know for tonight: Tired."
    assert beside.values["form_key"] == form.values["form_key"]
    assert walsh.send(beside).status == 302
    assert "To know for tonight: Tired." in opened(walsh, book).text
    # What went home already and comes again, its answer lost, is no late word: it waits on no device any longer.
    assert walsh.send(form, **{good: "He read a page."}).status == 302
    assert walsh.send(form, photo=upload(b"no photo", "IMG_1.JPG")).status == 400
