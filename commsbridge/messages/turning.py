"""Turning: what did not arrive goes once more to the same person, the same way by day or the other they agreed to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.answer_letters import compose_answer
from commsbridge.messages.composing import Composed
from commsbridge.messages.gateways import Cause
from commsbridge.messages.links import Links
from commsbridge.messages.models import Delivery, Message, MessageKind, Notice, State
from commsbridge.messages.planning import NEWS_LASTS, Planned, Why, plan
from commsbridge.messages.praise import open_note
from commsbridge.messages.to_many import compose
from commsbridge.messages.translations import answered_translation
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import (
    Letterhead,
    Written,
    letterhead_of,
    news_of_message,
    queue_delivery,
    wake_workers,
    write_welcome,
)
from commsbridge.partnership import Line, Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Channel, Recipient, WayFacts

# A STOP is a wish, not a fault: whoever said it is asked which way they would like, and not followed to another one.
WORTH_ANOTHER_WAY = frozenset(
    {
        Cause.BAD_ADDRESS,
        Cause.NOT_TEXTABLE,
        Cause.NOT_IN_SERVICE,
        Cause.UNREACHABLE,
        Cause.EXPIRED,
        Cause.BLOCKED,
        Cause.TOO_LONG,
        Cause.UNKNOWN,
        Why.ADDRESS_WRONG,
    }
)
# A phone that was off may be on this afternoon, and what failed for no reason given may not fail again: the carrier had
# taken the text, so it goes once more the same way, and only then the other (Twilio's 30003 and 30008).
WORTH_ONCE_MORE = {Cause.UNREACHABLE: timedelta(hours=2), Cause.UNKNOWN: timedelta(minutes=15)}
# Later than this after the first it is not tried again; the other way is quicker.
ONCE_MORE_WITHIN = timedelta(days=1)
SENT_AGAIN = frozenset(
    {MessageKind.PRAISE, MessageKind.NOTICE, MessageKind.ANSWER, MessageKind.CONCERN, MessageKind.WORK_ON}
)
# What is still in this state, or has got there, reaches them: nothing more need go.
ON_THE_WAY = (State.QUEUED, State.HELD, State.SENDING, State.SENT, State.DELIVERED, State.UNCERTAIN)


def turn_to_other_way(work: Work, *, links: Links, limit: int = 500) -> int:
    """Write what failed once more for the other way of the same contact, text for mail or mail for text; how many.

    A text that the carrier took and a phone did not is tried once more the same way first. Each failure is looked at
    once, and what goes another way never turns again. It goes only to a way in use that the contact has not stopped,
    by the rules that hold now; those on a phone that shared the text go theirs.
    """
    failed = work.session.scalars(
        select(Delivery)
        .where(Delivery.state == State.FAILED, Delivery.may_turn)
        .order_by(Delivery.made_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if not failed:
        return 0
    head = letterhead_of(work, links)
    turned = 0
    for delivery in failed:
        delivery.may_turn = False
        message = work.session.get_one(Message, delivery.message_id)
        if message.undone_at is None and _is_worth_it(work, delivery, message):
            if _go_once_more(work, head, delivery, message):
                turned += 1
            else:
                turned += sum(_turn(work, head, each, message) for each in (delivery, *_sharers(work, delivery)))
    work.session.flush()
    if turned:
        wake_workers(work)
    return turned


def _is_worth_it(work: Work, delivery: Delivery, message: Message) -> bool:
    fresh = work.now - delivery.made_at <= NEWS_LASTS
    return message.kind in SENT_AGAIN and delivery.why in WORTH_ANOTHER_WAY and fresh


def _sharers(work: Work, delivery: Delivery) -> list[Delivery]:
    rows = select(Delivery).where(Delivery.carried_by_id == delivery.id, Delivery.why == Why.SAME_PHONE)
    return list(work.session.scalars(rows.order_by(Delivery.made_at, Delivery.id).with_for_update(key_share=True)))


def send_again(work: Work, delivery_id: uuid.UUID, *, links: Links) -> Delivery:
    """A person sends what did not arrive once more, by the first way that works now.

    Raises NotFound, or Conflict when it has arrived or goes again already, or when no way may be used.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    message = work.session.get(Message, delivery.message_id) if delivery else None
    if delivery is None or message is None or message.kind not in SENT_AGAIN:
        raise NotFound(N_("That message is not here."))
    if delivery.state is not State.FAILED or message.undone_at is not None or _goes_again(work, delivery):
        raise Conflict(N_("It is already on its way again, or has arrived."))
    delivery.may_turn = False
    if not _turn(work, letterhead_of(work, links), delivery, message, any_way=True):
        raise Conflict(N_("There is no way that works. Ask the office to mend their number or address first."))
    wake_workers(work)
    return delivery


def _goes_again(work: Work, delivery: Delivery) -> bool:
    again = select(Delivery.id).where(Delivery.instead_of_id == delivery.id, Delivery.state != State.CANCELLED)
    return work.session.scalar(again.limit(1)) is not None


def _go_once_more(work: Work, head: Letterhead, delivery: Delivery, message: Message) -> bool:
    """Write a text for the same phone again, some hours later and by day; what is urgent turns at once instead."""
    rests = next((rest for cause, rest in WORTH_ONCE_MORE.items() if delivery.why == cause), None)
    taken = delivery.carrier_id is not None and delivery.sent_at is not None
    if rests is None or not taken or delivery.instead_of_id is not None or delivery.urgent:
        return False
    if delivery.channel != Channel.TEXT or delivery.sent_at is None:
        return False
    latest = min(delivery.sent_at + ONCE_MORE_WITHIN, delivery.made_at + NEWS_LASTS)
    again = _Again(work.now + rests, latest)
    new_id = _write_again(work, head, delivery, message, lambda way: way.address == delivery.address, again=again)
    if new_id is None:
        return False
    for each in _sharers(work, delivery):
        each.carried_by_id = new_id
    return True


def _turn(work: Work, head: Letterhead, delivery: Delivery, message: Message, *, any_way: bool = False) -> bool:
    """Write one delivery for the other way (or any that works); False where there is none that may be used."""
    fits = (lambda _way: True) if any_way else (lambda way: way.channel != delivery.channel)
    return _write_again(work, head, delivery, message, fits) is not None


class _Again(NamedTuple):
    """Not before the one and not after the other."""

    earliest: datetime
    latest: datetime


def _write_again(
    work: Work,
    head: Letterhead,
    delivery: Delivery,
    message: Message,
    fits: Callable[[WayFacts], bool],
    *,
    again: _Again | None = None,
) -> uuid.UUID | None:
    """The new delivery by the first way that ``fits``, or None. With ``again`` it waits, and may still turn."""
    student = work.session.get(Student, message.student_id) if message.student_id else None
    line = work.session.get(Line, delivery.line_id) if delivery.line_id else None
    recipient = _recipient(work, head, student, delivery) if student is not None else None
    if student is None or line is None or recipient is None:
        return None
    reached = replace(recipient, ways=tuple(way for way in recipient.ways if way.channel in CARRIED and fits(way)))
    earliest = again.earliest if again else work.now
    to = plan(message.kind, reached, head.rules, work.now, earliest=earliest, urgent=delivery.urgent)
    if not isinstance(to, Planned) or to.state is State.BY_HAND or _is_there_already(work, message, to):
        return None
    if again is not None and (to.state is not State.QUEUED or to.due_at > again.latest):
        return None
    welcomes = Welcomes(work, [to.contact_id])
    first = welcomes.before(to)
    if first is None and welcomes.wanted(to):
        first = write_welcome(work, head, student, recipient, to, staff_id=message.staff_id)
        whanau.mark_welcomed(work, [to.contact_id])
    new_id = uuid.uuid4()
    composed = _compose(work, head, message, recipient, to, student=student, delivery_id=new_id)
    written = Written(message, line, first)
    queued = queue_delivery(work, head, written, to, composed, delivery_id=new_id, instead_of_id=delivery.id)
    queued.may_turn = again is not None
    partnership.fold_onto(
        work,
        line,
        Moment.OTHER_WAY,
        contact_id=to.contact_id,
        channel=to.channel,
        language=to.language,
        subject=("delivery", new_id),
        why=delivery.why,
    )
    return new_id


def _recipient(work: Work, head: Letterhead, student: Student, delivery: Delivery) -> Recipient | None:
    on = schools.today(work)
    if student.left_on is not None and student.left_on <= on:
        return None
    with_child = whanau.recipients_of(work, student.id, on=on, sender_ids=list(head.senders))
    return next((each for each in with_child if each.contact_id == delivery.contact_id), None)


def _is_there_already(work: Work, message: Message, to: Planned) -> bool:
    """Whether this message goes to that address anyhow: parents share mailboxes, too."""
    same = select(Delivery.id).where(
        Delivery.message_id == message.id, Delivery.address == to.address, Delivery.state.in_(ON_THE_WAY)
    )
    return work.session.scalar(same.limit(1)) is not None


def _compose(
    work: Work,
    head: Letterhead,
    message: Message,
    recipient: Recipient,
    to: Planned,
    *,
    student: Student,
    delivery_id: uuid.UUID,
) -> Composed:
    """The same words as the other way would have brought, in the form of this one."""
    change_url = head.change_url(delivery_id)
    notice = work.session.get(Notice, message.notice_id) if message.notice_id else None
    if notice is not None:
        writer = schools.staff_by_id(work, [notice.staff_id])[notice.staff_id].shown_name
        return compose(head, notice, recipient, to, writer=writer, delivery_id=delivery_id)
    if message.kind is MessageKind.ANSWER:
        translation = answered_translation(work, message.id)
        return compose_answer(work, head, message, recipient, to, delivery_id=delivery_id, translation=translation)
    if message.as_link:
        link = open_note(work, head, delivery_id)
        return composing.compose_note(
            head.paper, head.sender(to), recipient, to, child=student.preferred_name, link=link, change_url=change_url
        )
    news = news_of_message(work, message, student)
    return composing.compose_praise(
        head.paper, head.sender(to), recipient, to, news, change_url=change_url, photo_url=head.photo_url(delivery_id)
    )
