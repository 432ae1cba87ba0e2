"""Days on which no page was written: its writer is asked once, and a home that wishes to know is told."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from commsbridge import messages, schools, tasks, whanau
from commsbridge.books.homeward import how_it_comes
from commsbridge.books.keeping import books_of, is_due
from commsbridge.books.models import Book, BookEntry, BookLook, BookMissed, BookPage, Rhythm
from commsbridge.books.writing import pages_between, standing
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.students import Student
from commsbridge.tasks import TaskKind

# While there is still time to write it, and after the last digest has gone.
ASK_AT = time(15)
TELL_AT = time(17)
_WEEK_BEFORE = timedelta(days=6)
_DUE = text("SELECT DISTINCT school_id FROM book_looks WHERE look_at <= :now ORDER BY school_id").columns(
    school_id=BookLook.school_id.type
)


def schools_with_books_to_look_at(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools with a book to look at; through the carrier's door, which sees no more of it."""
    return list(session.scalars(_DUE, {"now": now}))


def look_at_books(work: Work, *, links: Links) -> int:
    """Look at one school's books whose time it is: who forgot a page is asked, who wished to know is told, each once.

    A day whose look was missed until midnight is left alone. Returns how many people were asked or told.
    """
    rows = (
        select(BookLook, Book)
        .join(Book, (Book.school_id == BookLook.school_id) & (Book.id == BookLook.book_id))
        .where(BookLook.look_at <= work.now)
        .order_by(BookLook.book_id)
        .with_for_update(of=BookLook, skip_locked=True)
    )
    calendar, count = schools.calendar_of(work), 0
    for look, book in work.session.execute(rows).all():
        if book.ended_at is not None:
            look.look_at = None
            continue
        count += _look(work, book, calendar, links)
        look.look_at = _next_look(calendar, work.now)
    work.session.flush()
    return count


def _next_look(calendar: SchoolCalendar, now: datetime) -> datetime:
    today = calendar.local(now).date()
    moments = [calendar.moment(today, ASK_AT), calendar.moment(today, TELL_AT)]
    return next((each for each in moments if each > now), calendar.moment(today + timedelta(days=1), ASK_AT))


def _look(work: Work, book: Book, calendar: SchoolCalendar, links: Links) -> int:
    local = calendar.local(work.now)
    today = local.date()
    student = work.session.get_one(Student, book.student_id)
    left = student.left_on is not None and student.left_on <= today
    begun = calendar.local(book.begun_at).date()
    if local.time() < ASK_AT or left or begun == today or not is_due(book, calendar, today):
        return 0
    if whanau.running_pauses(work, on=today, student_ids=[student.id]):
        return 0
    first = today - _WEEK_BEFORE if book.rhythm is Rhythm.WEEKLY else today
    pages = pages_between(work, book, first, today)
    written = any(
        entry.words or entry.ticked or entry.step
        for found in standing(work, pages).values()
        for entry in found.values()
    )
    asked = 0 if written else _ask(work, book, today)
    home = any(page.home_at is not None for page in pages)
    return asked if home or local.time() < TELL_AT else asked + _tell(work, student, today, links)


def _missed(work: Work, book: Book, on: date) -> BookMissed:
    """The row of a day, held until the act ends; made now where there was none."""
    made = insert(BookMissed).values(id=uuid.uuid4(), book_id=book.id, on_day=on, noticed_at=work.now)
    work.session.execute(made.on_conflict_do_nothing())
    rows = select(BookMissed).where(BookMissed.book_id == book.id, BookMissed.on_day == on).with_for_update()
    return work.session.scalars(rows.execution_options(populate_existing=True)).one()


def _ask(work: Work, book: Book, on: date) -> int:
    missed = _missed(work, book, on)
    writer = _writer(work, book, on)
    if missed.staff_id is not None or missed.left_out_by is not None or writer is None:
        return 0
    missed.staff_id = writer
    # Never two at once: what nobody wrote yesterday is not asked for any more.
    tasks.close_tasks_about(work, TaskKind.WRITE_PAGE, book.id, outcome="passed")
    tasks.give_task(
        work, TaskKind.WRITE_PAGE, staff_id=writer, student_id=book.student_id, subject_id=book.id, due_on=on
    )
    return 1


def _writer(work: Work, book: Book, on: date) -> uuid.UUID | None:
    """Who wrote in the book last, or began it; their stand-in where they are not here; None where nobody is."""
    rows = (
        select(BookEntry.staff_id)
        .join(BookPage, (BookPage.school_id == BookEntry.school_id) & (BookPage.id == BookEntry.page_id))
        .where(BookPage.book_id == book.id)
        .order_by(BookPage.on_day.desc(), BookEntry.at.desc())
        .limit(1)
    )
    writer = work.session.scalar(rows) or book.begun_by
    if schools.here_on(work, [writer], on):
        return writer
    stand_in = schools.stand_in_of(work, writer, on)
    return stand_in.id if stand_in is not None and schools.here_on(work, [stand_in.id], on) else None


def _tell(work: Work, student: Student, on: date, links: Links) -> int:
    """Tell that no page came today of any book of the child's: once a day, however many books there are."""
    kept = books_of(work, [student.id])
    if any(pages_between(work, each, on, on, home=True) for each in kept):
        return 0
    readers = [each.contact_id for each in messages.may_hear(work, student)]
    wish = [each for each, asked in how_it_comes(work, readers).items() if asked.tells_none]
    if not wish:
        return 0
    # One row for all of the child's books, so that two workers never tell twice.
    missed = _missed(work, kept[0], on)
    if missed.told_at is not None:
        return 0
    missed.told_at = work.now
    return len(messages.tell_no_page(work, student, to=wish, links=links))


def missed_on(work: Work, book: Book, on: date) -> BookMissed | None:
    """That a page was missed on a day, where it was noticed."""
    return work.session.scalar(select(BookMissed).where(BookMissed.book_id == book.id, BookMissed.on_day == on))


def leave_out(work: Work, book: Book, on: date) -> None:
    """Somebody says that there is no page on a day: nobody is asked for it any more."""
    _missed(work, book, on).left_out_by = work.actor.id
    work.session.flush()
    tasks.close_tasks_about(work, TaskKind.WRITE_PAGE, book.id, outcome="no_page")
