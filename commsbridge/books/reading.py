"""Reading at home: which pages and words are one contact's."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from commsbridge import schools, whanau
from commsbridge.books.keeping import books_of
from commsbridge.books.models import Book, BookEntry, BookPage, BookSection, Sees
from commsbridge.books.writing import standing
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.whanau import Contact

PAGE_NOT_HERE = N_("That page is not here.")


def pages_for(
    work: Work, contact: Contact, student_id: uuid.UUID, *, before: date | None = None, limit: int = 3
) -> list[BookPage]:
    """The pages of a child that went home, the newest first, of the time in which this contact is theirs.

    A day is never torn where a child has several books: its pages come together, even if ``limit`` is passed by that.
    """
    since = next(
        (
            tie.from_on
            for tie in whanau.ties_of(work, [contact.id], on=schools.today(work))[contact.id]
            if tie.student_id == student_id
        ),
        None,
    )
    if since is None:
        return []
    rows = (
        select(BookPage)
        .join(Book, (Book.school_id == BookPage.school_id) & (Book.id == BookPage.book_id))
        .where(Book.student_id == student_id, BookPage.home_at.is_not(None), BookPage.on_day >= since)
    )
    if before is not None:
        rows = rows.where(BookPage.on_day < before)
    found = work.session.scalars(rows.order_by(BookPage.on_day.desc()).fetch(limit, with_ties=True))
    begun = {each.id: place for place, each in enumerate(books_of(work, [student_id], ended=True))}
    return sorted(found, key=lambda page: (-page.on_day.toordinal(), begun[page.book_id]))


def page_for(
    work: Work, contact: Contact, student_ids: Collection[uuid.UUID], page_id: uuid.UUID, *, no: str = PAGE_NOT_HERE
) -> BookPage:
    """One page that went home, of a child this contact may hear of. Raises NotFound, in the words of ``no``."""
    page = work.session.get(BookPage, page_id)
    book = work.session.get(Book, page.book_id) if page else None
    if page is None or book is None or page.home_at is None or book.student_id not in student_ids:
        raise NotFound(no)
    ties = whanau.ties_of(work, [contact.id], on=schools.today(work))[contact.id]
    if not any(tie.student_id == book.student_id and tie.from_on <= page.on_day for tie in ties):
        raise NotFound(no)
    return page


def said_for_hui(work: Work, student_id: uuid.UUID, since: date) -> list[tuple[BookPage, BookSection, BookEntry]]:
    """What stands in a child's books from a day on that the child chose the hui for, the first first."""
    rows = (
        select(BookPage)
        .join(Book, (Book.school_id == BookPage.school_id) & (Book.id == BookPage.book_id))
        .where(Book.student_id == student_id, BookPage.on_day >= since)
        .order_by(BookPage.on_day, BookPage.id)
    )
    pages = list(work.session.scalars(rows))
    stands = standing(work, pages)
    ids = {key for found in stands.values() for key, entry in found.items() if entry.sees is Sees.HUI}
    known = {each.id: each for each in work.session.scalars(select(BookSection).where(BookSection.id.in_(ids)))}
    return [
        (page, known[key], entry)
        for page in pages
        for key, entry in stands[page.id].items()
        if key in known and entry.sees is Sees.HUI
    ]


def book_for(work: Work, student_ids: Collection[uuid.UUID], book_id: uuid.UUID) -> Book:
    """A book that is kept now, of one of these children. Raises NotFound, the same for one that has ended."""
    book = work.session.get(Book, book_id)
    if book is None or book.ended_at is not None or book.student_id not in student_ids:
        raise NotFound(N_("That book is not here."))
    return book
