"""A child alone at a device of the school: an adult hands it over, and it shows the child's part of one page alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from commsbridge import conversations, schools, students, tasks
from commsbridge.books.child_sounds import record_alone
from commsbridge.books.keeping import book_by_id, sections_of
from commsbridge.books.models import Book, BookPage, BookSection, Sees, Whose
from commsbridge.books.sitting_models import BookSitting
from commsbridge.books.writing import Saved, Typed, begin_page, hold_page, save
from commsbridge.conversations import Card, GoodNews
from commsbridge.foundation import tokens
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.students import Student
from commsbridge.tasks import TaskKind

CHILD_DOOR = "child_page"
# Long enough to choose pictures and write a few words; a device left lying about closes by itself.
SITTING_LASTS = timedelta(minutes=30)
_OVER = N_("This page is closed. Give the device back to the grown-up.")


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a child alone at a device sees: the sections that are the child's, and who handed it over."""

    row: BookSitting
    book: Book
    student: Student
    sections: tuple[BookSection, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What became of what a child said alone; ``read_first``: an adult at school reads it before anybody else.

    ``heard_first``: they recorded their voice, and an adult at school listens before anybody else.
    """

    saved: Saved
    read_first: bool
    heard_first: bool = False


@dataclass(frozen=True, slots=True)
class Pointed:
    """The pictures a child chose to answer good news with, by the news; ``links`` for what goes home."""

    cards: Mapping[uuid.UUID, Card]
    links: Links


def childs_sections(work: Work, book: Book) -> tuple[BookSection, ...]:
    """The sections of a book that are the child's own voice."""
    return tuple(each for each in sections_of(work, book) if each.whose is Whose.CHILD)


def hand_over(work: Work, book: Book, page: BookPage) -> str:
    """Begin a sitting at a page, and give the secret that opens it on this device alone, for half an hour.

    Raises Conflict for a page that went home, Invalid where no section of the book is the child's.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    hold_page(work, page)
    if not childs_sections(work, book):
        raise Invalid(N_("This book has no section in the student’s own voice. Add one where the book is kept."))
    ends_at = work.now + SITTING_LASTS
    sitting = BookSitting(
        id=uuid.uuid4(),
        book_id=book.id,
        on_day=page.on_day,
        staff_id=work.actor.id,
        begun_at=work.now,
        ends_at=ends_at,
    )
    work.session.add(sitting)
    secret = tokens.new_secret()
    schools.open_door(work, secret, purpose=CHILD_DOOR, subject_id=sitting.id, expires_at=ends_at)
    work.session.flush()
    return secret


def sitting_by_id(work: Work, sitting_id: uuid.UUID) -> Sitting:
    """A sitting that is not over. Raises NotFound for any other, and for a child or a book that is here no more."""
    return _of(work, work.session.get(BookSitting, sitting_id))


def _of(work: Work, row: BookSitting | None) -> Sitting:
    if row is None or row.ended_at is not None or row.ends_at <= work.now:
        raise NotFound(_OVER)
    book = book_by_id(work, row.book_id)
    if book.ended_at is not None or students.left_by(work, {book.student_id}, schools.today(work)):
        raise NotFound(_OVER)
    return Sitting(row, book, work.session.get_one(Student, book.student_id), childs_sections(work, book))


def end_sitting(work: Work, sitting_id: uuid.UUID) -> None:
    """The device shows nothing of the child any more; of two presses the second changes nothing."""
    row = work.session.get(BookSitting, sitting_id, with_for_update=True, populate_existing=True)
    if row is not None and row.ended_at is None:
        row.ended_at = work.now
        work.session.flush()


def say_alone(
    work: Work,
    sitting_id: uuid.UUID,
    typed: Sequence[Typed],
    *,
    recorded: bytes = b"",
    pointed: Pointed | None = None,
) -> Said:
    """Keep what a child said alone, for whom the child chose, in the name of the adult who handed the device over.

    The sitting ends with it, unless somebody else wrote there meanwhile (Saved.stale). Words that may be about
    somebody's safety are never refused: they go to the people named for that, and where nobody is, they stay with the
    teacher, who is asked to read them now. What they ``recorded`` no screening reads: whoever handed the device over is
    asked to listen now. The pictures they ``pointed`` at, by the good news each answers, go to whoever wrote it where
    the child chose that home, and else stay at school. Raises NotFound once the sitting is over, Conflict for a page
    that went home or news that was answered meanwhile, Invalid for nothing said, no choice of who sees it, or a
    recording that is none.
    """
    row = work.session.get(BookSitting, sitting_id, with_for_update=True, populate_existing=True)
    sitting = _of(work, row)
    own = {each.id for each in sitting.sections}
    filled = [each for each in typed if each.section_id in own and (each.words.strip() or each.ticked or each.step)]
    if not filled and not recorded and not (pointed and pointed.cards):
        raise Invalid(N_("Choose a picture, or write a few words."), field="say")
    chosen = next(iter(typed), None)
    if chosen is None or chosen.sees is None or any(each.sees is None for each in filled):
        raise Invalid(N_("Choose who may see it."), field="sees")
    worries = [conversations.safety.worries(tidy(each.words)) for each in filled]
    watched = conversations.safety.watch_of(work).screens
    kept = [
        replace(each, sees=Sees.TEACHER, household_id=None) if worry and not watched else each
        for each, worry in zip(filled, worries, strict=True)
    ]
    as_adult = replace(work, actor=Actor.staff(sitting.row.staff_id))
    page = begin_page(as_adult, sitting.book, sitting.row.on_day)
    saved = save(as_adult, sitting.book, page, kept, by_child=True)
    if recorded and not saved.stale:
        sees = Sees.TEACHER if any(worries) else chosen.sees
        record_alone(as_adult, page, recorded, sees=sees, household_id=chosen.household_id)
        _ask(as_adult, sitting, TaskKind.HEAR_CHILD)
    if pointed and not saved.stale:
        _answer_news(as_adult, sitting, pointed, replace(chosen, sees=Sees.TEACHER) if any(worries) else chosen)
    if any(worries) and not watched:
        _ask(as_adult, sitting, TaskKind.READ_CHILD)
    if not saved.stale:
        sitting.row.ended_at = work.now
    work.session.flush()
    return Said(saved, any(worries), bool(recorded))


def _answer_news(work: Work, sitting: Sitting, pointed: Pointed, chosen: Typed) -> None:
    """Each picture answers its news, for whoever wrote it alone, and only where the child chose that home to see."""
    student = sitting.student
    offered = {each.reply.id: each for each in conversations.news_for_child(work, student)}
    for reply_id, card in pointed.cards.items():
        news = offered.get(reply_id)
        if news is None:
            raise Conflict(N_("%(child)s has answered this already."), child=student.preferred_name)
        conversations.answer_as_child(
            work,
            reply_id,
            student,
            card=card,
            words="",
            links=pointed.links,
            alone=True,
            at_school=not _is_for_writer(news, chosen),
        )


def _is_for_writer(news: GoodNews, chosen: Typed) -> bool:
    home = news.contact.household_id
    return chosen.sees is Sees.HOMES or (
        chosen.sees is Sees.ONE_HOME and home is not None and home == chosen.household_id
    )


def _ask(work: Work, sitting: Sitting, kind: TaskKind) -> None:
    tasks.give_task(
        work,
        kind,
        staff_id=sitting.row.staff_id,
        student_id=sitting.book.student_id,
        subject_id=sitting.book.id,
        due_on=sitting.row.on_day,
    )
