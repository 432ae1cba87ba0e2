"""Goals of a child's books and how they went over time, on four steps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from commsbridge.books.keeping import books_of, sections_of
from commsbridge.books.models import BookSection, Holds, Sees, Whose
from commsbridge.books.writing import pages_between, standing
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
