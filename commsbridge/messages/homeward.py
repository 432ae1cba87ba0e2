"""A book's pages on their way home: a message of their own kind, planned and carried like any other.

Each contact has a link of their own to their own page; and the code that proves a device that is new there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from commsbridge import partnership, schools
from commsbridge.foundation import tokens
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.segments import count
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.composing import Composed
from commsbridge.messages.going import Going, begin_going, deliver, end_going, planned_for
from commsbridge.messages.letters import BookNews
from commsbridge.messages.links import Links
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.planning import Planned
from commsbridge.messages.writing import Letterhead, letterhead_of, wake_workers
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Channel, Recipient

# A link in a text is opened within days; after that a new one is a text away (BOOK).
LINK_LASTS = timedelta(days=60)
CODE_LASTS = timedelta(minutes=10)
# An answer that has not left by then is not an answer any more.
LINK_TEXT_LASTS = timedelta(hours=12)
# "No page today" is not worth telling in the night, or on another day.
STILL_TRUE = timedelta(hours=3)
FAMILY_DOOR = "family"
NewsFor = Callable[[Recipient], BookNews | None]


def begin_book_message(
    work: Work, student: Student, *, staff_id: uuid.UUID | None, words: str, moment: Moment = Moment.BOOK
) -> Message:
    """The message by which a page goes home, with its line in the log; ``words`` are what is found by searching."""
    message = Message(
        id=uuid.uuid4(),
        kind=MessageKind.BOOK,
        staff_id=staff_id,
        student_id=student.id,
        words=words,
        made_at=work.now,
    )
    work.session.add(message)
    work.session.flush()
    message.line_id = partnership.write_line(
        work, moment, student_id=student.id, staff_id=staff_id, subject=("message", message.id), words=words
    ).id
    work.session.flush()
    return message


def carry_book(
    work: Work, student: Student, message: Message, news_for: NewsFor, *, to: Collection[uuid.UUID], links: Links
) -> list[uuid.UUID]:
    """Send what ``news_for`` gives each of these contacts, in their way and language; who got none is left out.

    Returns the contacts for whom something was written down: on its way, held, or for a person to carry.
    """
    if message.line_id is None:
        raise ValueError("a message of a book has its line")
    head = letterhead_of(work, links)
    going = planned_for(work, student, MessageKind.BOOK, head, to)
    act = begin_going(work, head, student, message, going)
    done = []
    for recipient, way in going:
        news = news_for(recipient)
        if news is not None:
            deliver(work, act, recipient, way, partial(_compose, work, head, (recipient, way, news)))
            done.append(recipient.contact_id)
    end_going(work, act, going, done)
    return done


def tell_no_page(work: Work, student: Student, *, to: Collection[uuid.UUID], links: Links) -> list[uuid.UUID]:
    """Tell these contacts, who asked for that, that no page comes today. Returns those who are told.

    Whom it would reach later than this evening is told nothing: by then it is not true any more. It is no good news.
    """
    head = letterhead_of(work, links)
    going = [
        (each, way)
        for each, way in planned_for(work, student, MessageKind.BOOK, head, to)
        if way.state is State.QUEUED and way.due_at <= work.now + STILL_TRUE
    ]
    if not going:
        return []
    words = say(Language.EN, letters.NO_PAGE_TODAY, name=student.preferred_name)
    message = begin_book_message(work, student, staff_id=None, words=words, moment=Moment.NOTICE)
    act = begin_going(work, head, student, message, going)
    for recipient, way in going:
        deliver(work, act, recipient, way, partial(_compose_none, work, act, (recipient, way)))
    done = [each.contact_id for each, _ in going]
    end_going(work, act, going, done)
    return done


def _compose_none(work: Work, act: Going, written_for: tuple[Recipient, Planned], delivery_id: uuid.UUID) -> Composed:
    recipient, to = written_for
    return composing.compose_no_page(
        act.head.paper,
        act.head.sender(to),
        recipient,
        to,
        child=act.student.preferred_name,
        link=open_family_page(work, delivery_id, links=act.head.links),
        change_url=act.head.change_url(delivery_id),
    )


def _compose(
    work: Work, head: Letterhead, written_for: tuple[Recipient, Planned, BookNews], delivery_id: uuid.UUID
) -> Composed:
    recipient, to, news = written_for
    if to.channel not in CARRIED:
        reads = Language.MI if to.language == Language.MI else Language.EN
        said = [part.words or (part.ticked or {}).get(reads, "") for day in news.days for part in day.parts]
        return Composed(None, "\n\n".join(filter(None, said)), None, 0, None, to.language)
    return composing.compose_book(
        head.paper,
        head.sender(to),
        recipient,
        to,
        news,
        link=open_family_page(work, delivery_id, links=head.links),
        change_url=head.change_url(delivery_id),
    )


def open_family_page(work: Work, delivery_id: uuid.UUID, *, links: Links) -> str:
    """The link to the page of whoever a delivery went to, open for LINK_LASTS; the page then asks who opens it."""
    secret = tokens.new_secret()
    schools.open_door(work, secret, purpose=FAMILY_DOOR, subject_id=delivery_id, expires_at=work.now + LINK_LASTS)
    return links.family_url(secret)


def send_page_link(work: Work, recipient: Recipient, to: tuple[Channel, str], *, links: Links) -> Delivery | None:
    """Answer BOOK: the link to somebody's own page, to the phone that asked; None where nobody carries it."""
    head = letterhead_of(work, links)
    sender = head.senders.get(head.rules.sender_for(to[0]) or uuid.UUID(int=0))
    if sender is None:
        return None
    delivery_id = uuid.uuid4()
    link = open_family_page(work, delivery_id, links=links)

    def write(paper: letters.School, reads: letters.Reads) -> str:
        who = composing.reader(recipient, reads)
        return letters.page_link_text(paper, composing.text_sender(sender), who, link=link)

    body, language = composing.in_their_language(head.paper, _reads(recipient), write)
    composed = Composed(None, body, None, count(body).segments, None, language)
    return _answer(work, recipient, to, composed, delivery_id=delivery_id, sender_id=sender.id, lasts=LINK_TEXT_LASTS)


def send_code(work: Work, recipient: Recipient, like: Delivery, code: str, *, links: Links) -> Delivery:
    """Send a code to where ``like`` went, and nowhere else: whoever opens the page must have that phone or mail."""
    if like.sender_id is None or like.address is None:
        raise ValueError("a code goes where a carrier carried the link")
    head = letterhead_of(work, links)
    channel = Channel(like.channel)

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if channel is Channel.TEXT:
            shape = composing.text_sender(head.senders.get(like.sender_id or uuid.UUID(int=0)))
            return letters.code_text(paper, shape, reads, code=code)
        return letters.code_mail(paper, composing.reader(recipient, reads), code=code)

    written, language = composing.in_their_language(head.paper, _reads(recipient), write)
    composed = (
        Composed(None, written, None, count(written).segments, None, language)
        if isinstance(written, str)
        else Composed(written.subject, written.text, written.html, 1, None, language)
    )
    return _answer(
        work,
        recipient,
        (channel, like.address),
        composed,
        delivery_id=uuid.uuid4(),
        sender_id=like.sender_id,
        lasts=CODE_LASTS,
    )


def links_lately(work: Work, address: str) -> int:
    """How many links and codes of own pages went to a phone or mail within this hour."""
    rows = select(func.count()).select_from(Delivery).join(
        Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id)
    )  # fmt: skip
    lately = Delivery.address == address, Delivery.made_at > work.now - timedelta(hours=1)
    return work.session.scalar(rows.where(Message.kind == MessageKind.OWN_PAGE, *lately)) or 0


def _reads(recipient: Recipient) -> str:
    return recipient.language if recipient.language in set(letters.Reads) else letters.Reads.BOTH.value


def _answer(
    work: Work,
    recipient: Recipient,
    to: tuple[Channel, str],
    composed: Composed,
    *,
    delivery_id: uuid.UUID,
    sender_id: uuid.UUID,
    lasts: timedelta,
) -> Delivery:
    """What somebody asked for this minute goes at once, whatever the hour; it stands in no log."""
    message = Message(id=uuid.uuid4(), kind=MessageKind.OWN_PAGE, made_at=work.now)
    work.session.add(message)
    work.session.flush()
    delivery = Delivery(
        id=delivery_id,
        message_id=message.id,
        contact_id=recipient.contact_id,
        channel=to[0],
        address=to[1],
        sender_id=sender_id,
        language=composed.language,
        subject=composed.subject,
        body=composed.body,
        html=composed.html,
        units=composed.units,
        lane=LANE_RANK[Lane.CONVERSATION],
        state=State.QUEUED,
        due_at=work.now,
        expires_at=work.now + lasts,
        made_at=work.now,
        logged_state=State.QUEUED,
    )
    work.session.add(delivery)
    work.session.flush()
    wake_workers(work)
    return delivery
