"""Beside a page of the book: what helps and goals are at hand; a page that names another child asks before home."""

from __future__ import annotations

import pytest

from commsbridge import books, schools, students
from commsbridge.books import Book, Typed
from commsbridge.students import Tells
from tests.doors.conftest import SignIn
from tests.doors.test_book_pages import DAY, begun
from tests.story import Story

HELPS = "A warning five minutes before we change rooms."
NAMES_ANOTHER = "Made a bridge of sticks with Aroha."


def written(story: Story, words: str) -> Book:
    """Ms Walsh has written on the page of today in Hēmi's book."""
    book = begun(story)
    with story.work("walsh") as work:
        page = books.begin_page(work, book, work.now.date())
        books.save(work, book, page, [Typed(books.sections_of(work, book)[0].id, 0, words)])
    return book


def has_gone(story: Story, book: Book) -> bool:
    with story.work() as work:
        page = books.page_on(work, book, work.now.date())
        return page is not None and page.home_at is not None


def test_what_helps_and_the_goals_stand_beside_the_page_and_reading_them_is_a_look(
    sign_in: SignIn, story: Story
) -> None:
    book = begun(story)
    walsh, at = sign_in("walsh"), f"/books/{book.id}/page"
    with story.work("walsh") as work:
        hemi, on = story.students["hemi"], work.now.date()
        students.say_about(work, hemi, Tells.HELPS, words=HELPS, said_by="Hine", said_on=on)
    page = walsh.open(at)
    assert "What helps, goals and team" in page.text
    assert HELPS in page.text
    assert f"/students/{story.students['hemi'].id}/profile" in page.response.text
    with story.work() as work:
        looked = schools.roles_seen(work, [("child", story.students["hemi"].id)], since=work.now.date())
    assert looked


def test_a_page_that_names_another_child_asks_before_it_goes_home(sign_in: SignIn, story: Story) -> None:
    book = written(story, NAMES_ANOTHER)
    walsh, at = sign_in("walsh"), f"/books/{book.id}/home"
    walsh.open(f"/books/{book.id}/page", on=DAY)
    asked = walsh.act(at, on=DAY)
    assert asked.status == 409
    assert "One question before it goes" in asked.text
    assert "This page may name another child: “Aroha”." in asked.text
    assert not has_gone(story, book)
    assert walsh.send(asked.form(f"{at}#home"), answer="change").status == 302
    assert not has_gone(story, book)
    walsh.open(f"/books/{book.id}/page", on=DAY)
    assert walsh.send(walsh.act(at, on=DAY).form(f"{at}#home"), answer="as_it_is").status == 302
    assert has_gone(story, book)


@pytest.mark.parametrize("words", ["Hēmi made a bridge of sticks.", "He had a seizure and was brave."])
def test_a_page_that_names_nobody_else_goes_home_without_a_question(sign_in: SignIn, story: Story, words: str) -> None:
    book = written(story, words)
    walsh = sign_in("walsh")
    walsh.open(f"/books/{book.id}/page", on=DAY)
    assert walsh.act(f"/books/{book.id}/home", on=DAY).status == 302
    assert has_gone(story, book)
