"""That a page was read at home: somebody pressed "I have read this", or answered it; to open a mail is nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from commsbridge import conversations, messages, partnership
from commsbridge.books.models import Book, BookHomeward, BookPage, BookRead
from commsbridge.conversations import Reply, ReplyState, ReplyStudent
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Message, MessageKind, State
from commsbridge.partnership import Moment
from commsbridge.whanau import Contact

# Words that come later than this are hardly about that page.
ANSWERED_WITHIN = timedelta(days=30)


def note_read(work: Work, contact: Contact, page: BookPage, *, told_child: bool) -> None:
    """Somebody at home says that they have read a page, or told the child of it; the log says so, once each."""
    noted = insert(BookRead).values(
        id=uuid.uuid4(), page_id=page.id, contact_id=contact.id, told_child=told_child, at=work.now
    )
    if work.session.scalar(noted.on_conflict_do_nothing().returning(BookRead.id)) is None:
        return
    message = messages.message_by_id(work, page.message_id) if page.message_id else None
    if message is None or message.line_id is None:
        return
    moment = Moment.TOLD_CHILD if told_child else Moment.READ_AT_HOME
    partnership.fold_onto(
        work, partnership.line_by_id(work, message.line_id), moment, contact_id=contact.id, channel="page"
    )


def reads_of(work: Work, pages: Sequence[BookPage], contact_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, bool]]:
    """Which pages these contacts have read or answered (page, False), or told the child of (page, True)."""
    rows = select(BookRead.page_id, BookRead.told_child).where(
        BookRead.page_id.in_([page.id for page in pages]), BookRead.contact_id.in_(contact_ids)
    )
    pressed = {(page_id, told) for page_id, told in work.session.execute(rows)} if pages else set()
    return pressed | {(page_id, False) for page_id, who in _answered(work, pages) if who in contact_ids}


def readers_of(work: Work, pages: Sequence[BookPage]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who at home has read each of these pages, or answered it, by the page."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {page.id: set() for page in pages}
    rows = select(BookRead.page_id, BookRead.contact_id).where(
        BookRead.page_id.in_(found), BookRead.told_child.is_(False)
    )
    for page_id, contact_id in (*work.session.execute(rows), *_answered(work, pages)) if pages else ():
        found[page_id].add(contact_id)
    return found


def _answered(work: Work, pages: Sequence[BookPage]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(page, contact) of who answered which page: by the message that brought it, or beneath it on their own page.

    A text names no message: it answers the last one about that child that went to them (conversations.match).
    """
    went = [page.id for page in pages if page.home_at is not None]
    if not went:
        return set()
    rows = (
        select(BookPage.id, Reply.contact_id)
        .distinct()
        .join(Book, (Book.school_id == BookPage.school_id) & (Book.id == BookPage.book_id))
        .join(
            ReplyStudent,
            (ReplyStudent.school_id == Book.school_id)
            & (ReplyStudent.student_id == Book.student_id)
            & ReplyStudent.moved_at.is_(None),
        )
        .join(Reply, (Reply.school_id == ReplyStudent.school_id) & (Reply.id == ReplyStudent.reply_id))
        .where(
            BookPage.id.in_(went),
            Reply.state == ReplyState.FILED,
            Reply.contact_id.is_not(None),
            Reply.received_at.between(BookPage.home_at, BookPage.home_at + ANSWERED_WITHIN),
            or_(_beneath_it(), _by_its_message(), _by_text()),
        )
    )
    return {(page_id, contact_id) for page_id, contact_id in work.session.execute(rows) if contact_id}


def _beneath_it() -> ColumnElement[bool]:
    """Written on the contact's own page, where the newest page of the book stood first; not beneath a note."""
    newer, its_book = aliased(BookPage), aliased(Book)
    above = (
        select(newer.id)
        .join(its_book, (its_book.school_id == newer.school_id) & (its_book.id == newer.book_id))
        .where(
            its_book.student_id == Book.student_id,
            newer.home_at <= Reply.received_at,
            newer.on_day > BookPage.on_day,
        )
    )
    note = (
        select(Delivery.id)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Delivery.id == Reply.delivery_id, Message.kind == MessageKind.CONCERN)
    )
    return and_(Reply.to_address == conversations.OWN_PAGE, ~note.exists(), ~above.exists())


def _by_its_message() -> ColumnElement[bool]:
    """A mail that answers the message by which the page came."""
    answered = select(Delivery.message_id).where(Delivery.id == Reply.delivery_id).scalar_subquery()
    return and_(Reply.to_address != conversations.OWN_PAGE, _brought_by(answered))


def _by_text() -> ColumnElement[bool]:
    """A text after the message by which the page came, with nothing else about the child between them."""
    last = (
        select(Delivery.message_id)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Delivery.contact_id == Reply.contact_id,
            Message.student_id == Book.student_id,
            Message.kind != MessageKind.WELCOME,
            Delivery.state.not_in([State.CANCELLED, State.FAILED]),
            Delivery.made_at <= Reply.received_at,
        )
        .order_by(Delivery.made_at.desc())
        .limit(1)
        .correlate(Reply, Book)
        .scalar_subquery()
    )
    return and_(Reply.delivery_id.is_(None), _brought_by(last))


def _brought_by(message_id: ScalarSelect[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a message brought the page to whoever replied: its own, or a digest, which is its newest page's."""
    own, newest, its_page = aliased(BookHomeward), aliased(BookHomeward), aliased(BookPage)
    in_digest = (
        select(own.id)
        .join(
            newest,
            (newest.school_id == own.school_id)
            & (newest.contact_id == own.contact_id)
            & (newest.done_at == own.done_at),
        )
        .join(its_page, (its_page.school_id == newest.school_id) & (its_page.id == newest.page_id))
        .where(own.page_id == BookPage.id, own.contact_id == Reply.contact_id, its_page.message_id == message_id)
    )
    return or_(BookPage.message_id == message_id, in_digest.exists())
