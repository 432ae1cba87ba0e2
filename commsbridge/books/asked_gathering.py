"""What goes into a copy that somebody asked for: all that is theirs to have, entry by entry; nothing of another home.

This room brings what it and the rooms below it hold; those above hand in gatherers of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from commsbridge import conversations, messages, partnership, schools, students, whanau
from commsbridge.books.beside import corrections_of
from commsbridge.books.child_sounds import child_sounds_on
from commsbridge.books.homeward import goes_home, ticked_in
from commsbridge.books.keeping import books_of, sections_of
from commsbridge.books.models import BookPage
from commsbridge.books.photos import photos_on
from commsbridge.books.reading import pages_for
from commsbridge.books.sounds import CHILDS_VOICE, VOICE_NOTE, sounds_on
from commsbridge.books.writing import standing
from commsbridge.conversations import CARD_WORDS, Card, PictureState
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import MessageKind
from commsbridge.partnership import Moment
from commsbridge.students import Names
from commsbridge.whanau import Contact

# Of each kind and child: more than a child's whole time at a school brings.
MOST = 5000
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
_ANSWERED = N_("What %(child)s answered you")
_PICTURE = N_("A picture that your home sent, about %(child)s")
_PHOTO = N_("A photo sent home, about %(child)s")
_SAID = N_("What is written down about %(child)s")
_IN_BOOK = N_("The book of %(child)s: %(title)s")
_IN_BOOK_PHOTO = N_("A photo in the book of %(child)s")
_BESIDE = N_("Beside the page of %(child)s")


@dataclass(frozen=True, slots=True)
class Gathered:
    """One entry: its day, what it is, its words; and the photo, voice note or picture that it is, if any."""

    on: date
    title: str
    words: str
    photo_id: uuid.UUID | None = None
    sound_id: uuid.UUID | None = None
    picture_id: uuid.UUID | None = None
    voice_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whose copy it is: the contact, the children they may hear of with their names, and the language it goes in."""

    contact: Contact
    children: Mapping[uuid.UUID, Names]
    language: Language

    def say(self, sentence: str, **slots: object) -> str:
        """A sentence in their language."""
        return say(self.language, sentence, **slots)


# What one room holds for them.
Gatherer = Callable[[Work, About], Iterator[Gathered]]


def children_of(work: Work, contact: Contact) -> tuple[uuid.UUID, ...]:
    """The children this contact may hear of."""
    writer = whanau.writer_for(work, contact.id, on=schools.today(work))
    return writer.students if writer else ()


def gathered_here(work: Work, about: About) -> Iterator[Gathered]:
    """What was sent to them, what their home wrote, the book, what is written down about the child, and notes."""
    for child_id, called in about.children.items():
        child = called.preferred
        yield from _sent(work, about, child_id, child)
        yield from _written(work, about, child_id, child)
        yield from _book(work, about, child_id, child)
        yield from _noted(work, about, child_id, child)
        yield from _said(work, about, child_id, child)


def _sent(work: Work, about: About, child_id: uuid.UUID, child: str) -> Iterator[Gathered]:
    calendar = schools.calendar_of(work)
    for kind, title in _SENT.items():
        for told in messages.told_to(work, about.contact.id, child_id, kind, limit=MOST):
            words, on = messages.words_of(told, child, about.language), calendar.local(told.message.made_at).date()
            if words:
                yield Gathered(on, about.say(title, child=child), words)
            if told.photo is not None:
                yield Gathered(on, about.say(_PHOTO, child=child), told.photo.alt, photo_id=told.photo.id)


def _written(work: Work, about: About, child_id: uuid.UUID, child: str) -> Iterator[Gathered]:
    own, calendar = whanau.household_contacts(work, about.contact), schools.calendar_of(work)
    found = [
        reply for reply, _ in conversations.replies_about(work, [child_id], waiting=False, limit=MOST, by=own)
    ]  # fmt: skip
    pictures = conversations.pictures_with(work, [each.id for each in found])
    answers = conversations.answers_of_children(work, [each.id for each in found])
    for reply in found:
        on = calendar.local(reply.received_at).date()
        if reply.words:
            yield Gathered(on, about.say(_WRITTEN, child=child), reply.words)
        for picture in pictures.get(reply.id, []):
            if picture.state is PictureState.KEPT:
                yield Gathered(on, about.say(_PICTURE, child=child), "", picture_id=picture.id)
        answered = answers.get((reply.id, child_id))
        if answered is not None:
            card = about.say(CARD_WORDS[Card(answered.card)]) if answered.card else ""
            said = "\n".join(filter(None, [card, answered.words]))
            yield Gathered(calendar.local(answered.at).date(), about.say(_ANSWERED, child=child), said)


def _noted(work: Work, about: About, child_id: uuid.UUID, child: str) -> Iterator[Gathered]:
    calendar = schools.calendar_of(work)
    lines = [each.line for each in partnership.timeline(work, child_id, moments=tuple(_NOTED), limit=MOST)]
    korero = partnership.korero_words(work, [line.subject_id for line in lines if line.subject_id])
    for line in lines:
        said = korero.get(line.subject_id) if line.subject_id else None
        if said is not None:
            title = about.say(_NOTED[line.moment], child=child)
            yield Gathered(calendar.local(said.happened_at).date(), title, said.words)


def _said(work: Work, about: About, child_id: uuid.UUID, child: str) -> Iterator[Gathered]:
    """Who they are, what helps and what to avoid, as it was ever said, and by whom."""
    for each in students.history_about(work, child_id):
        if each.words:
            yield Gathered(each.said_on, about.say(_SAID, child=child), f"{each.words}\n{each.said_by}")


def _book(work: Work, about: About, child_id: uuid.UUID, child: str) -> Iterator[Gathered]:
    """Pages that went home while they were this child's, with what is that home's to read."""
    pages = pages_for(work, about.contact, child_id, limit=MOST)
    known = {
        section.id: section
        for book in books_of(work, [child_id], ended=True)
        for section in sections_of(work, book, ended=True)
    }
    stands = standing(work, pages)
    for page in pages:
        for section_id, entry in stands[page.id].items():
            section = known[section_id]
            said = "\n".join(filter(None, [entry.words, ticked_in(section, entry)[about.language]]))
            if said and goes_home(section, entry, about.contact.household_id):
                title = section.title_mi if about.language is Language.MI else section.title_en
                yield Gathered(page.on_day, about.say(_IN_BOOK, child=child, title=title), said)
    yield from _on_pages(work, about, pages, child)


def _on_pages(work: Work, about: About, pages: list[BookPage], child: str) -> Iterator[Gathered]:
    """Photos, voice notes, and what stands beside the pages."""
    own = whanau.household_contacts(work, about.contact)
    photos, sounds, beside = photos_on(work, pages), sounds_on(work, pages), corrections_of(work, pages, home=True)
    spoken = child_sounds_on(work, pages, home=about.contact.household_id, at_home=True)
    for page in pages:
        for photo in photos[page.id]:
            yield Gathered(page.on_day, about.say(_IN_BOOK_PHOTO, child=child), photo.alt, photo_id=photo.id)
        for sound in sounds[page.id]:
            title = about.say(_IN_BOOK, child=child, title=about.say(VOICE_NOTE))
            yield Gathered(page.on_day, title, sound.words, sound_id=sound.id)
        for voice in spoken[page.id]:
            title = about.say(_IN_BOOK, child=child, title=about.say(CHILDS_VOICE))
            yield Gathered(page.on_day, title, voice.words, voice_id=voice.id)
        for each in beside[page.id]:
            if each.contact_id is None or each.contact_id in own:
                yield Gathered(page.on_day, about.say(_BESIDE, child=child), each.words)
