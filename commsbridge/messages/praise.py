"""Praise: see what each contact will get, and send it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from commsbridge import partnership, schools, whanau
from commsbridge.foundation import tokens
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.composing import NO_DELIVERY, Composed
from commsbridge.messages.links import Links
from commsbridge.messages.models import LANE_RANK, Delivery, Message, MessageKind, Phrase, State
from commsbridge.messages.outbox import CHANNEL
from commsbridge.messages.planning import NotPlanned, Planned, Rules, Why, plan
from commsbridge.messages.rules import rules_of
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.partnership import Line, Moment
from commsbridge.schools import School, Sender
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Recipient

# A text of three segments says enough; the page says so before anyone is stopped by it.
LONGEST_WORDS = 300
UNDO = timedelta(seconds=10)
NOTE_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a teacher chose and wrote about one child. ``as_link``: the words stay behind a link, out of the message."""

    phrase_id: uuid.UUID | None = None
    words: str = ""
    words_language: Language | None = None
    as_link: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What one contact will get, or why nothing. ``unchecked``: it holds te reo that nobody has checked yet."""

    recipient: Recipient
    planned: Planned | None
    composed: Composed | None
    why: Why | None
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class _Letterhead:
    """What every delivery of one message is written with."""

    school: School
    rules: Rules
    senders: dict[uuid.UUID, Sender]
    student: Student
    draft: Draft
    news: letters.News
    phrase: Phrase | None
    links: Links


class _Written(NamedTuple):
    """A message with its line in the log, and the delivery that must leave before it."""

    message: Message
    line: Line
    after: Delivery | None = None


def preview_praise(work: Work, student: Student, draft: Draft, *, links: Links) -> list[Preview]:
    """What each contact of the child would get now, in the order of the child's page; limits are not shown here."""
    head = _letterhead(work, student, draft, links)
    return [
        _preview(work, head, recipient)
        for recipient in _recipients(work, student, head)
        if recipient.may_message is not whanau.MayMessage.NO
    ]


def _preview(work: Work, head: _Letterhead, recipient: Recipient) -> Preview:
    planned = plan(MessageKind.PRAISE, recipient, head.rules, work.now, earliest=work.now)
    if isinstance(planned, NotPlanned):
        return Preview(recipient, None, None, planned.why)
    composed = _compose(head, recipient, planned, NO_DELIVERY, head.links.note_url("·" * 22))
    unchecked = head.phrase is not None and head.phrase.checked_by is None and planned.language in {"mi", "both"}
    return Preview(recipient, planned, composed, planned.why, unchecked)


def _letterhead(work: Work, student: Student, draft: Draft, links: Links) -> _Letterhead:
    words = tidy(draft.words)
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            N_("That is longer than %(limit)s letters. A short praise is read; say the rest at the gate."),
            field="words",
            limit=LONGEST_WORDS,
        )
    phrase = work.session.get(Phrase, draft.phrase_id) if draft.phrase_id else None
    if draft.phrase_id and (phrase is None or phrase.retired_at is not None):
        raise Invalid(N_("That phrase is no longer in the bank. Choose another."), field="phrase")
    if work.actor.id is None:
        raise Invalid(N_("Praise comes from a person: sign in first."))
    writer = schools.staff_by_id(work, [work.actor.id])[work.actor.id]
    news = letters.News(
        child=student.preferred_name,
        writer=writer.shown_name,
        phrase=composing.pair_of(phrase),
        words=words,
        words_language=draft.words_language,
    )
    rules, senders = rules_of(work)
    return _Letterhead(schools.school_of(work), rules, senders, student, draft, news, phrase, links)


def _recipients(work: Work, student: Student, head: _Letterhead) -> list[Recipient]:
    if student.left_on is not None and student.left_on <= schools.today(work):
        return []
    return whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=list(head.senders))


def _compose(
    head: _Letterhead, recipient: Recipient, planned: Planned, delivery_id: uuid.UUID, link: str | None
) -> Composed:
    """The words for one person; with a ``link`` to the note where these must not stand in the message."""
    sender = head.senders.get(planned.sender_id) if planned.sender_id else None
    change_url = head.links.change_url(head.school.number, delivery_id)
    if head.draft.as_link and link is not None and planned.channel in CARRIED:
        return composing.compose_note(
            head.school, sender, recipient, planned, child=head.news.child, link=link, change_url=change_url
        )
    return composing.compose_praise(head.school, sender, recipient, planned, head.news, change_url=change_url)


def send_praise(work: Work, student: Student, draft: Draft, *, links: Links, once_key: str | None = None) -> Message:
    """Praise one child to every contact who may hear it, each in their way and language, after the time to undo.

    The same ``once_key`` again returns the message already sent. Raises Invalid when nothing is said, when the words
    are too long, or when nobody can be reached; then nothing is written.
    """
    if once_key and (known := work.session.scalar(select(Message).where(Message.once_key == once_key))):
        return known
    head = _letterhead(work, student, draft, links)
    earliest = work.now + UNDO
    recipients = _recipients(work, student, head)
    planned = [(each, plan(MessageKind.PRAISE, each, head.rules, work.now, earliest=earliest)) for each in recipients]
    going = [(each, to) for each, to in planned if isinstance(to, Planned)]
    if not going:
        raise Invalid(
            N_(
                "Nobody can be sent a message about %(name)s yet. Ask the office to add or mend a contact, "
                "or write it into the log as a talk at the gate."
            ),
            name=student.preferred_name,
        )
    message = _write_message(work, head, once_key)
    if message is None:
        return work.session.scalars(select(Message).where(Message.once_key == once_key)).one()
    # The welcomes are written first, as they leave first: the log tells them in that order.
    welcomes = Welcomes(work, [each.contact_id for each, to in going if to.sender_id])
    firsts = [welcomes.before(to) for _, to in going]
    for number, (recipient, to) in enumerate(going):
        if firsts[number] is None and welcomes.wanted(to):
            firsts[number] = _welcome(work, head, recipient, to)
    line = _write_line(work, head, message)
    message.line_id = line.id
    for first, (recipient, to) in zip(firsts, going, strict=True):
        _deliver(work, head, _Written(message, line, first), recipient, to)
    whanau.mark_welcomed(work, [to.contact_id for _, to in going if welcomes.wanted(to)])
    _wake_workers(work)
    return message


def _write_message(work: Work, head: _Letterhead, once_key: str | None) -> Message | None:
    """The message, or None when the same form has become one: a second one at this moment waits for the first."""
    written = insert(Message).values(
        id=uuid.uuid4(),
        kind=MessageKind.PRAISE,
        staff_id=work.actor.id,
        student_id=head.student.id,
        phrase_id=head.draft.phrase_id,
        words=head.news.words,
        as_link=head.draft.as_link,
        once_key=once_key,
        made_at=work.now,
        undo_until=work.now + UNDO,
    )
    once = written.on_conflict_do_nothing(index_elements=[Message.school_id, Message.once_key])
    return work.session.scalar(once.returning(Message))


def _write_line(work: Work, head: _Letterhead, message: Message) -> Line:
    phrase = head.phrase
    spoken = [phrase.text_en, phrase.text_mi] if phrase else []
    name = head.news.child
    return partnership.write_line(
        work,
        Moment.PRAISE,
        student_id=head.student.id,
        staff_id=work.actor.id,
        subject=("message", message.id),
        words=" ".join([*(words.replace("{name}", name) for words in spoken), head.news.words]),
    )


def _welcome(work: Work, head: _Letterhead, recipient: Recipient, to: Planned) -> Delivery:
    """The welcome goes ahead of the first message, by the same way, and is a moment of its own."""
    message = Message(
        id=uuid.uuid4(),
        kind=MessageKind.WELCOME,
        staff_id=work.actor.id,
        student_id=head.student.id,
        made_at=work.now,
        undo_until=work.now + UNDO,
    )
    work.session.add(message)
    work.session.flush()
    line = partnership.write_line(
        work,
        Moment.WELCOME,
        student_id=head.student.id,
        staff_id=work.actor.id,
        contact_id=recipient.contact_id,
        subject=("message", message.id),
    )
    message.line_id = line.id
    delivery_id = uuid.uuid4()
    composed = composing.compose_welcome(
        head.school,
        head.senders.get(to.sender_id) if to.sender_id else None,
        recipient,
        to,
        child=head.news.child,
        change_url=head.links.change_url(head.school.number, delivery_id),
    )
    return _queue(work, head, _Written(message, line), to, composed, delivery_id=delivery_id)


def _deliver(work: Work, head: _Letterhead, written: _Written, recipient: Recipient, to: Planned) -> None:
    delivery_id = uuid.uuid4()
    link = None
    if head.draft.as_link and to.channel in CARRIED:
        secret = tokens.new_secret()
        schools.open_door(work, secret, purpose="note", subject_id=delivery_id, expires_at=work.now + NOTE_LASTS)
        link = head.links.note_url(secret)
    composed = _compose(head, recipient, to, delivery_id, link)
    delivery = _queue(work, head, written, to, composed, delivery_id=delivery_id)
    if to.state is State.BY_HAND:
        give_to_person(work, delivery, written.message)
    elif to.state is State.HELD:
        partnership.fold_onto(
            work, written.line, Moment.HELD, contact_id=to.contact_id, channel=to.channel,
            subject=("delivery", delivery.id), why=to.why,
        )  # fmt: skip


def _queue(
    work: Work,
    head: _Letterhead,
    written: _Written,
    to: Planned,
    composed: Composed,
    *,
    delivery_id: uuid.UUID,
) -> Delivery:
    delivery = Delivery(
        id=delivery_id,
        message_id=written.message.id,
        contact_id=to.contact_id,
        channel=to.channel,
        address=to.address,
        sender_id=to.sender_id,
        language=to.language,
        subject=composed.subject,
        body=composed.body,
        html=composed.html,
        units=composed.units,
        lane=LANE_RANK[to.lane],
        state=to.state,
        why=to.why,
        held_until=to.held_until,
        due_at=to.due_at,
        expires_at=to.expires_at,
        line_id=written.line.id,
        after_id=written.after.id if written.after else None,
        made_at=work.now,
        logged_state=to.state,
    )
    work.session.add(delivery)
    sender = head.senders.get(to.sender_id) if to.sender_id else None
    if sender is not None and sender.shared and to.address is not None:
        schools.note_number(work, sender_id=sender.id, address=to.address)
    work.session.flush()
    return delivery


def _wake_workers(work: Work) -> None:
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
