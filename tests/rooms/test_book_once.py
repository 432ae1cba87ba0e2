"""What waited without a connection comes to a page: once however often it is sent, and never over another's words."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from commsbridge import books
from commsbridge.books import Book, BookEntry, Saved, Typed
from tests.rooms.test_books import TODAY, begin, sections, stands, write
from tests.story import Story

GOOD = "What went well"
TONIGHT = "To know for tonight"
KEY = "form-of-this-morning"


def section(story: Story, book: Book, title: str) -> uuid.UUID:
    with story.work() as work:
        return sections(work, book)[title].id


def come(story: Story, book: Book, *, who: str = "walsh", key: str = KEY, number: int = 0, **words: str) -> Saved:
    """What one form brings, by the names of the sections: ``good`` and ``tonight``."""
    titles = {"good": GOOD, "tonight": TONIGHT}
    with story.work(who) as work:
        known = sections(work, book)
        typed = [Typed(known[titles[name]].id, number, said) for name, said in words.items()]
        return books.save(work, book, books.begin_page(work, book, TODAY), typed, once_key=key)


def saves(story: Story) -> int:
    with story.work() as work:
        return work.session.scalar(select(func.count()).select_from(BookEntry)) or 0


def test_what_came_twice_stands_once_also_where_somebody_wrote_on_since(story: Story) -> None:
    book = begin(story)
    come(story, book, good="He read.", tonight="Tired.")
    write(story, "matiu", book, GOOD, "He read, and swam.", number=1)
    again = come(story, book, good="He read.", tonight="Tired.")
    assert (again.written, again.stale) == ((), ())
    assert stands(story, book) == {GOOD: "He read, and swam.", TONIGHT: "Tired."}
    assert saves(story) == 3


def test_what_another_wrote_meanwhile_is_never_replaced_and_the_rest_is_saved(story: Story) -> None:
    book = begin(story)
    write(story, "matiu", book, GOOD, "He swam.")
    came = come(story, book, good="He read.", tonight="Tired.")
    assert [(each.typed.words, each.stands.words) for each in came.stale] == [("He read.", "He swam.")]
    assert stands(story, book) == {GOOD: "He swam.", TONIGHT: "Tired."}
    both = come(story, book, number=1, good="He read and swam.", tonight="Tired.")
    assert both.stale == ()
    assert stands(story, book)[GOOD] == "He read and swam."


def test_a_writer_goes_on_from_the_same_form_over_their_own_words_and_nobody_else_does(story: Story) -> None:
    book = begin(story)
    come(story, book, good="He read.")
    assert come(story, book, good="He read a page.").stale == ()
    assert come(story, book, good="").stale == ()
    assert stands(story, book)[GOOD] == ""
    come(story, book, good="He read two pages.")
    assert len(come(story, book, who="matiu", good="He swam.").stale) == 1
    assert len(come(story, book, key="another form", good="He sang.").stale) == 1
    assert stands(story, book)[GOOD] == "He read two pages."


def test_what_comes_after_the_page_went_home_is_told_apart_from_what_stands_there(story: Story) -> None:
    book = begin(story)
    come(story, book, good="He read.")
    with story.work("walsh") as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        books.send_home(work, book, page, story.students["hemi"], links=story.runtime.links)
    good, tonight = section(story, book, GOOD), section(story, book, TONIGHT)
    typed = [Typed(good, 0, " He read. "), Typed(tonight, 0, "Tired.")]
    with story.work("walsh") as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        assert [(each.section_id, each.words) for each in books.left_unsaved(work, page, typed)] == [
            (tonight, "Tired.")
        ]
