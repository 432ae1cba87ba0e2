"""What a child records alone: nothing screens it, so somebody at school listens first and writes its words beside it.

Then it goes where the child chose, and before that nowhere.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge import conversations, tasks
from commsbridge.books.models import Book, BookEntry, BookPage, Sees
from commsbridge.books.reading import page_for
from commsbridge.books.sounds import MOST_SOUNDS
from commsbridge.books.writing import LONGEST_WORDS, hold_page, to_named_people
from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.sounds import read_sound
from commsbridge.foundation.work import Work
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Contact

_NOT_HERE = N_("That voice note is not here.")


class ChildSound(SchoolRow, Model):
    """A child's voice on a page, recorded on a device that ``staff_id`` handed over.

    ``sees`` says who hears it, ``household_id`` which home where it is one. It has no words before somebody at school
    listened (``heard_by``, ``heard_at``). ``alert_id``: its words went to the people named for safety.
    """

    __tablename__ = "child_sounds"

    page_id: Mapped[uuid.UUID]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(deferred=True)
    sees: Mapped[Sees] = mapped_column(OneOf(Sees, 10))
    household_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    heard_by: Mapped[uuid.UUID | None]
    heard_at: Mapped[datetime | None]
    alert_id: Mapped[uuid.UUID | None]
    __table_args__ = within_school(
        belongs_to("book_pages", "page_id"),
        belongs_to("households", "household_id"),
        belongs_to("staff", "staff_id"),
        belongs_to("staff", "heard_by"),
        belongs_to("safety_alerts", "alert_id"),
        CheckConstraint("sees IN ('teacher', 'one_home', 'homes', 'hui')", name="sees_is_known"),
        CheckConstraint("(sees = 'one_home') = (household_id IS NOT NULL)", name="one_home_is_named"),
        Index("ix_child_sounds_page", "school_id", "page_id"),
        Index(
            "uq_child_sounds_alert", "school_id", "alert_id", unique=True, postgresql_where=text("alert_id IS NOT NULL")
        ),
    )


def record_alone(
    work: Work, page: BookPage, content: bytes, *, sees: Sees, household_id: uuid.UUID | None
) -> ChildSound:
    """Keep what a child recorded alone, for whom the child chose, in the name of whoever handed the device over.

    Raises Invalid as ``read_sound`` does, for too many, or for no home named; Conflict for a page that went home.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    hold_page(work, page)
    sound = read_sound(content, field="sound")
    if len(_on(work, [page])[page.id]) >= MOST_SOUNDS:
        raise Invalid(N_("A page holds at most %(most)s voice notes."), field="sound", most=MOST_SOUNDS)
    if sees is Sees.ONE_HOME and household_id is None:
        raise Invalid(N_("Choose who may see it."), field="sees")
    kept = ChildSound(
        id=uuid.uuid4(),
        page_id=page.id,
        media_type=sound.media_type,
        content=sound.content,
        sees=sees,
        household_id=household_id if sees is Sees.ONE_HOME else None,
        staff_id=work.actor.id,
        at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def hear(work: Work, book: Book, sound_id: uuid.UUID, words: str) -> ChildSound:
    """Somebody listened to what a child recorded, and writes what is said in it; from now on it goes where they chose.

    Words that may be about somebody's safety go to the people named for that, and it leaves the school by no book.
    Raises NotFound, Conflict for one that was heard, Invalid without its words.
    """
    child_sound_of(work, book.id, sound_id)
    held = work.session.get_one(ChildSound, sound_id, with_for_update=True, populate_existing=True)
    if held.heard_at is not None:
        raise Conflict(N_("Somebody has listened to it already."))
    said = tidy(words)
    if not said or len(said) > LONGEST_WORDS:
        raise Invalid(
            N_("Write down what the student says in it, in 1 to %(most)s letters."), field="words", most=LONGEST_WORDS
        )
    if conversations.safety.worries(said):
        held.alert_id, held.sees, held.household_id = to_named_people(work, book, said), Sees.TEACHER, None
    held.words, held.heard_by, held.heard_at = said, work.actor.id, work.now
    work.session.flush()
    if not unheard_on(work, work.session.get_one(BookPage, held.page_id)):
        tasks.close_tasks_about(work, TaskKind.HEAR_CHILD, book.id, outcome="heard")
    return held


def goes_to(sound: ChildSound, household_id: uuid.UUID | None) -> bool:
    """Whether a recording goes to a home: once it was heard, where the child chose."""
    if sound.heard_at is None or sound.alert_id is not None:
        return False
    ours = household_id is not None and sound.household_id == household_id
    return sound.sees is Sees.HOMES or (sound.sees is Sees.ONE_HOME and ours)


def child_sounds_on(
    work: Work, pages: Collection[BookPage], *, home: uuid.UUID | None = None, at_home: bool = False
) -> dict[uuid.UUID, list[ChildSound]]:
    """What the child recorded on pages and somebody has listened to; ``at_home``: what this home may hear of it.

    What waits with the people named for safety stands for nobody.
    """
    found = _on(work, pages)
    told = {each.alert_id for sounds in found.values() for each in sounds if each.alert_id}
    stands = conversations.safety.let_stand(work, told)
    shown: dict[uuid.UUID, list[ChildSound]] = defaultdict(list)
    for page_id, sounds in found.items():
        for each in sounds:
            heard = each.heard_at is not None and (each.alert_id is None or each.alert_id in stands)
            if heard and (not at_home or goes_to(each, home)):
                shown[page_id].append(each)
    return shown


def unheard_on(work: Work, page: BookPage) -> list[ChildSound]:
    """What the child recorded on a page and nobody has listened to yet: it is for a person first."""
    return [each for each in _on(work, [page])[page.id] if each.heard_at is None]


def _on(work: Work, pages: Collection[BookPage]) -> dict[uuid.UUID, list[ChildSound]]:
    found: dict[uuid.UUID, list[ChildSound]] = defaultdict(list)
    rows = select(ChildSound).where(ChildSound.page_id.in_([page.id for page in pages]))
    for each in work.session.scalars(rows.order_by(ChildSound.at, ChildSound.id)) if pages else ():
        found[each.page_id].append(each)
    return found


def recorded_for_hui(work: Work, student_id: uuid.UUID, since: date) -> list[tuple[BookPage, ChildSound]]:
    """What a child recorded for the hui from a day on, once somebody has listened, the first first."""
    rows = (
        select(BookPage)
        .join(Book, (Book.school_id == BookPage.school_id) & (Book.id == BookPage.book_id))
        .where(Book.student_id == student_id, BookPage.on_day >= since)
        .order_by(BookPage.on_day, BookPage.id)
    )
    pages = list(work.session.scalars(rows))
    heard = child_sounds_on(work, pages)
    return [(page, each) for page in pages for each in heard[page.id] if each.sees is Sees.HUI]


def child_sound_of(work: Work, book_id: uuid.UUID, sound_id: uuid.UUID) -> ChildSound:
    """A recording in a book, for staff who see the child. Raises NotFound, also while the named people have it."""
    sound = work.session.get(ChildSound, sound_id)
    page = work.session.get(BookPage, sound.page_id) if sound else None
    if sound is None or page is None or page.book_id != book_id:
        raise NotFound(_NOT_HERE)
    if sound.alert_id is not None and not conversations.safety.let_stand(work, [sound.alert_id]):
        raise NotFound(_NOT_HERE)
    return sound


def child_sound_at_home(
    work: Work, contact: Contact, student_ids: Collection[uuid.UUID], sound_id: uuid.UUID
) -> ChildSound:
    """A recording that goes to this contact's home, on a page that went home. Raises NotFound for any other."""
    sound = work.session.get(ChildSound, sound_id)
    if sound is None:
        raise NotFound(_NOT_HERE)
    page_for(work, contact, student_ids, sound.page_id, no=_NOT_HERE)
    if not goes_to(sound, contact.household_id):
        raise NotFound(_NOT_HERE)
    return sound


def said_behind(work: Work, alert_id: uuid.UUID) -> BookEntry | ChildSound:
    """What a child said in a book, written or recorded, that an alert is about: for the people named for safety."""
    recorded = work.session.scalars(select(ChildSound).where(ChildSound.alert_id == alert_id)).one_or_none()
    if recorded is not None:
        return recorded
    return work.session.scalars(select(BookEntry).where(BookEntry.alert_id == alert_id)).one()
