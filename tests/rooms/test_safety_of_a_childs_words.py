"""What a child says at school and somebody writes down goes to the people named for safety when it worries."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from commsbridge import books, conversations, schools, students
from commsbridge.books import Book, BookPage, BookSection, Rhythm, Sees, Typed, Whose
from commsbridge.conversations import safety
from commsbridge.conversations.safety import Outcome, SafetyAlert, SaidIn
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.work import Work
from commsbridge.messages import State, Why
from commsbridge.students import BarKind
from commsbridge.worker.safety import tell_named_people
from tests.doors.moments import screened
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting
from tests.rooms.test_safety import mails_to_staff, the_alert

WORRIES = "I am scared to go home, my uncle hit me."
CHEERFUL = "I climbed to the top!"


@pytest.fixture
def book(posting: Posting) -> Book:
    """Hemi has a book at a school that screens."""
    screened(posting.story)
    with posting.story.work("walsh") as work:
        found = books.template_named(work, "school_day")
        return books.begin_book(work, posting.story.students["hemi"], found, rhythm=Rhythm.DAILY)


def own_words(work: Work, book: Book) -> BookSection:
    return next(each for each in books.sections_of(work, book) if each.title_en == "In my own words")


def say(posting: Posting, book: Book, words: str, number: int = 0, sees: Sees | None = Sees.HOMES) -> books.Saved:
    """Ms Walsh writes down what Hemi says, on the page of today."""
    with posting.story.work("walsh") as work:
        page = books.begin_page(work, book, schools.today(work))
        return books.save(work, book, page, [Typed(own_words(work, book).id, number, words, sees=sees)])


def stands(posting: Posting, book: Book) -> list[tuple[str, Sees | None]]:
    """What stands on the page for everybody who may read it at school."""
    with posting.story.work("walsh") as work:
        page = today_of(work, book)
        return [(entry.words, entry.sees) for entry in books.standing(work, [page])[page.id].values()]


def today_of(work: Work, book: Book) -> BookPage:
    page = books.page_on(work, book, schools.today(work))
    assert page is not None
    return page


def decide(posting: Posting, alert_id: uuid.UUID, outcome: Outcome) -> None:
    with posting.story.work("kiri") as work:
        safety.open_alert(work, alert_id)
        safety.decide(work, alert_id, outcome, reason="Talked with him and his mother.", go_on=True)


def test_a_childs_words_that_worry_are_kept_whole_on_no_page_and_their_reader_is_told_at_any_hour(
    posting: Posting, book: Book
) -> None:
    posting.clock.forward(hours=12)
    [entry] = say(posting, book, WORRIES).written
    alert = the_alert(posting)
    assert (alert.reply_id, alert.said_in, alert.student_ids) == (None, SaidIn.BOOK, [book.student_id])
    assert stands(posting, book) == []
    assert tell_named_people(posting.story.runtime) == 1
    posting.clock.forward(minutes=15)
    assert tell_named_people(posting.story.runtime) == 1
    assert mails_to_staff(posting) == ["kiri", "burns"]
    with posting.story.work("kiri") as work:
        assert not any(books.history_of(work, today_of(work, book)).values())
        assert books.said_behind(work, alert.id).id == entry.id
        assert books.said_behind(work, alert.id).words == WORRIES


@pytest.mark.parametrize("sees", [*Sees, None])
def test_whoever_the_child_lets_see_it_named_people_are_told(posting: Posting, book: Book, sees: Sees | None) -> None:
    assert len(say(posting, book, WORRIES, sees=sees).written) == 1
    assert the_alert(posting).opened_at is None


def test_a_page_with_nothing_else_on_it_does_not_go_home(posting: Posting, book: Book) -> None:
    say(posting, book, WORRIES)
    hemi, links = posting.story.students["hemi"], posting.story.runtime.links
    with posting.story.work("walsh") as work, pytest.raises(Invalid, match="empty"):
        books.send_home(work, book, today_of(work, book), hemi, links=links)


def test_what_stood_before_stands_on_and_the_same_words_tell_nobody_twice(posting: Posting, book: Book) -> None:
    say(posting, book, CHEERFUL)
    say(posting, book, f"{CHEERFUL} {WORRIES}", 1)
    assert say(posting, book, f"{CHEERFUL} {WORRIES}", 1).written == ()
    the_alert(posting)
    assert stands(posting, book) == [(CHEERFUL, Sees.HOMES)]
    assert say(posting, book, "And down again!", 1).stale == ()
    assert stands(posting, book) == [("And down again!", Sees.HOMES)]


def test_words_that_worry_wait_for_nobody_who_wrote_meanwhile(posting: Posting, book: Book) -> None:
    say(posting, book, CHEERFUL)
    saved = say(posting, book, WORRIES, 0)
    assert (len(saved.written), saved.stale) == (1, ())
    assert the_alert(posting).said_in is SaidIn.BOOK
    assert stands(posting, book) == [(CHEERFUL, Sees.HOMES)]


def test_what_is_let_stand_is_read_at_school_and_goes_to_no_home(posting: Posting, book: Book) -> None:
    say(posting, book, WORRIES)
    decide(posting, the_alert(posting).id, Outcome.FILED)
    assert stands(posting, book) == [(WORRIES, Sees.TEACHER)]
    with pytest.raises(Invalid):
        say(posting, book, WORRIES, 1, Sees.HOMES)
    assert say(posting, book, WORRIES, 1, Sees.TEACHER).written == ()
    the_alert(posting)


def test_what_is_kept_stands_on_no_page(posting: Posting, book: Book) -> None:
    say(posting, book, WORRIES)
    decide(posting, the_alert(posting).id, Outcome.KEPT)
    assert stands(posting, book) == []


def test_good_news_to_every_home_of_the_child_waits_until_they_let_it_go(posting: Posting, book: Book) -> None:
    before = posting.of(posting.praise("hemi"))["hine"]
    say(posting, book, WORRIES)
    assert (posting.delivery(before.id).state, posting.delivery(before.id).why) == (State.HELD, Why.PAUSED)
    decide(posting, the_alert(posting).id, Outcome.KEPT)
    posting.settle()
    assert posting.delivery(before.id).state is State.QUEUED


def test_who_is_whanau_of_the_child_is_passed_over(posting: Posting, book: Book) -> None:
    with posting.story.work("burns") as work:
        kiri = posting.story.staff["kiri"].id
        students.bar_staff(work, kiri, student_id=book.student_id, kind=BarKind.WHANAU)
    say(posting, book, WORRIES)
    tell_named_people(posting.story.runtime)
    assert mails_to_staff(posting) == ["burns"]


def test_the_schools_own_sections_and_cheerful_words_tell_nobody(posting: Posting, book: Book) -> None:
    say(posting, book, CHEERFUL)
    with posting.story.work("walsh") as work:
        section = next(each for each in books.sections_of(work, book) if each.whose is Whose.SCHOOL)
        books.save(work, book, today_of(work, book), [Typed(section.id, 0, WORRIES)])
        assert work.session.scalars(select(SafetyAlert)).all() == []


def test_a_childs_answer_that_worries_goes_to_the_named_people_and_to_no_home(posting: Posting, book: Book) -> None:
    reply, hemi = Mailroom(posting).text("He cooked tea for us!", "+64215550104"), posting.story.students["hemi"]
    with posting.story.work("walsh") as work:
        answered = conversations.answer_as_child(
            work, reply.id, hemi, card=None, words=WORRIES, links=posting.story.runtime.links
        )
    alert = the_alert(posting)
    assert (alert.said_in, alert.student_ids) == (SaidIn.ANSWER, [hemi.id])
    assert Mailroom(posting).answers_to("+64215550104") == []
    with posting.story.work("walsh") as work:
        assert conversations.answers_of_children(work, [reply.id]) == {}
        assert conversations.is_withheld(work, answered)
        assert conversations.answer_behind(work, alert.id).words == WORRIES
    decide(posting, alert.id, Outcome.FILED)
    with posting.story.work("walsh") as work:
        assert not conversations.is_withheld(work, answered)
        assert conversations.answers_of_children(work, [reply.id]) == {}


def test_where_nobody_is_named_an_answer_that_worries_is_refused_and_goes_to_no_home(posting: Posting) -> None:
    reply, hemi = Mailroom(posting).text("He cooked tea for us!", "+64215550104"), posting.story.students["hemi"]
    with posting.story.work("walsh") as work, pytest.raises(Invalid, match="they go to no home"):
        conversations.answer_as_child(work, reply.id, hemi, card=None, words=WORRIES, links=posting.story.runtime.links)
    with posting.story.work("walsh") as work:
        assert conversations.answers_of_children(work, [reply.id]) == {}
    assert Mailroom(posting).answers_to("+64215550104") == []


@pytest.mark.parametrize("change", ["said_in = NULL", "said_in = 'diary'"])
def test_an_alert_is_about_a_message_or_a_childs_words(posting: Posting, book: Book, change: str) -> None:
    say(posting, book, WORRIES)
    with pytest.raises(IntegrityError), posting.story.work() as work:
        work.session.execute(text(f"UPDATE safety_alerts SET {change}"))


def gone_home(posting: Posting, book: Book) -> BookPage:
    """The page of today went home with cheerful words on it."""
    say(posting, book, CHEERFUL)
    with posting.story.work("walsh") as work:
        page = today_of(work, book)
        books.send_home(work, book, page, posting.story.students["hemi"], links=posting.story.runtime.links)
        return page


def beside(posting: Posting, page: BookPage, *, home: bool = False) -> list[str]:
    with posting.story.work("walsh") as work:
        return [each.words for each in books.corrections_of(work, [page], home=home)[page.id]]


def test_what_staff_write_beside_a_page_that_worries_goes_to_the_named_people_and_to_no_home(
    posting: Posting, book: Book
) -> None:
    page = gone_home(posting, book)
    with posting.story.work("walsh") as work:
        books.write_beside(work, page, "He climbed it twice.")
    posting.clock.forward(minutes=1)
    with posting.story.work("walsh") as work:
        books.write_beside(work, page, WORRIES)
    alert = the_alert(posting)
    assert (alert.said_in, alert.student_ids) == (SaidIn.BESIDE, [book.student_id])
    assert beside(posting, page) == beside(posting, page, home=True) == ["He climbed it twice."]
    with posting.story.work("kiri") as work:
        assert books.correction_behind(work, alert.id).words == WORRIES
    decide(posting, alert.id, Outcome.FILED)
    assert beside(posting, page) == ["He climbed it twice.", WORRIES]
    assert beside(posting, page, home=True) == ["He climbed it twice."]


def test_where_nobody_is_named_words_beside_a_page_that_worry_are_refused(posting: Posting, book: Book) -> None:
    page = gone_home(posting, book)
    with posting.story.work("burns") as work:
        safety.set_watch(work, safety.Watch(False, None, None, 15, answers=False))
    with posting.story.work("walsh") as work, pytest.raises(Invalid, match="whānau would read them"):
        books.write_beside(work, page, WORRIES)
    assert beside(posting, page) == []
