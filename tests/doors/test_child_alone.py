"""A child alone at a device of the school: their own part of one page, and nothing else until an adult signs in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from commsbridge import books, conversations
from commsbridge.books import Book, Sees
from commsbridge.conversations.safety import Watch
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import asked as hui_asked
from tests.doors.hui_visits import at_home
from tests.doors.pages import Page, Visitor
from tests.doors.test_book_pages import DAY, begun, field, opened
from tests.story import Story

INSIDE = ("/today", "/students", "/replies", "/to-do", "/school", "/reports")
HURTS = "My uncle hits me when nobody is there."


def handed(visitor: Visitor, book: Book) -> Page:
    """The adult presses, and the child's page stands there."""
    at = f"/books/{book.id}/hand-over"
    page = visitor.send(opened(visitor, book).form(at))
    assert page.status == 302
    assert page.location == "/mine"
    return visitor.follow()


def own(story: Story, book: Book) -> str:
    with story.work() as work:
        return str(books.childs_sections(work, book)[0].id)


def standing(story: Story, book: Book) -> books.BookEntry | None:
    with story.work() as work:
        [page] = books.pages_of(work, [book.id])
        return next((each for each in books.standing(work, [page])[page.id].values() if each.by_child), None)


def test_a_child_points_writes_and_chooses_and_until_an_adult_signs_in_nothing_else_opens(
    sign_in: SignIn, story: Story
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    key = own(story, book)
    page = handed(walsh, book)
    assert "Hēmi" in page.text
    assert "What went well" not in page.text
    for at in (*INSIDE, f"/books/{book.id}", f"/books/{book.id}/page", f"/students/{book.student_id}"):
        assert walsh.open(at).location.startswith("/sign-in"), at
    page = walsh.open("/mine")
    page = walsh.send(page.form("/mine"), **{f"t-{key}": ["0"], f"s-{key}": "Kei te pai 😀"})
    assert page.status == 400
    assert "Choose who may see it." in page.text
    form = page.form("/mine")
    assert form.values[f"s-{key}"] == "Kei te pai 😀"
    assert walsh.send(form, sees="homes").status == 302
    page = walsh.follow()
    assert "It is kept." in page.text
    assert "Hēmi" not in page.text
    assert "This page is closed." in walsh.open("/mine").text
    assert walsh.open("/today").location.startswith("/sign-in")
    kept = standing(story, book)
    assert kept is not None
    assert (kept.words, kept.ticked, kept.sees, kept.by_child) == ("Kei te pai 😀", [0], Sees.HOMES, True)
    assert "Entered by the student alone" in sign_in("matiu").open(f"/books/{book.id}").text


def test_a_sitting_is_of_one_device_one_page_and_half_an_hour(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    handed(walsh, book)
    assert "This page is closed." in device().open("/mine").text
    key = own(story, book)
    form = walsh.open("/mine").form("/mine")
    school_section = field(opened(sign_in("matiu"), book), "What went well")
    page = walsh.send(form, **{school_section: "I am the best.", "sees": "homes"})
    assert page.status == 400  # what is the school's to write is not the child's
    clock.now += timedelta(minutes=31)
    late = walsh.send(form, **{f"s-{key}": "Late.", "sees": "homes"})
    assert "This page is closed." in late.text
    assert standing(story, book) is None


def test_who_would_rather_say_nothing_says_nothing_and_two_presses_are_one(sign_in: SignIn, story: Story) -> None:
    book, walsh = begun(story), sign_in("walsh")
    page = handed(walsh, book)
    form = page.form("/mine")
    walsh.send(page.form("/mine/stop"))
    assert "This page is closed." in walsh.follow().text
    assert "This page is closed." in walsh.send(form, sees="homes", **{f"s-{own(story, book)}": "No."}).text
    assert standing(story, book) is None


@pytest.mark.parametrize("watched", [True, False])
def test_words_that_may_be_about_safety_are_taken_from_a_child_and_read_by_an_adult_first(
    sign_in: SignIn, story: Story, *, watched: bool
) -> None:
    book, walsh = begun(story), sign_in("walsh")
    if watched:
        with story.work("burns") as work:
            named = [each.id for each in conversations.safety.those_who_may_be_named(work)]
            conversations.safety.set_watch(work, Watch(True, named[0], named[1]))
    page = handed(walsh, book)
    page = walsh.send(page.form("/mine"), sees="homes", **{f"s-{own(story, book)}": HURTS})
    assert page.status == 302
    assert "A grown-up at school reads your words first" in walsh.follow().text
    with story.work() as work:
        alerts = work.session.scalar(text("SELECT count(*) FROM safety_alerts"))
        sees = work.session.scalars(text("SELECT sees FROM book_entries WHERE by_child")).one()
    assert (alerts, sees) == (int(watched), "teacher")
    todo = sign_in("walsh").open("/to-do").text
    assert ("A student wrote words alone that may be about safety." in todo) is not watched


def test_a_page_that_went_home_and_a_child_one_does_not_see_are_not_handed_over(sign_in: SignIn, story: Story) -> None:
    book, walsh = begun(story), sign_in("walsh")
    form = opened(walsh, book).form(f"/books/{book.id}/hand-over")
    fox = sign_in("fox")
    token = next(each.values["csrf_token"] for each in fox.open("/students").forms if "csrf_token" in each.values)
    assert fox.post(f"/books/{book.id}/hand-over", {"csrf_token": token, "on": DAY}).status == 404
    page = opened(walsh, book)
    walsh.send(page.form(f"/books/{book.id}/page"), **{field(page, "What went well"): "He swam."})
    with story.work("walsh") as work:
        [kept] = books.pages_of(work, [book.id])
        books.send_home(work, book, kept, story.students["hemi"], links=story.runtime.links)
    assert walsh.send(form).status == 409
    assert walsh.open("/today").status == 200  # nobody was signed out


def test_what_the_child_means_for_the_hui_is_read_there_and_on_no_page_at_home(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    book, walsh = begun(story, "aroha"), sign_in("walsh")
    page = handed(walsh, book)
    walsh.send(page.form("/mine"), sees="hui", **{f"s-{own(story, book)}": "The bell is too loud."})
    matiu, at = hui_asked(sign_in, story)
    assert "The bell is too loud." in matiu.open(at).text
    phone = device()
    assert "The bell is too loud." not in phone.open(at_home(story, phone, "ngaire")).text
