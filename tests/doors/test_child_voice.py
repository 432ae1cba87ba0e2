"""A child records their own voice alone: a person listens first, nothing screens it; then it goes where they chose."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from commsbridge import books, conversations, schools
from commsbridge.books import Book, ChildSound, Rhythm
from commsbridge.foundation.errors import Invalid
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, brought, come_in
from tests.doors.one_home import PROOF_COOKIE, proof_of
from tests.doors.pages import Page, Visitor, upload
from tests.rooms.test_sounds import wav
from tests.story import Story

SAYS = "I sang to the sea."
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def begun(story: Story) -> Book:
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        return books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)


def alone(visitor: Visitor, story: Story, book: Book) -> Page:
    """The device in the child's hands."""
    with story.work() as work:
        on = schools.today(work).isoformat()
    page = visitor.open(f"/books/{book.id}/page", on=on)
    form = next(each for each in page.forms if each.action.endswith("/hand-over"))
    assert visitor.send(form, on=on).status == 302
    return visitor.follow()


def record(visitor: Visitor, page: Page, sees: str, content: bytes = b"") -> Page:
    return visitor.send(page.form("/mine"), sees=sees, sound=upload(content or wav(), "voice.wav"))


def recorded(story: Story) -> ChildSound:
    with story.work() as work:
        [found] = work.session.query(ChildSound).all()
        return found


def test_a_voice_is_heard_at_school_first_and_then_goes_to_the_home_the_child_chose(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    book, dads = begun(story), story.contacts["dave"].household_id
    child = sign_in("walsh")
    page = alone(child, story, book)
    assert "microphone=(self)" in page.response.headers["Permissions-Policy"]
    assert record(child, page, f"one_home:{dads}").status == 302
    assert "listens to your voice first" in child.follow().text
    voice, walsh = recorded(story), sign_in("walsh")
    assert "Nothing has screened it: listen now." in walsh.open("/to-do").text
    at = f"/books/{book.id}"
    page = walsh.open(f"{at}/page")
    assert "Listen to this first" in page.text
    assert walsh.open(f"{at}/voices/{voice.id}").response.data == wav()
    # Nothing goes home meanwhile.
    with story.work("walsh") as work:
        sheet = books.page_on(work, book, schools.today(work))
        assert sheet is not None
        good, *_ = books.sections_of(work, book)
        books.save(work, book, sheet, [books.Typed(good.id, 0, "Made a bridge of sticks.")])
        with pytest.raises(Invalid):
            books.send_home(work, book, sheet, story.students["aroha"], links=story.runtime.links)
    heard = next(each for each in walsh.open(f"{at}/page").forms if each.action.endswith("/heard"))
    assert walsh.send(heard, words=" ").status == 400
    assert walsh.send(heard, words=SAYS).status == 302
    assert walsh.send(heard, words="Another thing").status == 409
    assert SAYS in walsh.open(f"{at}/page").text
    assert "listen now" not in walsh.open("/to-do").text
    with story.work("walsh") as work:
        sheet = books.page_on(work, book, schools.today(work))
        assert sheet is not None
        books.send_home(work, book, sheet, story.students["aroha"], links=story.runtime.links)
        home = Home(book, *brought(story, work, sheet.message_id))
    assert SAYS in home.bodies["dave"]
    assert SAYS not in home.bodies["ngaire"]
    dad, kuia = device(), device()
    page = come_in(story, dad, home, "dave")
    assert SAYS in page.text
    assert dad.open(f"{home.links['dave']}/voices/{voice.id}").response.data == wav()
    assert SAYS not in come_in(story, kuia, home, "ngaire").text
    assert kuia.open(f"{home.links['ngaire']}/voices/{voice.id}").status == 404
    burns = sign_in("burns")
    for contact, said in (("dave", True), ("ngaire", False)):
        whose = str(story.contacts[contact].household_id)
        assert (SAYS in burns.open(f"{at}/export", span="all", home=whose).response.text) is said


def test_what_is_no_sound_is_refused_and_what_the_child_chose_stands_there_still(sign_in: SignIn, story: Story) -> None:
    child = sign_in("walsh")
    page = alone(child, story, begun(story))
    assert record(child, page, "teacher", SVG).status == 400
    assert record(child, page, "").status == 400
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM child_sounds")) == 0


def test_words_that_worry_go_to_the_named_people_and_the_voice_leaves_the_school_by_no_book(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    with story.work("burns") as work:
        watch = conversations.safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id, 15, True)
        conversations.safety.set_watch(work, watch)
    book, child = begun(story), sign_in("walsh")
    record(child, alone(child, story, book), "homes")
    voice, walsh = recorded(story), sign_in("walsh")
    heard = next(each for each in walsh.open(f"/books/{book.id}/page").forms if each.action.endswith("/heard"))
    assert walsh.send(heard, words="Uncle hits me when he is drunk").status == 302
    assert walsh.open(f"/books/{book.id}/voices/{voice.id}").status == 404
    assert "drunk" not in walsh.open(f"/books/{book.id}/page").text
    kiri = sign_in("kiri")
    page = kiri.open("/safety")
    assert "Uncle hits me" in page.text or any("/safety/" in each for each in page.links)
    with story.work("walsh") as work:
        sheet = books.page_on(work, book, schools.today(work))
        assert sheet is not None
        good, *_ = books.sections_of(work, book)
        books.save(work, book, sheet, [books.Typed(good.id, 0, "Made a bridge.")])
        books.send_home(work, book, sheet, story.students["aroha"], links=story.runtime.links)
        links, bodies = brought(story, work, sheet.message_id)
    assert not [said for said in bodies.values() if "drunk" in said]
    dad = device()
    dad.client.set_cookie(PROOF_COOKIE, proof_of(story, links["dave"], "dave"), path="/w")
    assert dad.open(f"{links['dave']}/voices/{voice.id}").status == 404
