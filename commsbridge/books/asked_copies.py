"""A copy of what is held, for whoever asked: a named person looks at each entry and blanks other people, then it goes.

Privacy Act 2020, principle 6: people may ask for what is held about them; section 53 keeps back what would be an
unwarranted disclosure of the affairs of another. Nothing goes that nobody looked at, and nobody blanks for themselves.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from commsbridge import conversations, messages, partnership, schools, students, tasks, whanau
from commsbridge.books.asked_models import AskedCopy, AskedItem
from commsbridge.books.beside import corrections_of
from commsbridge.books.homeward import goes_home, ticked_in
from commsbridge.books.keeping import books_of, sections_of
from commsbridge.books.reading import pages_for
from commsbridge.books.sounds import VOICE_NOTE, sounds_on
from commsbridge.books.writing import standing
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.names import fold
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import MessageKind
from commsbridge.partnership import Moment
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Contact

LONGEST_AUTHORITY = 600
LONGEST_ENTRY = 4000
LONGEST_ENTRY_TITLE = 120
# Of each kind and child: more than a child's whole time at a school brings.
MOST = 5000
# Shorter parts of a name ("Te", "La") are words of their own.
_SHORTEST_PART = 3
_WORD = re.compile(r"\S+")
_RELEASED = N_("This copy has been released. It stays as it went.")
_NOT_HERE = N_("That copy is not here.")
_SENT = {
    MessageKind.PRAISE: N_("Good news about %(child)s"),
    MessageKind.NOTICE: N_("A notice"),
    MessageKind.WORK_ON: N_("Something to work on, about %(child)s"),
    MessageKind.ANSWER: N_("An answer from school"),
    MessageKind.CONCERN: N_("A concern about %(child)s"),
}
_NOTED = {
    Moment.STAFF_NOTE: N_("A note at school about %(child)s"),
    Moment.GATE: N_("A talk at the gate about %(child)s"),
    Moment.CALL: N_("A phone call about %(child)s"),
}
_WRITTEN = N_("What your home wrote about %(child)s")
_IN_BOOK = N_("The book of %(child)s: %(title)s")
_BESIDE = N_("Beside the page of %(child)s")


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody decided about an entry that they had seen as ``number``."""

    item_id: uuid.UUID
    number: int
    blanked: frozenset[int]
    left_out: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    on: date
    title: str
    words: str


def words_in(words: str) -> list[str]:
    """The words of an entry, each one that can be blanked by its place."""
    return _WORD.findall(words)


def without(item: AskedItem, blank: str) -> str:
    """The words of an entry as they go: ``blank`` stands once for each word that was taken out."""
    gone = set(item.blanked)
    places = iter(range(len(item.words)))
    return _WORD.sub(lambda found: blank if next(places) in gone else found[0], item.words)


def open_copy(work: Work, contact_id: uuid.UUID) -> AskedCopy | None:
    """The copy for a contact that has not been released yet."""
    rows = select(AskedCopy).where(AskedCopy.contact_id == contact_id, AskedCopy.released_at.is_(None))
    return work.session.scalars(rows).first()


def released_copies(work: Work, contact_id: uuid.UUID) -> list[AskedCopy]:
    """The copies that were released to a contact, the newest first."""
    rows = select(AskedCopy).where(AskedCopy.contact_id == contact_id, AskedCopy.released_at.is_not(None))
    return list(work.session.scalars(rows.order_by(AskedCopy.released_at.desc(), AskedCopy.id)))


def copy_by_id(work: Work, copy_id: uuid.UUID) -> AskedCopy:
    """A copy, for the named people of the school. Raises NotFound."""
    found = work.session.get(AskedCopy, copy_id)
    if found is None:
        raise NotFound(_NOT_HERE)
    return found


def copy_at_home(work: Work, contact: Contact, copy_id: uuid.UUID) -> AskedCopy:
    """A copy that was released to this very contact. Raises NotFound for any other."""
    found = work.session.get(AskedCopy, copy_id)
    if found is None or found.contact_id != contact.id or found.released_at is None:
        raise NotFound(_NOT_HERE)
    return found


def begin_copy(work: Work, contact: Contact, authority: str) -> AskedCopy:
    """Gather what is held for a contact, as it stands now; words that may name others are marked to be blanked.

    Raises Invalid where nobody wrote how they know that this person may have it, Conflict where one was begun.
    """
    said = tidy(authority)
    if not said or len(said) > LONGEST_AUTHORITY:
        raise Invalid(
            N_("Write how you know that they may have it, in 1 to %(most)s letters."),
            field="authority",
            most=LONGEST_AUTHORITY,
        )
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    if open_copy(work, contact.id) is not None:
        raise Conflict(N_("A copy for them was begun already. Go on with that one."))
    asked = whanau.language_of(work, contact.id, on=schools.today(work))
    language = Language.MI if asked == Language.MI.value else Language.EN
    found = AskedCopy(
        id=uuid.uuid4(),
        contact_id=contact.id,
        authority=said,
        language=language.value,
        begun_by=work.actor.id,
        begun_at=work.now,
    )
    work.session.add(found)
    work.session.flush()
    names = _others(work, contact)
    entries = sorted(_gathered(work, contact, language), key=lambda each: each.on)
    work.session.add_all(_item(found, place, each, names) for place, each in enumerate(entries, 1))
    work.session.flush()
    return found


def _item(copy: AskedCopy, place: int, entry: _Entry, names: Collection[str]) -> AskedItem:
    named = [at for at, word in enumerate(words_in(entry.words)) if _parts(word) & set(names)]
    return AskedItem(
        id=uuid.uuid4(),
        copy_id=copy.id,
        place=place,
        on_day=entry.on,
        title=entry.title[:200],
        words=entry.words,
        blanked=named,
        left_out=False,
        number=0,
    )


def _parts(word: str) -> set[str]:
    """The folded names that a word may be: with what stands around it left off, and without an ending after ’."""
    bare = word.strip(".,;:!?()[]\"“”‘’'…")
    return {fold(bare), fold(re.split(r"[’']", bare)[0])}


def _others(work: Work, contact: Contact) -> set[str]:
    """The folded parts of the names of everybody else: other children of the school, and the child's other people."""
    own_home = whanau.household_contacts(work, contact)
    own = set(whanau.contact_names(work, own_home).values())
    theirs: set[str] = set()
    children = _children(work, contact)
    for child_id in children:
        for called in students.names_in_school(work, child_id).values():
            theirs |= set(called)
        cards = whanau.contacts_of(work, child_id, on=schools.today(work), with_limited=True, sender_ids=[])
        theirs |= {card.contact.name for card in cards if card.contact.id not in own_home}
    own |= {name for called in students.names_of(work, children).values() for name in called}
    return _name_parts(theirs) - _name_parts(own)


def _name_parts(names: Collection[str]) -> set[str]:
    return {fold(part) for name in names for part in name.split() if len(part) >= _SHORTEST_PART}


def _children(work: Work, contact: Contact) -> tuple[uuid.UUID, ...]:
    writer = whanau.writer_for(work, contact.id, on=schools.today(work))
    return writer.students if writer else ()


def _gathered(work: Work, contact: Contact, language: Language) -> Iterator[_Entry]:
    """All that is theirs to have: what was sent to them, what their home wrote, the book, and notes about the child."""
    children = _children(work, contact)
    names = students.names_of(work, children)
    for child_id in children:
        child = names[child_id].preferred
        yield from _sent(work, contact, child_id, child, language)
        yield from _written(work, contact, child_id, child, language)
        yield from _book(work, contact, child_id, child, language)
        yield from _noted(work, child_id, child, language)


def _sent(work: Work, contact: Contact, child_id: uuid.UUID, child: str, language: Language) -> Iterator[_Entry]:
    calendar = schools.calendar_of(work)
    for kind, title in _SENT.items():
        for told in messages.told_to(work, contact.id, child_id, kind, limit=MOST):
            words = messages.words_of(told, child, language)
            if words:
                yield _Entry(calendar.local(told.message.made_at).date(), say(language, title, child=child), words)


def _written(work: Work, contact: Contact, child_id: uuid.UUID, child: str, language: Language) -> Iterator[_Entry]:
    own, calendar = whanau.household_contacts(work, contact), schools.calendar_of(work)
    for reply, _ in conversations.replies_about(work, [child_id], waiting=False, limit=MOST, by=own):
        if reply.words:
            on = calendar.local(reply.received_at).date()
            yield _Entry(on, say(language, _WRITTEN, child=child), reply.words)


def _noted(work: Work, child_id: uuid.UUID, child: str, language: Language) -> Iterator[_Entry]:
    calendar = schools.calendar_of(work)
    lines = [each.line for each in partnership.timeline(work, child_id, moments=tuple(_NOTED), limit=MOST)]
    korero = partnership.korero_words(work, [line.subject_id for line in lines if line.subject_id])
    for line in lines:
        said = korero.get(line.subject_id) if line.subject_id else None
        if said is not None:
            title = say(language, _NOTED[line.moment], child=child)
            yield _Entry(calendar.local(said.happened_at).date(), title, said.words)


def _book(work: Work, contact: Contact, child_id: uuid.UUID, child: str, language: Language) -> Iterator[_Entry]:
    """Pages that went home while they were this child's, with what is that home's to read."""
    own = whanau.household_contacts(work, contact)
    pages = pages_for(work, contact, child_id, limit=MOST)
    known = {
        section.id: section
        for book in books_of(work, [child_id], ended=True)
        for section in sections_of(work, book, ended=True)
    }
    stands, sounds = standing(work, pages), sounds_on(work, pages)
    beside = corrections_of(work, pages, home=True)
    for page in pages:
        for section_id, entry in stands[page.id].items():
            section = known[section_id]
            said = "\n".join(filter(None, [entry.words, ticked_in(section, entry)[language]]))
            if said and goes_home(section, entry, contact.household_id):
                title = section.title_mi if language is Language.MI else section.title_en
                yield _Entry(page.on_day, say(language, _IN_BOOK, child=child, title=title), said)
        for sound in sounds[page.id]:
            title = say(language, VOICE_NOTE)
            yield _Entry(page.on_day, say(language, _IN_BOOK, child=child, title=title), sound.words)
        for each in beside[page.id]:
            if each.contact_id is None or each.contact_id in own:
                yield _Entry(page.on_day, say(language, _BESIDE, child=child), each.words)


def items_of(work: Work, copy: AskedCopy) -> list[AskedItem]:
    """The entries of a copy, the first first."""
    rows = select(AskedItem).where(AskedItem.copy_id == copy.id).order_by(AskedItem.place)
    return list(work.session.scalars(rows))


def _held(work: Work, copy: AskedCopy) -> AskedCopy:
    """The copy, held until the act ends. Raises Conflict once it was released."""
    rows = select(AskedCopy).where(AskedCopy.id == copy.id).with_for_update()
    held = work.session.scalars(rows.execution_options(populate_existing=True)).one()
    if held.released_at is not None:
        raise Conflict(_RELEASED)
    return held


def look_at_items(work: Work, copy: AskedCopy, marked: Sequence[Marked]) -> None:
    """Keep what was decided about entries, all or none.

    Raises Conflict where somebody else decided meanwhile, or the copy was released; Invalid for a word that is not
    there.
    """
    _held(work, copy)
    items = {each.id: each for each in items_of(work, copy)}
    for each in marked:
        item = items.get(each.item_id)
        if item is None:
            raise NotFound(_NOT_HERE)
        if item.number != each.number:
            raise Conflict(N_("Somebody else looked at these entries meanwhile. Look once more."))
        if each.blanked and max(each.blanked) >= len(words_in(item.words)):
            raise Invalid(N_("Choose among the words of the entry."))
        item.blanked, item.left_out = sorted(each.blanked), each.left_out
        item.number += 1
        item.looked_by, item.looked_at = work.actor.id, work.now
    work.session.flush()


def add_to_copy(work: Work, copy: AskedCopy, title: str, words: str) -> AskedItem:
    """Add what is held elsewhere, typed by the named person. Raises Invalid, or Conflict once it was released."""
    _held(work, copy)
    named, said = " ".join(title.split()), tidy(words)
    if not named or len(named) > LONGEST_ENTRY_TITLE:
        raise Invalid(N_("Name it in 1 to %(most)s letters."), field="title", most=LONGEST_ENTRY_TITLE)
    if not said or len(said) > LONGEST_ENTRY:
        raise Invalid(N_("Write its words, in 1 to %(most)s letters."), field="words", most=LONGEST_ENTRY)
    last = work.session.scalar(select(func.max(AskedItem.place)).where(AskedItem.copy_id == copy.id)) or 0
    item = AskedItem(
        id=uuid.uuid4(),
        copy_id=copy.id,
        place=last + 1,
        on_day=schools.today(work),
        title=named,
        words=said,
        blanked=[],
        left_out=False,
        number=0,
    )
    work.session.add(item)
    work.session.flush()
    return item


def release_copy(work: Work, copy: AskedCopy) -> None:
    """From now on this contact alone may read the copy, on their own page; nothing in it changes any more.

    Raises Conflict where it was released already or somebody has not looked at every entry, Invalid for an empty one.
    """
    held = _held(work, copy)
    items = items_of(work, copy)
    if not items:
        raise Invalid(N_("Nothing is in this copy yet."))
    if any(each.looked_at is None for each in items):
        raise Conflict(N_("Look at every entry first: nothing goes that nobody looked at."))
    held.released_by, held.released_at = work.actor.id, work.now
    tasks.close_tasks_about(work, TaskKind.COPY_ASKED, held.contact_id, outcome="released")
    work.session.flush()
