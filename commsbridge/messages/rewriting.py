"""Rewriting: the te reo Māori of a message that has gone, or waits, is written anew when people have made it right."""

from __future__ import annotations

from sqlalchemy import select

from commsbridge import schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.answer_letters import compose_answer
from commsbridge.messages.composing import Composed, compose_praise
from commsbridge.messages.links import Links
from commsbridge.messages.models import Awaits, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.planning import Planned
from commsbridge.messages.translations import answered_translation
from commsbridge.messages.waiting import release
from commsbridge.messages.writing import letterhead_of, news_of_message
from commsbridge.students import Student
from commsbridge.whanau import Channel, Recipient


def let_checked_follow(work: Work, *, links: Links) -> int:
    """What went in English goes in te reo Māori, too, now that its wordings may leave. Returns how much does.

    It goes as any news does: in the hours that fit, and not if it was stopped meanwhile (settling looks at it again).
    """
    waiting = work.session.execute(
        select(Delivery, Message)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Delivery.state == State.HELD, Delivery.awaits == Awaits.CHECK, Delivery.awaits_until > work.now)
        .order_by(Delivery.made_at, Delivery.id)
        .with_for_update(of=Delivery, key_share=True)
    ).all()
    going = []
    for delivery, message in waiting:
        composed = write_anew(work, delivery, message, links=links)
        if composed is not None and not composed.held_back:
            put_words(delivery, composed)
            going.append(delivery)
    release(work, going)
    return len(going)


def put_words(delivery: Delivery, composed: Composed) -> None:
    """Give a held delivery the words it waited for."""
    delivery.subject, delivery.body, delivery.html = composed.subject, composed.body, composed.html
    delivery.units, delivery.language = composed.units, composed.language
    delivery.awaits = delivery.awaits_until = None


def write_anew(work: Work, delivery: Delivery, message: Message, *, links: Links) -> Composed | None:
    """The words of praise or an answer for one person as they would be now; None when there is nobody to write to."""
    student = work.session.get(Student, message.student_id) if message.student_id else None
    recipient = _recipient(work, delivery, message)
    if student is None or recipient is None:
        return None
    head = letterhead_of(work, links)
    if message.kind is MessageKind.ANSWER:
        translation = answered_translation(work, message.id)
        to = _planned(delivery)
        return compose_answer(work, head, message, recipient, to, delivery_id=delivery.id, translation=translation)
    return compose_praise(
        head.paper,
        head.sender(_planned(delivery)),
        recipient,
        _planned(delivery),
        news_of_message(work, message, student),
        change_url=head.change_url(delivery.id),
        photo_url=head.photo_url(delivery.id),
    )


def _recipient(work: Work, delivery: Delivery, message: Message) -> Recipient | None:
    if message.student_id is None:
        return None
    found = whanau.recipients_of(work, message.student_id, on=schools.today(work), sender_ids=[])
    return next((each for each in found if each.contact_id == delivery.contact_id), None)


def _planned(delivery: Delivery) -> Planned:
    """The plan by which a delivery was made."""
    if delivery.contact_id is None:
        raise ValueError("a praise goes to a contact")
    return Planned(
        contact_id=delivery.contact_id,
        channel=Channel(delivery.channel),
        address=delivery.address,
        sender_id=delivery.sender_id,
        language=delivery.language,
        state=delivery.state,
        lane=Lane.NORMAL,
        why=None,
        held_until=delivery.held_until,
        due_at=delivery.due_at,
        expires_at=delivery.expires_at,
        welcome_first=False,
    )
