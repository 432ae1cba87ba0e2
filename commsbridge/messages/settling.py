"""Settling: the log is told what became of each delivery, and what was learnt on the way is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import DateTime, bindparam, exists, func, literal, or_, select, update

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.lessons import cause_of, take_lesson
from commsbridge.messages.models import Awaits, Delivery, Message, MessageKind, State
from commsbridge.messages.planning import NEWS_LASTS, USABLE, Rules, Why, hold_for, hours_for, is_wished
from commsbridge.messages.rules import rules_of
from commsbridge.messages.telling import give_doubt_to_person, give_to_person, log_state, welcome_goes
from commsbridge.messages.waiting import cancel, give_up
from commsbridge.students import Student
from commsbridge.tasks import Task, TaskKind
from commsbridge.whanau import Channel, MayMessage, Recipient, WayState

# What grows old and may wait for better hours; an answer to a keyword, or a link to set a password, does neither.
NEWS = (
    MessageKind.PRAISE,
    MessageKind.WELCOME,
    MessageKind.NOTICE,
    MessageKind.WORK_ON,
    MessageKind.ANSWER,
    MessageKind.CONCERN,
    MessageKind.BOOK,
    MessageKind.PULSE,
    MessageKind.HUI,
    MessageKind.ON_PAGE,
)

SETTLED_AT_ONCE = 5000
# Why a delivery is held that waits for te reo Māori.
AWAITED = {Awaits.CHECK: Why.TE_REO_CHECK, Awaits.TRANSLATION: Why.TRANSLATING}


_WAITING = (
    select(Delivery.id)
    .where(
        Delivery.logged_state.is_distinct_from(Delivery.state),
        Delivery.state.in_([State.SENT, State.UNCERTAIN]),
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    # Asked once: as a mere condition it may be asked, and lock its rows, for each row of a table without statistics.
    .cte("waiting")
)
_TOLD = (
    update(Delivery)
    .where(Delivery.id == _WAITING.c.id)
    .values(logged_state=Delivery.state)
    .returning(
        Delivery.line_id.label("about"),
        Delivery.state.label("moment"),
        func.coalesce(Delivery.settled_at, bindparam("told_at", type_=DateTime(timezone=True))).label("at"),
        Delivery.contact_id,
        Delivery.channel,
        Delivery.language,
        literal("delivery").label("subject"),
        Delivery.id.label("subject_id"),
        Delivery.why,
    )
    .cte("told")
)
# Made once: with a school for each delivery, making it would cost as much as running it.
_TELLING = partnership.folding(select(_TOLD))


def settle(work: Work, *, limit: int = SETTLED_AT_ONCE) -> int:
    """Bring one school's log and deliveries together after the carrier's door changed them. Returns how many.

    What was sent, failed or is in doubt is told to the log; what could not leave in its hours waits for the next ones,
    and after NEWS_LASTS is given up and said so; what a pause held goes when the pause has ended.
    """
    told = tell_sent(work, limit=limit) + _tell_failures(work, limit)
    _give_doubts_to_people(work)
    late = work.session.scalars(
        select(Delivery)
        .where(
            or_(
                (Delivery.state == State.QUEUED) & (Delivery.expires_at <= work.now),
                (Delivery.state == State.HELD) & (Delivery.held_until <= work.now),
            )
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if late:
        rules, _senders = rules_of(work)
        for delivery in late:
            _look_again(work, delivery, rules)
    work.session.flush()
    return told + len(late)


def tell_sent(work: Work, *, limit: int = SETTLED_AT_ONCE) -> int:
    """Tell the log what was sent or is in doubt, many in one statement: this keeps pace with the worker. How many."""
    return len(work.session.scalars(_TELLING, {"told_at": work.now, "most": limit}).all())


def _tell_failures(work: Work, limit: int) -> int:
    """What failed is told to the log, and what it taught is kept."""
    failed = work.session.scalars(
        select(Delivery)
        .where(Delivery.logged_state.is_distinct_from(Delivery.state), Delivery.state == State.FAILED)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in failed:
        log_state(work, delivery)
        take_lesson(work, delivery, cause_of(delivery))
    return len(failed)


def _give_doubts_to_people(work: Work) -> None:
    """A mail in doubt cannot be asked about: a carrier keeps no list of mails. A late report closes the task again."""
    given = exists().where(Task.kind == TaskKind.SETTLE_UNCERTAIN, Task.subject_id == Delivery.id)
    rows = (
        select(Delivery, Message)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Delivery.state == State.UNCERTAIN,
            Delivery.channel == Channel.EMAIL,
            Delivery.contact_id.is_not(None),
            ~given,
        )
    )
    for delivery, message in work.session.execute(rows):
        give_doubt_to_person(work, delivery, message)


def _look_again(work: Work, delivery: Delivery, rules: Rules) -> None:
    """It goes in the next hours that fit, stays held, stops because of what was withdrawn, or has grown too old."""
    message = work.session.get_one(Message, delivery.message_id)
    waits_on = delivery.awaits_until is not None and delivery.awaits_until > work.now
    if delivery.awaits is Awaits.CHECK and not waits_on:
        cancel(work, [delivery], Why.TE_REO_LATE)
        return
    if message.kind not in NEWS or work.now - delivery.made_at > NEWS_LASTS:
        give_up(work, [delivery], Why.NEWS_TOO_OLD)
        return
    recipient = _recipient_now(work, delivery, message)
    if message.student_id is not None and delivery.contact_id is not None:
        against = _against(delivery, message.kind, recipient, rules)
        if against is not None:
            _stand(work, delivery, *against)
            return
    if delivery.awaits is not None and waits_on:
        _stand(work, delivery, State.HELD, AWAITED[delivery.awaits], delivery.awaits_until)
        return
    delivery.awaits = delivery.awaits_until = None
    if message.kind is MessageKind.WELCOME and _welcomed_meanwhile(work, delivery):
        cancel(work, [delivery], None)
    elif delivery.sender_id is None:
        _give_back_to_person(work, delivery, message)
    else:
        _queue_again(work, delivery, message, recipient, rules)


def _recipient_now(work: Work, delivery: Delivery, message: Message) -> Recipient | None:
    """Whoever a delivery is for, as they stand with its child today; None for nobody of a child's at this school."""
    student = work.session.get(Student, message.student_id) if message.student_id else None
    if student is None or (student.left_on is not None and student.left_on <= schools.today(work)):
        return None
    senders = [delivery.sender_id] if delivery.sender_id else []
    with_child = whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=senders)
    return next((each for each in with_child if each.contact_id == delivery.contact_id), None)


def _against(
    delivery: Delivery, kind: MessageKind, recipient: Recipient | None, rules: Rules
) -> tuple[State, Why, datetime | None] | None:
    """What stands against a delivery now: its end or a hold, why, and until when; None when nothing does.

    What held it first may not be the only thing.
    """
    if recipient is None or recipient.may_message is MayMessage.NO:
        return State.CANCELLED, Why.NOT_ALLOWED, None
    if not is_wished(kind, recipient, urgent=delivery.urgent):
        return State.CANCELLED, Why.WISHED_OTHERWISE, None
    if (held := hold_for(kind, recipient, rules)) is not None:
        return State.HELD, *held
    return _against_address(delivery, recipient) if delivery.sender_id is not None else None


def _against_address(delivery: Delivery, recipient: Recipient) -> tuple[State, Why, datetime | None] | None:
    ways = [way for way in recipient.ways if way.channel == delivery.channel and way.address == delivery.address]
    if any(way.stopped for way in ways):
        return State.CANCELLED, Why.STOPPED, None
    if any(way.state is WayState.HELD for way in ways):
        return State.HELD, Why.ADDRESS_HELD, None
    if not any(way.state in USABLE for way in ways):
        return State.FAILED, Why.ADDRESS_WRONG, None
    return None


def _stand(work: Work, delivery: Delivery, state: State, why: Why, until: datetime | None) -> None:
    if state is State.CANCELLED:
        cancel(work, [delivery], why)
    elif state is State.FAILED:
        give_up(work, [delivery], why)
    else:
        told = delivery.state is State.HELD
        delivery.state, delivery.why, delivery.held_until = State.HELD, why, until
        if not told:
            log_state(work, delivery)


def _welcomed_meanwhile(work: Work, delivery: Delivery) -> bool:
    """Whether another welcome went while this one was held: nobody is welcomed twice."""
    return delivery.state is State.HELD and delivery.contact_id is not None and welcome_goes(work, delivery.contact_id)


def _give_back_to_person(work: Work, delivery: Delivery, message: Message) -> None:
    """What a person carries waits for that person again; ``why`` says what kind of carrying it is."""
    delivery.state, delivery.held_until = State.BY_HAND, None
    by_choice = delivery.channel in {Channel.CALL, Channel.SLIP, Channel.VIDEO}
    delivery.why = Why.CARRIED_BY_PERSON if by_choice else Why.OTHER_LANGUAGE
    delivery.logged_state = State.BY_HAND
    delivery.expires_at = work.now + NEWS_LASTS
    give_to_person(work, delivery, message)


def _queue_again(work: Work, delivery: Delivery, message: Message, recipient: Recipient | None, rules: Rules) -> None:
    undo_until = message.undo_until if delivery.attempt == 0 else None
    earliest = max(work.now, undo_until or work.now)
    channel = Channel(delivery.channel)
    hours = hours_for(message.kind, recipient, channel, rules, earliest, urgent=delivery.urgent)
    if hours is None:
        give_up(work, [delivery], Why.NEWS_TOO_OLD)
        return
    delivery.state, delivery.held_until, delivery.due_at = State.QUEUED, None, hours.opens_at
    if hours.opens_at <= work.now:
        # The claim keeps the database's time: on a machine whose clock is fast, now would be later.
        delivery.due_at = func.least(hours.opens_at, func.now())
    delivery.why, delivery.expires_at = hours.why, hours.closes_at
    delivery.logged_state = State.QUEUED


def settle_doubt(work: Work, delivery_id: uuid.UUID, *, carrier_id: str | None, attempt: int | None = None) -> None:
    """The carrier was asked about an uncertain text: it has it (``carrier_id``), or it has it not and it goes again.

    It goes in the hours that fit, unless it was withdrawn meanwhile or is too old: then the teacher is told so. An
    answer about an earlier ``attempt``, or one that another delivery has taken for its own, changes nothing.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != State.UNCERTAIN or attempt not in {None, delivery.attempt}:
        return
    if carrier_id is not None:
        if _is_anothers(work, delivery, carrier_id):
            return
        delivery.state, delivery.carrier_id, delivery.sent_at = State.SENT, carrier_id, work.now
        delivery.settled_at, delivery.code = work.now, None
        log_state(work, delivery)
    else:
        rules, _senders = rules_of(work)
        _look_again(work, delivery, rules)
    work.session.flush()


def _is_anothers(work: Work, delivery: Delivery, carrier_id: str) -> bool:
    """Whether this text of the carrier's is another delivery's; two workers who ask at once come one after the other.

    The same words to the same phone twice are two texts: each of the carrier's settles one doubt.
    """
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(carrier_id, 0))))
    others = select(Delivery.id).where(Delivery.carrier_id == carrier_id, Delivery.id != delivery.id)
    return work.session.scalar(others.limit(1)) is not None
