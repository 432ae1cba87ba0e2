"""A copy of what is held, for whoever asked: a named person looks at each entry and blanks other people, then it goes.

Privacy Act 2020, principle 6: people may ask for what is held about them; section 53 keeps back what would be an
unwarranted disclosure of the affairs of another. Nothing goes that nobody looked at, and nobody blanks for themselves.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from commsbridge import schools, students, tasks, whanau
from commsbridge.books.asked_gathering import About, Gathered, Gatherer, children_of, gathered_here
from commsbridge.books.asked_models import AskedCopy, AskedItem
from commsbridge.books.child_sounds import ChildSound
from commsbridge.books.sounds import BookSound
from commsbridge.conversations import ReplyPicture
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.names import fold
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Photo
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Contact

LONGEST_AUTHORITY = 600
LONGEST_ENTRY = 4000
LONGEST_ENTRY_TITLE = 120
# Shorter parts of a name ("Te", "La") are words of their own.
_SHORTEST_PART = 3
_WORD = re.compile(r"\S+")
_RELEASED = N_("This copy has been released. It stays as it went.")
_NOT_HERE = N_("That copy is not here.")


@dataclass(frozen=True, slots=True)
class File:
    """What an entry shows or plays; ``width`` and ``height`` in pixels, 0 of a sound."""

    media_type: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody decided about an entry that they had seen as ``number``."""

    item_id: uuid.UUID
    number: int
    blanked: frozenset[int]
    left_out: bool


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


def begin_copy(work: Work, contact: Contact, authority: str, gatherers: Sequence[Gatherer] = ()) -> AskedCopy:
    """Gather what is held for a contact, as it stands now; words that may name others are marked to be blanked.

    ``gatherers`` bring what other rooms hold for them, beside what this one and those below it do. Raises Invalid where
    nobody wrote how they know that this person may have it, Conflict where one was begun.
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
    about = About(contact, students.names_of(work, children_of(work, contact)), language)
    found_there = (each for gatherer in (gathered_here, *gatherers) for each in gatherer(work, about))
    entries = sorted(found_there, key=lambda each: each.on)
    work.session.add_all(_item(found, place, each, names) for place, each in enumerate(entries, 1))
    work.session.flush()
    return found


def _item(copy: AskedCopy, place: int, entry: Gathered, names: Collection[str]) -> AskedItem:
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
        photo_id=entry.photo_id,
        sound_id=entry.sound_id,
        picture_id=entry.picture_id,
        voice_id=entry.voice_id,
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
    children = children_of(work, contact)
    for child_id in children:
        for called in students.names_in_school(work, child_id).values():
            theirs |= set(called)
        cards = whanau.contacts_of(work, child_id, on=schools.today(work), with_limited=True, sender_ids=[])
        theirs |= {card.contact.name for card in cards if card.contact.id not in own_home}
    own |= {name for called in students.names_of(work, children).values() for name in called}
    return _name_parts(theirs) - _name_parts(own)


def _name_parts(names: Collection[str]) -> set[str]:
    return {fold(part) for name in names for part in name.split() if len(part) >= _SHORTEST_PART}


def items_of(work: Work, copy: AskedCopy) -> list[AskedItem]:
    """The entries of a copy, the first first."""
    rows = select(AskedItem).where(AskedItem.copy_id == copy.id).order_by(AskedItem.place)
    return list(work.session.scalars(rows))


def item_of(work: Work, copy: AskedCopy, item_id: uuid.UUID) -> AskedItem:
    """An entry of a copy. Raises NotFound for another copy's."""
    found = work.session.get(AskedItem, item_id)
    if found is None or found.copy_id != copy.id:
        raise NotFound(_NOT_HERE)
    return found


def file_of(work: Work, item: AskedItem) -> File | None:
    """The photo, picture or voice note that an entry is; None for one of words alone."""
    found: Photo | BookSound | ChildSound | ReplyPicture | None = None
    if item.photo_id:
        found = work.session.get_one(Photo, item.photo_id)
    elif item.sound_id:
        found = work.session.get_one(BookSound, item.sound_id)
    elif item.voice_id:
        found = work.session.get_one(ChildSound, item.voice_id)
    elif item.picture_id:
        found = work.session.get_one(ReplyPicture, item.picture_id)
    if found is None or found.content is None or found.media_type is None:
        return None
    size = (0, 0) if isinstance(found, BookSound | ChildSound) else (found.width or 0, found.height or 0)
    return File(found.media_type, found.content, *size)


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
