"""Writing on a page: each section is saved by itself, so that nobody's words replace another's unseen."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from commsbridge import conversations, schools, students, tasks
from commsbridge.books.keeping import sections_of, watch_book
from commsbridge.books.models import (
    Book,
    BookEntry,
    BookPage,
    BookSection,
    Holds,
    Sees,
    Whose,
)
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.tasks import TaskKind

LONGEST_WORDS = 2000
STEPS = range(1, 5)
GONE_HOME = N_("This page has gone home: it stays as it went. Write beside it what should be put right.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a section that they had seen as ``number`` (0: empty)."""

    section_id: uuid.UUID
    number: int
    words: str = ""
    ticked: tuple[int, ...] = ()
    step: int | None = None
    sees: Sees | None = None
    household_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else wrote in the section meanwhile: both are shown, and a person decides."""

    typed: Typed
    stands: BookEntry


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the entries written, and the sections in which somebody else was first."""

    written: tuple[BookEntry, ...]
    stale: tuple[Stale, ...]


def page_on(work: Work, book: Book, on: date) -> BookPage | None:
    """The page of a day, where one was begun."""
    return work.session.scalar(select(BookPage).where(BookPage.book_id == book.id, BookPage.on_day == on))


def begin_page(work: Work, book: Book, on: date) -> BookPage:
    """The page of a day, begun now where there was none.

    Raises Invalid for a day to come, a book that has ended, or a day on which the child was no longer here.
    """
    if on > schools.today(work):
        raise Invalid(N_("That day is still to come."), field="on")
    if book.ended_at is not None:
        raise Invalid(N_("This book has ended. Begin a new one."), field="on")
    if students.left_by(work, {book.student_id}, on):
        raise Invalid(N_("On that day this student had left the school. Their book stays as it is."), field="on")
    made = insert(BookPage).values(id=uuid.uuid4(), book_id=book.id, on_day=on, began_at=work.now)
    work.session.execute(made.on_conflict_do_nothing())
    watch_book(work, book)
    rows = select(BookPage).where(BookPage.book_id == book.id, BookPage.on_day == on)
    return work.session.scalars(rows).one()


def save(
    work: Work,
    book: Book,
    page: BookPage,
    typed: Sequence[Typed],
    *,
    by_child: bool = False,
    once_key: str | None = None,
) -> Saved:
    """Save what was typed, section by section.

    What its writer left as they saw it is not touched. Where somebody else wrote after they had looked, nothing is
    replaced: it comes back as stale. ``once_key`` tells what one form brought: sent twice it stands once, also where
    somebody wrote over it meanwhile, and its writer may go on where it stands itself. Raises Conflict for a page that
    went home; Invalid for words too long, a tick or a step there is none of, or a child's words without who sees them.

    A child's words that may be about somebody's safety go to the people the school named for that; they stand for
    nobody else and replace nothing. Where it named nobody they are Invalid unless they stay at school. ``by_child``:
    the child entered them, on the actor's device.
    """
    if work.actor.kind is not ActorKind.STAFF or work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    hold_page(work, page)
    sections = {section.id: section for section in sections_of(work, book)}
    history = _history(work, page)
    watched = conversations.safety.watch_of(work).screens
    written, stale = [], []
    for each in typed:
        section = sections.get(each.section_id)
        if section is None:
            continue
        worries = section.whose is Whose.CHILD and conversations.safety.worries(tidy(each.words))
        withheld = watched and worries
        kept = _checked(section, each, withheld=withheld)
        before, waiting = _parted(work, history[section.id])
        seen = next((entry for entry in before if entry.number == each.number), None)
        newest = before[-1] if before else None
        ours = [entry for entry in before if once_key and (entry.once_key, entry.staff_id) == (once_key, work.actor.id)]
        goes_on = bool(ours) and ours[-1] is newest
        if _same(kept, newest) or (_same(kept, seen) and not goes_on):
            if worries and each.sees not in (None, Sees.TEACHER):
                _check_safe(each.words, f"s-{section.id}")
            continue
        if any(_same(kept, entry) for entry in (*waiting, *(() if goes_on else ours))):
            continue
        if newest is not None and newest.number != each.number and not (withheld or goes_on):
            stale.append(Stale(kept, newest))
            continue
        alert_id = to_named_people(work, book, kept.words) if worries else None
        highest = max((entry.number for entry in history[section.id]), default=0)
        entry = _entry(work, page, kept, work.actor.id, number=highest + 1, alert_id=alert_id)
        entry.by_child, entry.once_key = by_child, once_key
        work.session.add(entry)
        written.append(entry)
    work.session.flush()
    if written:
        tasks.close_tasks_about(work, TaskKind.WRITE_PAGE, book.id, outcome="written")
    return Saved(tuple(written), tuple(stale))


def left_unsaved(work: Work, page: BookPage, typed: Sequence[Typed]) -> list[Typed]:
    """What was typed for a page that went home meanwhile: all its writer had changed that stands nowhere on it."""
    history = history_of(work, page)
    found = []
    for each in typed:
        kept = replace(each, words=tidy(each.words), ticked=tuple(sorted(each.ticked)))
        entries = history.get(each.section_id, ())
        seen = next((entry for entry in entries if entry.number == each.number), None)
        if not _same(kept, seen) and not any(_same(kept, entry) for entry in entries):
            found.append(kept)
    return found


def hold_page(work: Work, page: BookPage) -> None:
    """Hold the page until the act ends: one writer after the other. Raises Conflict for one that went home."""
    rows = select(BookPage).where(BookPage.id == page.id).with_for_update()
    held = work.session.scalars(rows.execution_options(populate_existing=True)).one()
    if held.home_at is not None:
        raise Conflict(GONE_HOME)


def _history(work: Work, page: BookPage) -> dict[uuid.UUID, list[BookEntry]]:
    found: dict[uuid.UUID, list[BookEntry]] = defaultdict(list)
    for entry in work.session.scalars(select(BookEntry).where(BookEntry.page_id == page.id).order_by(BookEntry.number)):
        found[entry.section_id].append(entry)
    return found


def _parted(work: Work, entries: Sequence[BookEntry]) -> tuple[list[BookEntry], list[BookEntry]]:
    """What stands or stood for everybody, and what waits with the people named for safety."""
    told = {entry.alert_id for entry in entries if entry.alert_id}
    shown = conversations.safety.let_stand(work, told)
    waiting = [entry for entry in entries if entry.alert_id and entry.alert_id not in shown]
    return [entry for entry in entries if entry not in waiting], waiting


def to_named_people(work: Work, book: Book, words: str) -> uuid.UUID | None:
    """Tell the people named for safety of a child's words; None where the school has named nobody."""
    safety = conversations.safety
    alert = safety.raise_for_child(work, book.student_id, words, said_in=safety.SaidIn.BOOK)
    return alert.id if alert else None


def _checked(section: BookSection, typed: Typed, *, withheld: bool) -> Typed:
    """What is kept of what was typed. What goes to the named people leaves the school by no book, whatever was chosen.

    Raises Invalid as ``save`` says.
    """
    words = tidy(typed.words)
    field = f"s-{section.id}"
    if len(words) > LONGEST_WORDS:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field=field, limit=LONGEST_WORDS)
    ticked = tuple(sorted({each for each in typed.ticked if 0 <= each < len(section.options)}))
    step = typed.step if section.holds is Holds.GOAL and typed.step in STEPS else None
    sees, household_id = None, None
    if withheld:
        sees = Sees.TEACHER
    elif section.whose is Whose.CHILD:
        if (words or step or ticked) and typed.sees is None:
            raise Invalid(N_("Ask who may see it, then choose that here."), field=field)
        if typed.sees is not Sees.TEACHER:
            _check_safe(words, field)
        sees = typed.sees
        household_id = typed.household_id if sees is Sees.ONE_HOME else None
        if sees is Sees.ONE_HOME and household_id is None:
            raise Invalid(N_("Choose which home may see it."), field=field)
    return Typed(section.id, typed.number, words, ticked, step, sees, household_id)


def _check_safe(words: str, field: str) -> None:
    """A child's words that may be about somebody's safety leave the school by no book. Raises Invalid for such."""
    if conversations.safety.worries(tidy(words)):
        raise Invalid(
            N_(
                "These words may be about somebody’s safety. Keep them to the teacher and the school, "
                "and show them now to whoever looks after safety here."
            ),
            field=field,
        )


def _same(typed: Typed, entry: BookEntry | None) -> bool:
    if entry is None:
        return not typed.words and not typed.ticked and typed.step is None
    return (
        typed.words == entry.words
        and list(typed.ticked) == entry.ticked
        and typed.step == entry.step
        and (typed.sees, typed.household_id) == (entry.sees, entry.household_id)
    )


def _entry(
    work: Work, page: BookPage, typed: Typed, staff_id: uuid.UUID, *, number: int, alert_id: uuid.UUID | None
) -> BookEntry:
    return BookEntry(
        id=uuid.uuid4(),
        page_id=page.id,
        section_id=typed.section_id,
        number=number,
        words=typed.words,
        ticked=list(typed.ticked),
        step=typed.step,
        sees=typed.sees,
        household_id=typed.household_id,
        staff_id=staff_id,
        at=work.now,
        alert_id=alert_id,
    )


def standing(work: Work, pages: Collection[BookPage]) -> dict[uuid.UUID, dict[uuid.UUID, BookEntry]]:
    """What stands on pages: the newest entry by page and section; never what waits with the people named for safety."""
    found: dict[uuid.UUID, dict[uuid.UUID, BookEntry]] = defaultdict(dict)
    rows = (
        select(BookEntry)
        .ext(distinct_on(BookEntry.page_id, BookEntry.section_id))
        .where(BookEntry.page_id.in_([page.id for page in pages]), _for_school())
        .order_by(BookEntry.page_id, BookEntry.section_id, BookEntry.number.desc())
    )
    for entry in work.session.scalars(rows) if pages else ():
        found[entry.page_id][entry.section_id] = entry
    return found


def _for_school() -> ColumnElement[bool]:
    safety = conversations.safety
    filed = select(safety.SafetyAlert.id).where(safety.SafetyAlert.outcome == safety.Outcome.FILED)
    return or_(BookEntry.alert_id.is_(None), BookEntry.alert_id.in_(filed))


def pages_of(
    work: Work, book_ids: Collection[uuid.UUID], *, before: date | None = None, home: bool = False, limit: int = 5
) -> list[BookPage]:
    """The newest pages of these books, of days before ``before``; with ``home`` only those that went home."""
    rows = select(BookPage).where(BookPage.book_id.in_(book_ids))
    if before is not None:
        rows = rows.where(BookPage.on_day < before)
    if home:
        rows = rows.where(BookPage.home_at.is_not(None))
    return list(work.session.scalars(rows.order_by(BookPage.on_day.desc(), BookPage.id).limit(limit)))


def pages_between(work: Work, book: Book, first: date, last: date, *, home: bool = False) -> list[BookPage]:
    """The pages of a book from one day to another, both included, the first first; ``home``: those that went home."""
    rows = select(BookPage).where(BookPage.book_id == book.id, BookPage.on_day.between(first, last))
    if home:
        rows = rows.where(BookPage.home_at.is_not(None))
    return list(work.session.scalars(rows.order_by(BookPage.on_day, BookPage.id)))


def history_of(work: Work, page: BookPage) -> Mapping[uuid.UUID, Sequence[BookEntry]]:
    """Every save on a page by section, the first first; never what waits with the people named for safety."""
    return {section_id: _parted(work, entries)[0] for section_id, entries in _history(work, page).items()}
