"""Voice notes on a page: never without their words beside them, put there until the page goes home."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.books.models import BookPage
from commsbridge.books.reading import page_for
from commsbridge.books.writing import LONGEST_WORDS, hold_page
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.sounds import read_sound
from commsbridge.foundation.work import Work
from commsbridge.whanau import Contact

MOST_SOUNDS = 2
VOICE_NOTE = N_("Voice note")
CHILDS_VOICE = N_("In their own voice")
_NOT_HERE = N_("That voice note is not here.")


class BookSound(SchoolRow, Model):
    """A voice note on a page with its words; it goes home with the page, and then stays as the page does."""

    __tablename__ = "book_sounds"

    page_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(deferred=True)
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("book_pages", "page_id"),
        belongs_to("staff", "staff_id"),
        Index("ix_book_sounds_page", "school_id", "page_id"),
    )


def add_sound(work: Work, page: BookPage, content: bytes, *, words: str) -> BookSound | None:
    """Put a voice note on a page with what is said in it; None where the very same stands there already.

    Raises Invalid without its words, as ``read_sound`` does, and for too many; Conflict for a page that went home.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    hold_page(work, page)
    said = tidy(words)
    if not said:
        raise Invalid(
            N_("Write down what is said: nothing goes home without its words beside it."), field="sound_words"
        )
    if len(said) > LONGEST_WORDS:
        raise Invalid(
            N_("That is longer than %(limit)s letters. Shorten it."), field="sound_words", limit=LONGEST_WORDS
        )
    sound = read_sound(content, field="sound")
    there = [each.id for each in sounds_on(work, [page])[page.id]]
    alike = select(BookSound.id).where(BookSound.id.in_(there), BookSound.content == sound.content)
    if there and work.session.scalar(alike.limit(1)) is not None:
        return None
    if len(there) >= MOST_SOUNDS:
        raise Invalid(N_("A page holds at most %(most)s voice notes."), field="sound", most=MOST_SOUNDS)
    kept = BookSound(
        id=uuid.uuid4(),
        page_id=page.id,
        words=said,
        media_type=sound.media_type,
        content=sound.content,
        staff_id=work.actor.id,
        at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def remove_sound(work: Work, page: BookPage, sound_id: uuid.UUID) -> None:
    """Take a voice note off a page and throw it away. Raises NotFound, or Conflict for a page that went home."""
    hold_page(work, page)
    gone = delete(BookSound).where(BookSound.page_id == page.id, BookSound.id == sound_id).returning(BookSound.id)
    if work.session.execute(gone).first() is None:
        raise NotFound(_NOT_HERE)


def sounds_on(work: Work, pages: Collection[BookPage]) -> dict[uuid.UUID, list[BookSound]]:
    """The voice notes on pages, the first first, without their content; one query however many pages."""
    found: dict[uuid.UUID, list[BookSound]] = defaultdict(list)
    rows = select(BookSound).where(BookSound.page_id.in_([page.id for page in pages]))
    for each in work.session.scalars(rows.order_by(BookSound.at, BookSound.id)) if pages else ():
        found[each.page_id].append(each)
    return found


def sound_of(work: Work, book_id: uuid.UUID, sound_id: uuid.UUID) -> BookSound:
    """A voice note in a book, for staff who see the child. Raises NotFound."""
    sound = work.session.get(BookSound, sound_id)
    page = work.session.get(BookPage, sound.page_id) if sound else None
    if sound is None or page is None or page.book_id != book_id:
        raise NotFound(_NOT_HERE)
    return sound


def sound_at_home(work: Work, contact: Contact, student_ids: Collection[uuid.UUID], sound_id: uuid.UUID) -> BookSound:
    """A voice note on a page that went home, for somebody whose page that is. Raises NotFound for any other."""
    sound = work.session.get(BookSound, sound_id)
    if sound is None:
        raise NotFound(_NOT_HERE)
    page_for(work, contact, student_ids, sound.page_id, no=_NOT_HERE)
    return sound
