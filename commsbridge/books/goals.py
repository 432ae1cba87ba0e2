"""Goals of a child's books and how they went over time, on four steps."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from commsbridge.books.keeping import books_of, sections_of
from commsbridge.books.models import Book, BookSection, Holds, Sees, Whose
from commsbridge.books.templates import shipped
from commsbridge.books.writing import pages_between, standing
from commsbridge.foundation.columns import among
from commsbridge.foundation.work import Work


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal with how it went: ``steps`` are (day, 1 to 4), the first first; ``child``: as the child sees it."""

    section: BookSection
    child: bool
    steps: tuple[tuple[date, int], ...]


def goals_of(
    work: Work,
    student_id: uuid.UUID,
    first: date,
    last: date,
    *,
    home: tuple[uuid.UUID | None] | None = None,
) -> list[Goal]:
    """The goals of a child's open books, and how each went from one day to another, both included.

    ``home`` is (household,): then only pages that went home, and of the child's own steps those it chose to show there.
    """
    found = []
    for book in books_of(work, [student_id]):
        pages = pages_between(work, book, first, last, home=home is not None)
        entries = standing(work, pages)
        for section in sections_of(work, book):
            if section.holds is not Holds.GOAL:
                continue
            steps = [
                (page.on_day, entry.step)
                for page in pages
                if (entry := entries[page.id].get(section.id)) is not None and entry.step
                if home is None
                or section.whose is Whose.SCHOOL
                or entry.sees is Sees.HOMES
                or (entry.sees is Sees.ONE_HOME and home[0] is not None and entry.household_id == home[0])
            ]
            found.append(Goal(section, section.whose is Whose.CHILD, tuple(steps)))
    return found


def goals_named(work: Work, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """The goals of school in these children's open books that somebody gave a name, as (English, te reo Māori)."""
    unnamed = {shape.title[0] for template in shipped() for shape in template.sections}
    rows = (
        select(Book.student_id, BookSection.title_en, BookSection.title_mi)
        .join(Book, (Book.school_id == BookSection.school_id) & (Book.id == BookSection.book_id))
        .where(
            among(Book.student_id, student_ids),
            Book.ended_at.is_(None),
            BookSection.ended_at.is_(None),
            BookSection.holds == Holds.GOAL,
            BookSection.whose == Whose.SCHOOL,
        )
        .order_by(Book.begun_at, Book.id, BookSection.place, BookSection.id)
    )
    found: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    for student_id, english, te_reo in work.session.execute(rows):
        if english not in unnamed:
            found[student_id].append((english, te_reo))
    return found
