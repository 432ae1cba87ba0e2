"""Verbs of a book: begin it from a template, name its sections, agree how it is kept, end it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import schools, students, whanau
from commsbridge.books.models import Book, BookLook, BookSection, BookSignature, Holds, Rhythm, Whose
from commsbridge.books.templates import LONGEST_TITLE, MOST_SECTIONS, Shape, Template, checked_shapes
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.students import Student

LONGEST_AGREEMENT = 2000
EVERY_DAY = 0b11111
FRIDAY = 4


def begin_book(work: Work, student: Student, template: Template, *, rhythm: Rhythm, days: Collection[int] = ()) -> Book:
    """Begin a book about a child from a template; ``days`` are weekdays (Monday 0) where the rhythm names some.

    Raises Invalid for certain days with none chosen.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    book = Book(
        id=uuid.uuid4(),
        student_id=student.id,
        title_en=template.title[0],
        title_mi=template.title[1],
        rhythm=rhythm,
        days=_bits(rhythm, days),
        begun_by=work.actor.id,
        begun_at=work.now,
    )
    work.session.add(book)
    work.session.flush()
    for place, shape in enumerate(template.sections):
        work.session.add(_section(book, shape, place))
    work.session.flush()
    watch_book(work, book)
    students.note_book(work, student.id, has_book=True)
    return book


def watch_book(work: Work, book: Book) -> None:
    """From now on somebody looks whether the pages that are due are written; where they do already, nothing."""
    looked = insert(BookLook).values(id=uuid.uuid4(), book_id=book.id, look_at=work.now)
    work.session.execute(looked.on_conflict_do_nothing())


def _bits(rhythm: Rhythm, days: Collection[int]) -> int:
    if rhythm is Rhythm.DAILY:
        return EVERY_DAY
    chosen = sum(1 << day for day in set(days) if 0 <= day <= FRIDAY)
    if rhythm is Rhythm.WEEKLY:
        return chosen or 1 << FRIDAY
    if not chosen:
        raise Invalid(N_("Choose at least one day from Monday to Friday."), field="days")
    return chosen


def _section(book: Book, shape: Shape, place: int) -> BookSection:
    return BookSection(
        book_id=book.id,
        title_en=shape.title[0],
        title_mi=shape.title[1],
        holds=shape.holds,
        whose=shape.whose,
        good=shape.good,
        options=[list(option) for option in shape.options],
        place=place,
    )


def set_rhythm(work: Work, book: Book, *, rhythm: Rhythm, days: Collection[int]) -> None:
    """From now on pages are due in this rhythm. Raises Invalid as begin_book does."""
    book.rhythm, book.days = rhythm, _bits(rhythm, days)
    work.session.flush()


def rename_sections(work: Work, book: Book, titles: Mapping[uuid.UUID, tuple[str, str]]) -> None:
    """Name sections anew, (English, te reo Māori) each; an empty pair ends a section on pages to come.

    Raises Invalid for a title in one language alone, or when no section would be left.
    """
    standing = sections_of(work, book)
    for section in standing:
        english, reo = (
            tidy(each)[:LONGEST_TITLE] for each in titles.get(section.id, (section.title_en, section.title_mi))
        )
        if not english and not reo:
            section.ended_at = work.now
        elif not english or not reo:
            raise Invalid(N_("Name each section in both languages."), field="sections")
        else:
            section.title_en, section.title_mi = english, reo
    if all(section.ended_at is not None for section in standing):
        raise Invalid(N_("A page has between one and %(most)s sections."), field="sections", most=MOST_SECTIONS)
    work.session.flush()


def add_section(work: Work, book: Book, title: tuple[str, str], *, holds: Holds, whose: Whose) -> BookSection:
    """A further section on pages to come. Raises Invalid for a title in one language alone, or too many sections."""
    standing = sections_of(work, book)
    (shape,) = checked_shapes([Shape(title, holds, whose)])
    if len(standing) >= MOST_SECTIONS:
        raise Invalid(N_("A page has between one and %(most)s sections."), field="sections", most=MOST_SECTIONS)
    section = _section(book, shape, max((each.place for each in standing), default=0) + 1)
    work.session.add(section)
    work.session.flush()
    return section


def end_book(work: Work, book: Book) -> None:
    """Nothing more is written in it; what stands there stays."""
    book.ended_at = work.now
    work.session.flush()
    students.note_book(work, book.student_id, has_book=bool(books_of(work, [book.student_id])))


def set_agreement(work: Work, book: Book, words: str) -> None:
    """Write down how, what and when home and school communicate; other words must be agreed to anew.

    Raises Invalid for no words, or too many.
    """
    kept = tidy(words)
    if not kept:
        raise Invalid(N_("Write how, what and when you will communicate."), field="agreement")
    if len(kept) > LONGEST_AGREEMENT:
        raise Invalid(
            N_("That is longer than %(limit)s letters. Shorten it."), field="agreement", limit=LONGEST_AGREEMENT
        )
    if kept != book.agreement:
        book.agreement, book.agreement_number = kept, book.agreement_number + 1
    work.session.flush()


def sign_agreement(
    work: Work, book: Book, *, contact_id: uuid.UUID | None = None, number: int | None = None
) -> BookSignature:
    """Agree to the words as they stand: for school, or for a contact who may hear of the child.

    A contact on their own page signs as themselves; staff write down whose yes they were given. The same person signs
    the same words once. ``number`` is that of the words they read. Raises Conflict when the words are others by now or
    the book has ended, Invalid when there are no words yet, or the contact may not hear of the child.
    """
    work.session.refresh(book, with_for_update=True)
    if book.ended_at is not None:
        raise Conflict(N_("This book has ended. Nothing more is agreed in it."))
    if number is not None and number != book.agreement_number:
        raise Conflict(N_("These words have changed since you read them. Read them once more."))
    if not book.agreement_number:
        raise Invalid(N_("Write how, what and when you will communicate."), field="agreement")
    by_staff = work.actor.kind is ActorKind.STAFF
    if contact_id is not None and book.student_id not in _heard_of(work, contact_id):
        raise Invalid(N_("Choose someone we may tell about this child."), field="contact_id")
    staff_id = work.actor.id if by_staff and contact_id is None else None
    known = select(BookSignature).where(
        BookSignature.book_id == book.id,
        BookSignature.number == book.agreement_number,
        BookSignature.staff_id == staff_id if staff_id else BookSignature.contact_id == contact_id,
    )
    if signature := work.session.scalar(known):
        return signature
    signature = BookSignature(
        book_id=book.id,
        number=book.agreement_number,
        staff_id=staff_id,
        contact_id=contact_id,
        written_by=work.actor.id if by_staff and contact_id else None,
        at=work.now,
    )
    work.session.add(signature)
    work.session.flush()
    return signature


def _heard_of(work: Work, contact_id: uuid.UUID) -> Sequence[uuid.UUID]:
    today = whanau.writer_for(work, contact_id, on=schools.today(work))
    return today.students if today else ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where the agreement of a book stands: who signed the words as they are now. Both sides make it agreed."""

    words: str
    by_school: tuple[BookSignature, ...]
    by_home: tuple[BookSignature, ...]

    @property
    def stands(self) -> bool:
        """Whether home and school have both signed these words."""
        return bool(self.by_school and self.by_home)


def agreement_of(work: Work, book: Book) -> Agreement:
    """Who has signed the agreement as it stands."""
    rows = select(BookSignature).where(BookSignature.book_id == book.id, BookSignature.number == book.agreement_number)
    signed = work.session.scalars(rows.order_by(BookSignature.at)).all()
    return Agreement(
        book.agreement,
        tuple(each for each in signed if each.staff_id),
        tuple(each for each in signed if each.contact_id),
    )


def book_by_id(work: Work, book_id: uuid.UUID) -> Book:
    """One book. Raises NotFound."""
    book = work.session.get(Book, book_id)
    if book is None:
        raise NotFound(N_("That book is not here."))
    return book


def books_of(work: Work, student_ids: Collection[uuid.UUID], *, ended: bool = False) -> list[Book]:
    """The books of these children, the oldest first; with ``ended`` those that are closed, too."""
    rows = select(Book).where(Book.student_id.in_(student_ids)).order_by(Book.begun_at, Book.id)
    return list(work.session.scalars(rows if ended else rows.where(Book.ended_at.is_(None))))


def sections_of(work: Work, book: Book, *, ended: bool = False) -> list[BookSection]:
    """The sections of a book in their order; with ``ended`` those of old pages, too."""
    rows = select(BookSection).where(BookSection.book_id == book.id).order_by(BookSection.place, BookSection.id)
    return list(work.session.scalars(rows if ended else rows.where(BookSection.ended_at.is_(None))))


def is_due(book: Book, calendar: SchoolCalendar, on: date) -> bool:
    """Whether a page is due on a day: a school day of the book's rhythm."""
    return calendar.is_school_day(on) and bool(book.days >> on.weekday() & 1)
