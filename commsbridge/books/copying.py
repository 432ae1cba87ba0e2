"""The same words on the pages of several children: each page stands alone, and none ever names another child."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commsbridge import messages, schools, students
from commsbridge.books.keeping import books_of, sections_of
from commsbridge.books.models import Book, BookSection, Holds, Whose
from commsbridge.books.writing import Typed, begin_page, save, standing
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Matter
from commsbridge.students import Student

# Stands for the name of the child on whose page the words are: in English, and in te reo Māori.
MARKS = ("(name)", "(ingoa)")
MOST_COPIES = 40
# Shorter parts of a name ("Te", "La") are words of their own.
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Copy:
    """What would stand on one child's page: each section of that book with the words that come to it, whole."""

    book: Book
    student: Student
    parts: tuple[tuple[BookSection, str], ...]


def may_be_copied(sections: Sequence[BookSection]) -> list[BookSection]:
    """The sections whose words can go to other children: the school's own words, never a child's, a tick or a goal."""
    return [each for each in sections if each.whose is Whose.SCHOOL and each.holds is Holds.WORDS]


def copies_of(
    work: Work, book: Book, words: Mapping[uuid.UUID, str], targets: Sequence[tuple[Book, Student]]
) -> list[Copy]:
    """What each of these pages would get of ``words`` (by section of ``book``), with the child's own name in it.

    A section comes to the one of the same title. Raises Invalid for nobody chosen or too many, no words, or words that
    name another child; ``field`` is then the section ("s-" and its id).
    """
    written = {
        each.id: (each, tidy(words.get(each.id, "")))
        for each in may_be_copied(sections_of(work, book))
        if tidy(words.get(each.id, ""))
    }
    if not targets or len(targets) > MOST_COPIES:
        raise Invalid(N_("Choose between one and %(most)s books."), field="to", most=MOST_COPIES)
    if not written:
        raise Invalid(N_("Write in at least one section."), field="sections")
    about = [book.student_id, *(student.id for _, student in targets)]
    names = students.names_of(work, about)
    return [_copy(work, target, student, written, names) for target, student in targets]


def _copy(
    work: Work,
    target: Book,
    student: Student,
    written: Mapping[uuid.UUID, tuple[BookSection, str]],
    names: Mapping[uuid.UUID, students.Names],
) -> Copy:
    there = {each.title_en: each for each in may_be_copied(sections_of(work, target))}
    own = {student.preferred_name, student.name}
    others = {each: tuple(called) for each, called in students.names_in_school(work, student.id).items()}
    parts = []
    for section, words in written.values():
        said = _with_name(words, student)
        named = _named(said, own, [called for child_id, called in names.items() if child_id != student.id])
        if not named:
            asked = messages.questions_for(said, child_names=own, other_children=others)
            named = next((each.words for each in asked if each.matter is Matter.OTHER_CHILD), ())
        if named:
            raise Invalid(
                N_("For %(name)s’s page these words name somebody else: %(named)s. Write %(mark)s, or no name."),
                field=f"s-{section.id}",
                name=student.preferred_name,
                named=", ".join(named),
                mark=MARKS[0],
            )
        if section.title_en in there:
            parts.append((there[section.title_en], said))
    return Copy(target, student, tuple(parts))


def _with_name(words: str, student: Student) -> str:
    for mark in MARKS:
        words = words.replace(mark, student.preferred_name)
    return words


def _named(words: str, own: Collection[str], others: Sequence[students.Names]) -> tuple[str, ...]:
    """The words that are part of a name of the children it is copied among: whatever they may mean otherwise."""
    mine = {fold(part) for name in own for part in name.split()}
    theirs = {fold(part) for called in others for name in called for part in name.split()} - mine
    said = re.findall(r"[\w’'-]+", words)
    return tuple(
        dict.fromkeys(
            each
            for each in said
            if len(each) >= _SHORTEST_PART and {fold(each), fold(re.split(r"[’']", each)[0])} & theirs
        )
    )


def copy_to(work: Work, copies: Sequence[Copy], on: date) -> int:
    """Put the words on each child's page of a day, below what stands there; all of them or none.

    Words that stand there already are not put there twice. Returns how many pages were written on. Raises Conflict
    where a page has gone home.
    """
    written = 0
    for copy in copies:
        page = begin_page(work, copy.book, on)
        if page.home_at is not None:
            raise Conflict(
                N_("%(name)s’s page has gone home already. Leave this book out."),
                field="to",
                name=copy.student.preferred_name,
            )
        entries = standing(work, [page])[page.id]
        typed = []
        for section, words in copy.parts:
            entry = entries.get(section.id)
            before = entry.words if entry else ""
            if words not in before:
                whole = f"{before}\n{words}" if before else words
                typed.append(Typed(section.id, entry.number if entry else 0, whole))
        saved = save(work, copy.book, page, typed)
        if saved.stale:
            raise Conflict(N_("Someone else wrote there just now. Look again."), field="to")
        written += bool(saved.written)
    return written


def books_to_copy_to(work: Work, book: Book, children: Sequence[Student]) -> list[tuple[Book, Student]]:
    """The open books of these children with a section that this one has, too; those of its own child left out."""
    titles = {each.title_en for each in may_be_copied(sections_of(work, book))}
    by_id = {each.id: each for each in children if each.id != book.student_id}
    today = schools.today(work)
    left = students.left_by(work, list(by_id), today)
    return [
        (other, by_id[other.student_id])
        for other in books_of(work, [each for each in by_id if each not in left])
        if titles & {each.title_en for each in may_be_copied(sections_of(work, other))}
    ]
