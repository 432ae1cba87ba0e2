"""A day without a page: its writer is asked once and kindly, home is told only where it asked for that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from commsbridge import books, messages, schools, tasks
from commsbridge.books import Book, Comes, Rhythm, Typed
from commsbridge.messages import Delivery
from commsbridge.tasks import Task, TaskKind
from commsbridge.worker.digests import look_at_books
from tests.conftest import Clock
from tests.rooms.test_books import TODAY, write
from tests.story import Story


def local(day: int, hour: int) -> datetime:
    """An hour of November in Auckland, which is 13 hours ahead."""
    return datetime(2026, 11, day, hour, 5, tzinfo=UTC) - timedelta(hours=13)


def asked(story: Story, who: str = "walsh") -> list[Task]:
    with story.work(who) as work:
        found = tasks.open_tasks(work, staff_id=story.staff[who].id, roles=[])
        return [each for each in found if each.kind is TaskKind.WRITE_PAGE]


def begun_before(story: Story, clock: Clock, rhythm: Rhythm = Rhythm.DAILY) -> Book:
    clock.now = local(16, 9)
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        return books.begin_book(work, story.students["hemi"], template, rhythm=rhythm)


def wishes_to_know(story: Story, contact: str = "hine") -> None:
    with story.work() as work:
        books.set_how_it_comes(work, story.contacts[contact].id, comes=Comes.DAILY, tells_none=True)


def texts_to_hine(story: Story) -> list[str]:
    with story.work() as work:
        rows = work.session.query(Delivery).filter(Delivery.contact_id == story.contacts["hine"].id)
        return [row.body for row in rows if "no page" in row.body]


def test_whoever_writes_the_book_is_asked_once_in_the_afternoon_of_a_day_without_a_page(
    story: Story, clock: Clock
) -> None:
    book = begun_before(story, clock)
    assert look_at_books(story.runtime) == 0
    clock.now = local(17, 14)
    assert look_at_books(story.runtime) == 0
    clock.now = local(17, 15)
    assert look_at_books(story.runtime) == 1
    [task] = asked(story)
    assert (task.subject_id, task.due_on) == (book.id, TODAY)
    clock.now = local(17, 17)
    assert look_at_books(story.runtime) == 0
    clock.now = local(18, 15)
    look_at_books(story.runtime)
    assert [each.due_on.day for each in asked(story) if each.due_on] == [18]


def test_who_wrote_is_not_asked_and_who_writes_after_all_is_not_asked_any_more(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock)
    clock.now = local(17, 15)
    look_at_books(story.runtime)
    assert asked(story)
    write(story, "walsh", book, "What went well", "He read a page.")
    assert asked(story) == []
    clock.now = local(18, 9)
    with story.work("matiu") as work:
        page = books.begin_page(work, book, schools.today(work))
        good = books.sections_of(work, book)[0]
        books.save(work, book, page, [Typed(good.id, 0, "He swam.")])
    clock.now = local(18, 15)
    assert look_at_books(story.runtime) == 0


def test_whoever_wrote_last_is_asked_and_their_stand_in_when_they_are_away(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock)
    clock.now = local(17, 9)
    write(story, "matiu", book, "What went well", "He read a page.")
    clock.now = local(18, 15)
    look_at_books(story.runtime)
    assert asked(story) == []
    assert len(asked(story, "matiu")) == 1
    with story.work("matiu") as work:
        schools.note_absence(
            work,
            story.staff["matiu"].id,
            from_on=date(2026, 11, 19),
            to_on=date(2026, 11, 19),
            stand_in_id=story.staff["walsh"].id,
        )
    clock.now = local(19, 15)
    look_at_books(story.runtime)
    assert len(asked(story)) == 1
    assert asked(story, "matiu") == []


def test_nobody_asks_on_days_off_in_a_quiet_time_or_of_a_book_that_ended(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock)
    clock.now = local(21, 15)  # a Saturday
    assert look_at_books(story.runtime) == 0
    with story.work("leota") as work:
        messages.pause(work, student_id=story.students["hemi"].id)
    clock.now = local(23, 15)
    assert look_at_books(story.runtime) == 0
    with story.work("walsh") as work:
        books.end_book(work, books.book_by_id(work, book.id))
    clock.now = local(24, 15)
    assert look_at_books(story.runtime) == 0
    with story.runtime.carrier() as session:
        assert books.schools_with_books_to_look_at(session, local(30, 15)) == []


def test_a_page_a_week_is_enough_in_a_weekly_book(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock, Rhythm.WEEKLY)
    clock.now = local(17, 15)
    write(story, "walsh", book, "What went well", "He read a page.")
    clock.now = local(20, 15)  # its Friday
    assert look_at_books(story.runtime) == 0
    clock.now = local(27, 15)
    assert look_at_books(story.runtime) == 1


def test_home_is_told_of_a_day_without_a_page_only_where_it_asked_and_once(story: Story, clock: Clock) -> None:
    begun_before(story, clock)
    clock.now = local(17, 17)
    look_at_books(story.runtime)
    assert texts_to_hine(story) == []
    wishes_to_know(story)
    clock.now = local(18, 15)
    look_at_books(story.runtime)
    assert texts_to_hine(story) == []
    for hour in (17, 18):
        clock.now = local(18, hour)
        look_at_books(story.runtime)
    [said] = texts_to_hine(story)
    assert "There is no page in Hēmi’s book today" in said


def test_home_is_not_told_when_a_page_went_or_when_it_could_only_hear_another_day(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock)
    wishes_to_know(story)
    clock.now = local(17, 12)
    write(story, "walsh", book, "What went well", "He read a page.")
    with story.work("walsh") as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        books.send_home(work, book, page, story.students["hemi"], links=story.runtime.links)
    clock.now = local(17, 17)
    assert look_at_books(story.runtime) == 0
    clock.now = local(18, 23)  # the look came late: the evening is over
    look_at_books(story.runtime)
    assert texts_to_hine(story) == []


def test_home_is_told_once_and_only_where_none_of_the_childs_books_brought_a_page(story: Story, clock: Clock) -> None:
    school = begun_before(story, clock)
    with story.work("walsh") as work:
        template = books.template_named(work, "therapy")
        books.begin_book(work, story.students["hemi"], template, rhythm=Rhythm.DAILY)
    wishes_to_know(story)
    clock.now = local(17, 12)
    write(story, "walsh", school, "What went well", "He read a page.")
    with story.work("walsh") as work:
        page = books.page_on(work, school, TODAY)
        assert page is not None
        books.send_home(work, school, page, story.students["hemi"], links=story.runtime.links)
    clock.now = local(17, 17)
    look_at_books(story.runtime)
    assert [each.due_on for each in asked(story)] == [TODAY]  # the other book's writer is asked for its page
    assert texts_to_hine(story) == []
    clock.now = local(18, 17)
    look_at_books(story.runtime)
    clock.now = local(18, 18)
    look_at_books(story.runtime)
    [said] = texts_to_hine(story)
    assert "There is no page in Hēmi’s book today" in said
    assert len(asked(story)) == 2


def test_who_says_that_there_is_no_page_is_not_asked_for_it(story: Story, clock: Clock) -> None:
    book = begun_before(story, clock)
    clock.now = local(17, 15)
    look_at_books(story.runtime)
    with story.work("walsh") as work:
        books.leave_out(work, book, TODAY)
    assert asked(story) == []
    clock.now = local(17, 17)
    assert look_at_books(story.runtime) == 0
