"""Reading the way out: the deliveries of messages, what did not arrive, what a home last received."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from commsbridge import schools, whanau
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, MessageKind, Photo, Phrase, State
from commsbridge.messages.sharing import CARRIED_WITH
from commsbridge.schools import OptOut


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its phrase, its deliveries and its photo."""

    message: Message
    phrase: Phrase | None
    deliveries: Sequence[Delivery]
    photo: Photo | None = None


def written(work: Work, message_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Written]:
    """Messages by id, each with its phrase, deliveries and photo: four queries at most, however many."""
    if not message_ids:
        return {}
    messages = work.session.scalars(select(Message).where(Message.id.in_(message_ids))).all()
    wanted = {message.phrase_id for message in messages if message.phrase_id}
    phrases = (
        {row.id: row for row in work.session.scalars(select(Phrase).where(Phrase.id.in_(wanted)))} if wanted else {}
    )
    shown = {message.photo_id for message in messages if message.photo_id}
    photos = {row.id: row for row in work.session.scalars(select(Photo).where(Photo.id.in_(shown)))} if shown else {}
    deliveries: dict[uuid.UUID, list[Delivery]] = defaultdict(list)
    rows = select(Delivery).where(Delivery.message_id.in_(message_ids)).order_by(Delivery.made_at, Delivery.id)
    for delivery in work.session.scalars(rows):
        deliveries[delivery.message_id].append(delivery)
    return {
        message.id: Written(
            message,
            phrases.get(message.phrase_id) if message.phrase_id else None,
            deliveries[message.id],
            photos.get(message.photo_id) if message.photo_id else None,
        )
        for message in messages
    }


def did_not_arrive(
    work: Work, student_ids: Collection[uuid.UUID], *, since: datetime
) -> list[tuple[Delivery, Message]]:
    """Deliveries about these children that failed or are in doubt since a time, newest first.

    One that goes another way instead is not among them: that other one is, should it fail too.
    """
    other = aliased(Delivery)
    instead = exists().where(
        other.school_id == Delivery.school_id, other.instead_of_id == Delivery.id, other.state != State.CANCELLED
    )
    rows = (
        select(Delivery, Message)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Delivery.state.in_([State.FAILED, State.UNCERTAIN]),
            Delivery.made_at >= since,
            Message.student_id.in_(student_ids),
            ~instead,
        )
        .order_by(Delivery.made_at.desc())
    )
    return [(delivery, message) for delivery, message in work.session.execute(rows)]


def last_received(work: Work, student_id: uuid.UUID, *, limit: int = 3) -> list[Written]:
    """The newest praises about a child that went home or are about to: what this home last received.

    One that was taken back, or that reached nobody, is not among them.
    """
    home = exists().where(
        Delivery.school_id == Message.school_id,
        Delivery.message_id == Message.id,
        Delivery.state.not_in((State.FAILED, State.CANCELLED)),
    )
    ids = work.session.scalars(
        select(Message.id)
        .where(Message.student_id == student_id, Message.kind == MessageKind.PRAISE, Message.undone_at.is_(None), home)
        .order_by(Message.made_at.desc())
        .limit(limit)
    ).all()
    found = written(work, ids)
    return [found[message_id] for message_id in ids]


def delivery_of(work: Work, delivery_id: uuid.UUID) -> tuple[Delivery, Message] | None:
    """A delivery with its message."""
    delivery = work.session.get(Delivery, delivery_id)
    message = work.session.get(Message, delivery.message_id) if delivery else None
    return (delivery, message) if delivery and message else None


def message_once(work: Work, once_key: str) -> Message | None:
    """The message that a form has become already."""
    return work.session.scalar(select(Message).where(Message.once_key == once_key))


def recent_to(work: Work, address: str, *, since: datetime, limit: int = 20) -> list[tuple[Delivery, Message]]:
    """What went to an address since a time, newest first, with the child each was about: the context of an answer.

    What waited for the morning went in the morning: the time it left counts, where it is known. Whoever shares a phone
    got what went to another there: either may be the one who answers.
    """
    return recent_to_all(work, [address], since=since, limit=limit)[address]


def recent_to_all(
    work: Work, addresses: Collection[str], *, since: datetime, limit: int = 20
) -> dict[str, list[tuple[Delivery, Message]]]:
    """``recent_to`` for many addresses at once; ``limit`` counts for each of them."""
    sent: dict[str, list[tuple[Delivery, Message]]] = {address: [] for address in addresses}
    went_at = func.coalesce(Delivery.sent_at, Delivery.made_at)
    place = func.row_number().over(partition_by=Delivery.address, order_by=went_at.desc())
    placed = (
        select(Delivery, place.label("place"))
        .where(
            Delivery.address.in_(sent),
            went_at >= since,
            or_(
                Delivery.state.in_([State.SENT, State.DELIVERED, State.SENDING, State.UNCERTAIN]),
                Delivery.why.in_(CARRIED_WITH),
            ),
        )
        .subquery()
    )
    # Nothing is joined: while a young table has no statistics, a join would read all of it for each of its rows.
    rows = select(aliased(Delivery, placed)).where(placed.c.place <= limit).order_by(placed.c.place)
    deliveries = work.session.scalars(rows).all()
    about = _messages_of(work, deliveries)
    for delivery in deliveries:
        sent[delivery.address or ""].append((delivery, about[delivery.message_id]))
    return sent


def _messages_of(work: Work, deliveries: Collection[Delivery]) -> dict[uuid.UUID, Message]:
    if not deliveries:
        return {}
    rows = select(Message).where(Message.id.in_({each.message_id for each in deliveries}))
    return {message.id: message for message in work.session.scalars(rows)}


def writers_to(work: Work, contact_id: uuid.UUID, *, since: datetime) -> list[uuid.UUID]:
    """The members of staff who wrote to a contact since a time, in no order that means anything."""
    rows = (
        select(Message.staff_id)
        .join(Delivery, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Delivery.contact_id == contact_id, Delivery.made_at >= since, Message.staff_id.is_not(None))
        .distinct()
    )
    return [staff_id for staff_id in work.session.scalars(rows) if staff_id]


def is_stopped(work: Work, delivery: Delivery) -> bool:
    """Whether whoever got a delivery has since said STOP to its sender at that address."""
    found = select(OptOut.address).where(OptOut.sender_id == delivery.sender_id, OptOut.address == delivery.address)
    return work.session.scalar(found) is not None


def note_may_be_read(work: Work, delivery: Delivery) -> bool:
    """Whether the contact a note went to may still hear about its child: a link must not outlive the right to it."""
    message = work.session.get(Message, delivery.message_id)
    if message is None or message.student_id is None or delivery.contact_id is None:
        return False
    if delivery.state == State.CANCELLED or message.undone_at is not None:
        return False
    writer = whanau.writer_for(work, delivery.contact_id, on=schools.today(work))
    return writer is not None and message.student_id in writer.students


def told_to(
    work: Work, contact_id: uuid.UUID, student_id: uuid.UUID, kind: MessageKind, *, limit: int
) -> list[Written]:
    """What went to one contact about one child, the newest first; nothing that was taken back or never went."""
    rows = (
        select(Message.id)
        .join(Delivery, (Delivery.school_id == Message.school_id) & (Delivery.message_id == Message.id))
        .where(
            Delivery.contact_id == contact_id,
            Message.student_id == student_id,
            Message.kind == kind,
            Message.undone_at.is_(None),
            or_(Delivery.state.in_([State.SENT, State.DELIVERED]), Delivery.why.in_(CARRIED_WITH)),
        )
        .order_by(Message.made_at.desc())
        .limit(limit)
    )
    ids = list(dict.fromkeys(work.session.scalars(rows)))
    told = written(work, ids)
    return [told[each] for each in ids]


def message_by_id(work: Work, message_id: uuid.UUID) -> Message | None:
    """One message."""
    return work.session.get(Message, message_id)


def sent_before(work: Work, once_key: str | None) -> uuid.UUID | None:
    """The message a form has already become."""
    return work.session.scalar(select(Message.id).where(Message.once_key == once_key)) if once_key else None


def words_of(told: Written, child: str, language: Language) -> str:
    """What a message said about a child, for somebody at school: the phrase in their language, own words as typed."""
    phrase = ""
    if told.phrase is not None:
        phrase = told.phrase.text_mi if language is Language.MI else told.phrase.text_en
    return " ".join(filter(None, [phrase.replace("{name}", child), told.message.words]))


def sent_to_home(work: Work, contact_ids: Collection[uuid.UUID], *, since: datetime) -> dict[MessageKind, int]:
    """How many messages reached or went to these contacts since a time, by kind: one that went to two is one."""
    rows = (
        select(Message.kind, func.count(Message.id.distinct()))
        .join(Delivery, (Delivery.school_id == Message.school_id) & (Delivery.message_id == Message.id))
        .where(
            Delivery.contact_id.in_(contact_ids),
            Message.made_at >= since,
            Message.undone_at.is_(None),
            or_(Delivery.state.in_([State.SENT, State.DELIVERED]), Delivery.why.in_(CARRIED_WITH)),
        )
        .group_by(Message.kind)
    )
    return {MessageKind(kind): many for kind, many in work.session.execute(rows).all()}
