"""Sending a page home: from then on it stays as it went. Each contact gets it as they like: at once, daily, weekly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools, students, whanau
from commsbridge.books.child_sounds import ChildSound, child_sounds_on, goes_to, unheard_on
from commsbridge.books.family_models import BookWriting
from commsbridge.books.keeping import book_by_id, books_of, sections_of
from commsbridge.books.models import (
    Book,
    BookEntry,
    BookHomeward,
    BookPage,
    BookSection,
    BookWish,
    Comes,
    Holds,
    Sees,
    Whose,
)
from commsbridge.books.photos import photos_on
from commsbridge.books.sounds import CHILDS_VOICE, VOICE_NOTE, BookSound, sounds_on
from commsbridge.books.writing import standing
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.reo_dates import long_date
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import BookDay, BookNews, BookPart, Links
from commsbridge.students import Student
from commsbridge.whanau import Channel, Recipient, WayState

DIGEST_AT = time(16)
SUNDAY = 6
LONGEST_GOOD = 160
LONGEST_WRITING = 600
STEP_WORDS = {
    1: N_("Not yet"),
    2: N_("With a lot of help"),
    3: N_("With a little help"),
    4: N_("By themselves"),
}
_DUE = text(
    "SELECT DISTINCT school_id FROM book_homeward WHERE done_at IS NULL AND due_at <= :now ORDER BY school_id"
).columns(school_id=BookHomeward.school_id.type)


def how_it_comes(work: Work, contact_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, BookWish]:
    """How each of these contacts asked for the book to come, for those who asked."""
    rows = select(BookWish).where(BookWish.contact_id.in_(contact_ids), BookWish.ended_at.is_(None))
    return {row.contact_id: row for row in work.session.scalars(rows)}


def set_how_it_comes(
    work: Work, contact_id: uuid.UUID, *, comes: Comes, tells_none: bool = False, whole: bool | None = None
) -> BookWish:
    """From now on the book comes like this. ``tells_none``: they wish to be told of a day without a page.

    ``whole`` (its words in full by text) is for whoever asked for it in writing; None leaves it as it is.
    """
    before = how_it_comes(work, [contact_id]).get(contact_id)
    kept_whole = bool(before and before.whole) if whole is None else whole
    if before and (before.comes, before.tells_none, before.whole) == (comes, tells_none, kept_whole):
        return before
    if before:
        before.ended_at = work.now
    wish = BookWish(contact_id=contact_id, comes=comes, tells_none=tells_none, whole=kept_whole, from_at=work.now)
    work.session.add(wish)
    work.session.flush()
    return wish


def ask_whole(work: Work, contact_id: uuid.UUID, words: str, *, written_on: date) -> BookWriting:
    """Keep that a contact asked in writing for the book's words in full by text; from now on texts carry them.

    ``words`` are what they wrote. Raises Invalid without them, for a day to come, or without a phone for texts.
    """
    kept = tidy(words)
    if not kept or len(kept) > LONGEST_WRITING:
        raise Invalid(N_("Write down what they wrote, in 1 to %(most)s letters."), field="words", most=LONGEST_WRITING)
    if written_on > schools.today(work):
        raise Invalid(N_("That day is still to come. Say when they wrote it."), field="written_on")
    ways = whanau.ways_in_use(work, contact_id)
    if not any(way.channel is Channel.TEXT and way.state is WayState.OK for way in ways):
        raise Invalid(N_("They have no phone for texts that is known to be theirs."), field="words")
    writing = BookWriting(
        id=uuid.uuid4(), contact_id=contact_id, words=kept, written_on=written_on, staff_id=work.actor.id, at=work.now
    )
    work.session.add(writing)
    _set_whole(work, contact_id, whole=True)
    return writing


def end_whole(work: Work, contact_id: uuid.UUID) -> None:
    """Texts carry the good line and the link again, as for everybody."""
    _set_whole(work, contact_id, whole=False)


def _set_whole(work: Work, contact_id: uuid.UUID, *, whole: bool) -> None:
    before = how_it_comes(work, [contact_id]).get(contact_id)
    comes, none = (before.comes, before.tells_none) if before else (Comes.EACH, False)
    set_how_it_comes(work, contact_id, comes=comes, tells_none=none, whole=whole)


def writing_of(work: Work, contact_id: uuid.UUID) -> BookWriting | None:
    """What they wrote last to have the words in full, while that holds."""
    wish = how_it_comes(work, [contact_id]).get(contact_id)
    rows = select(BookWriting).where(BookWriting.contact_id == contact_id)
    last = work.session.scalars(rows.order_by(BookWriting.at.desc(), BookWriting.id).limit(1)).first()
    return last if wish and wish.whole else None


def good_line(
    work: Work, sections: Sequence[BookSection], entries: Mapping[uuid.UUID, BookEntry], student: Student
) -> str:
    """The line that may stand in a text: the first of the good section, where nothing in it gives pause."""
    for section in sections:
        entry = entries.get(section.id)
        if not section.good or entry is None or not entry.words:
            continue
        line = entry.words.split("\n")[0].strip()
        others = {each: tuple(called) for each, called in students.names_in_school(work, student.id).items()}
        names = (student.preferred_name, student.name)
        if len(line) <= LONGEST_GOOD and not messages.questions_for(line, child_names=names, other_children=others):
            return line
    return ""


def others_named(work: Work, page: BookPage, student: Student) -> messages.Question | None:
    """What is asked before a page that names another child goes home; None where it names none.

    Photos' descriptions and voice notes' words are read with the words, the child's own among them, whoever sees these.
    """
    entries = standing(work, [page])[page.id]
    said = [entry.words for entry in entries.values()]
    said += [photo.alt for photo in photos_on(work, [page])[page.id]]
    said += [sound.words for found in (sounds_on, child_sounds_on) for sound in found(work, [page])[page.id]]
    others = {each: tuple(called) for each, called in students.names_in_school(work, student.id).items()}
    asked = messages.questions_for(
        "\n".join(filter(None, said)), child_names=(student.preferred_name, student.name), other_children=others
    )
    return next((each for each in asked if each.matter is messages.Matter.OTHER_CHILD), None)


def send_home(work: Work, book: Book, page: BookPage, student: Student, *, links: Links) -> list[uuid.UUID]:
    """Send a page to everybody who may have it. Returns the contacts it is on its way to, now or with a digest.

    Raises Invalid for an empty page, one on which a child's voice waits to be heard, or when nobody can be sent it;
    Conflict when it has gone already.
    """
    if work.actor.id is None:
        raise Invalid(N_("A page is written by a person: sign in first."))
    rows = select(BookPage).where(BookPage.id == page.id).with_for_update()
    page = work.session.scalars(rows.execution_options(populate_existing=True)).one()
    if page.home_at is not None:
        raise Conflict(N_("This page has gone home already."))
    if unheard_on(work, page):
        raise Invalid(
            N_("%(name)s recorded something that nobody has listened to yet. Listen first, then send the page home."),
            name=student.preferred_name,
        )
    sections = sections_of(work, book, ended=True)
    entries = standing(work, [page])[page.id]
    if not any(_filled(entry) for entry in entries.values()):
        raise Invalid(N_("This page is empty. Write in at least one section."))
    readers = [each.contact_id for each in messages.may_hear(work, student)]
    wishes = how_it_comes(work, readers)
    now = [each for each in readers if each not in wishes or wishes[each].comes is Comes.EACH]
    page.home_at, page.home_by = work.now, work.actor.id
    message = messages.begin_book_message(work, student, staff_id=work.actor.id, words=_searched(sections, entries))
    page.message_id = message.id
    done = messages.carry_book(work, student, message, news_for(work, student, [page]), to=now, links=links)
    for contact_id, wish in wishes.items():
        if wish.comes in {Comes.DAILY, Comes.WEEKLY}:
            due_at = digest_due(schools.calendar_of(work), work.now, wish.comes)
            work.session.add(BookHomeward(page_id=page.id, contact_id=contact_id, due_at=due_at))
            done.append(contact_id)
    if not done:
        raise Invalid(N_("Nobody at home can be sent this page. Ask the office to add or mend contacts."))
    work.session.flush()
    return done


def _filled(entry: BookEntry) -> bool:
    return bool(entry.words or entry.ticked or entry.step)


def _searched(sections: Sequence[BookSection], entries: Mapping[uuid.UUID, BookEntry]) -> str:
    """What the log shows and finds: the words for every home. What a child keeps closer stands on the page alone."""
    open_to_all = [each for each in sections if each.id in entries and goes_home(each, entries[each.id], None)]
    return "\n".join(entries[each.id].words for each in open_to_all if entries[each.id].words)


def goes_home(section: BookSection, entry: BookEntry, household_id: uuid.UUID | None) -> bool:
    """Whether an entry goes to a home: what a child said goes where the child chose."""
    if section.whose is Whose.SCHOOL or entry.sees is Sees.HOMES:
        return True
    return entry.sees is Sees.ONE_HOME and household_id is not None and entry.household_id == household_id


def digest_due(calendar: SchoolCalendar, now: datetime, comes: Comes) -> datetime:
    """When a digest of what went home ``now`` goes: at four on a school day, or on the last one of a school week.

    None goes in the holidays: it waits for the first day, or week, of the next term. After four on such a day it goes
    at once, and so it does where no school day is known to come.
    """
    on = calendar.local(now).date()
    day = on if calendar.is_school_day(on) else calendar.next_school_day(on)
    if day is None:
        return now
    if comes is Comes.WEEKLY:
        day = calendar.school_days(day, day + timedelta(days=SUNDAY - day.weekday()))[-1]
    return max(calendar.moment(day, DIGEST_AT), now)


def news_for(work: Work, student: Student, pages: Sequence[BookPage]) -> messages.NewsFor:
    """What of these pages goes to each recipient: two homes never get the words a child meant for one."""
    entries = standing(work, pages)
    books = {book_id: book_by_id(work, book_id) for book_id in {page.book_id for page in pages}}
    sections = {book_id: sections_of(work, book, ended=True) for book_id, book in books.items()}
    staff = schools.staff_by_id(work, {each.staff_id for found in entries.values() for each in found.values()})
    spoken, by_child = sounds_on(work, pages), child_sounds_on(work, pages)
    wishes = how_it_comes(work, [each.contact_id for each in messages.may_hear(work, student)])
    names = schools.calendar_of(work).day_names
    lines = (good_line(work, sections[page.book_id], entries[page.id], student) for page in reversed(pages))
    line = next(filter(None, lines), "")
    # Of a child with several books each page says whose it is.
    several = len({*books, *(each.id for each in books_of(work, [student.id]))}) > 1
    writers = ", ".join(dict.fromkeys(each.shown_name for each in staff.values()))

    def news(recipient: Recipient) -> BookNews | None:
        days = []
        for page in pages:
            found = entries[page.id]
            parts = tuple(
                _part(each, found[each.id])
                for each in sections[page.book_id]
                if each.id in found
                and _filled(found[each.id])
                and goes_home(each, found[each.id], recipient.household_id)
            )
            parts += tuple(_spoken(each, VOICE_NOTE) for each in spoken[page.id])
            heard = [each for each in by_child[page.id] if goes_to(each, recipient.household_id)]
            parts += tuple(_spoken(each, CHILDS_VOICE) for each in heard)
            if parts:
                day = {each: long_date(page.on_day, each, names) for each in Language}
                if several:
                    titles = _titles(books[page.book_id])
                    day = {each: f"{day[each]} · {titles[each]}" for each in Language}
                days.append(BookDay(day, parts))
        wish = wishes.get(recipient.contact_id)
        whole = bool(wish and wish.whole)
        return BookNews(student.preferred_name, writers, tuple(days), good=line, whole=whole) if days else None

    return news


def _titles(titled: Book | BookSection) -> dict[Language, str]:
    return {each: titled.title_mi if each is Language.MI else titled.title_en for each in Language}


def _part(section: BookSection, entry: BookEntry) -> BookPart:
    return BookPart(_titles(section), entry.words, ticked_in(section, entry) if entry.ticked or entry.step else None)


def _spoken(sound: BookSound | ChildSound, title: str) -> BookPart:
    return BookPart({each: say(each, title) for each in Language}, sound.words, None)


def ticked_in(section: BookSection, entry: BookEntry) -> dict[Language, str]:
    """What was ticked, and how a goal went, in words."""
    said: dict[Language, str] = {}
    for language in Language:
        place = 1 if language is Language.MI else 0
        words = [section.options[each][place] for each in entry.ticked if each < len(section.options)]
        if entry.step and section.holds is Holds.GOAL:
            words.append(say(language, STEP_WORDS[entry.step]))
        said[language] = ", ".join(words)
    return said


def schools_with_due_pages(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools with pages whose digest is due; through the carrier's door, which sees no more of them."""
    return list(session.scalars(_DUE, {"now": now}))


def send_digests(work: Work, *, links: Links) -> int:
    """Send one school's digests that are due: to each person what went home about each child since the last.

    Returns how many pages were looked at. Who may no longer hear of a child gets nothing, and the row says no more.
    """
    rows = (
        select(BookHomeward, BookPage, Book)
        .join(BookPage, (BookPage.school_id == BookHomeward.school_id) & (BookPage.id == BookHomeward.page_id))
        .join(Book, (Book.school_id == BookPage.school_id) & (Book.id == BookPage.book_id))
        .where(BookHomeward.done_at.is_(None), BookHomeward.due_at <= work.now)
        .order_by(Book.student_id, BookHomeward.contact_id, BookPage.on_day)
        .with_for_update(of=BookHomeward, skip_locked=True)
    )
    due = work.session.execute(rows).all()
    for (student_id, contact_id), group in groupby(due, key=lambda row: (row[2].student_id, row[0].contact_id)):
        found = list(group)
        pages = [page for _, page, _ in found]
        student = work.session.get_one(Student, student_id)
        message = messages.message_by_id(work, pages[-1].message_id) if pages[-1].message_id else None
        if message is not None:
            messages.carry_book(work, student, message, news_for(work, student, pages), to=[contact_id], links=links)
        for row, _, _ in found:
            row.done_at = work.now
    work.session.flush()
    return len(due)
