"""Beside a page: one that went home stays as it went, and what puts it right or adds to it stands beside it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from commsbridge import conversations
from commsbridge.books.keeping import book_by_id
from commsbridge.books.models import BookCorrection, BookPage
from commsbridge.books.writing import LONGEST_WORDS
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work

TO_NO_HOME = N_(
    "These words may be about somebody’s safety, and whānau would read them beside the page. "
    "Show them now to whoever looks after safety here."
)


def write_beside(work: Work, page: BookPage, words: str, *, contact_id: uuid.UUID | None = None) -> BookCorrection:
    """Write beside a page that went home: it stays as it went.

    What somebody at school writes and may be about somebody's safety goes to the people named for that, and to no home.
    What a contact writes (``contact_id``) is screened before it comes here, as everything that comes in. Raises Invalid
    for no words, too many, or too soon, and for words about safety where the school has named nobody.
    """
    kept = tidy(words)
    if page.home_at is None:
        raise Invalid(N_("This page has not gone home yet. Change it itself."), field="words")
    if not kept:
        raise Invalid(N_("Write a few words first."), field="words")
    if len(kept) > LONGEST_WORDS:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_WORDS)
    correction = BookCorrection(
        id=uuid.uuid4(),
        page_id=page.id,
        words=kept,
        staff_id=work.actor.id if contact_id is None else None,
        contact_id=contact_id,
        at=work.now,
        alert_id=_to_named_people(work, page, kept) if contact_id is None else None,
    )
    work.session.add(correction)
    work.session.flush()
    return correction


def _to_named_people(work: Work, page: BookPage, words: str) -> uuid.UUID | None:
    safety = conversations.safety
    student_id = book_by_id(work, page.book_id).student_id
    alert = safety.raise_for_child(work, student_id, words, said_in=safety.SaidIn.BESIDE)
    if alert is None and safety.screen(words).says is safety.Screened.URGENT:
        raise Invalid(TO_NO_HOME, field="words")
    return alert.id if alert else None


def corrections_of(
    work: Work, pages: Collection[BookPage], *, home: bool = False
) -> dict[uuid.UUID, list[BookCorrection]]:
    """What was written beside pages, the first first; never what waits with the people named for safety.

    ``home``: for readers at home, whom that never reaches, let stand or not.
    """
    found: dict[uuid.UUID, list[BookCorrection]] = defaultdict(list)
    rows = select(BookCorrection).where(BookCorrection.page_id.in_([page.id for page in pages]))
    written = work.session.scalars(rows.order_by(BookCorrection.at, BookCorrection.id)).all() if pages else ()
    shown = conversations.safety.let_stand(work, {each.alert_id for each in written if each.alert_id and not home})
    for row in written:
        if row.alert_id is None or row.alert_id in shown:
            found[row.page_id].append(row)
    return found


def correction_behind(work: Work, alert_id: uuid.UUID) -> BookCorrection:
    """What stands beside a page and an alert is about: for the people named for safety."""
    return work.session.scalars(select(BookCorrection).where(BookCorrection.alert_id == alert_id)).one()
