"""Writing deliveries down: what every kind of message shares once it is planned and composed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text

from commsbridge import partnership, schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters, wordings
from commsbridge.messages.composing import Composed
from commsbridge.messages.links import Links
from commsbridge.messages.models import (
    LANE_RANK,
    Awaits,
    Delivery,
    Message,
    MessageKind,
    Photo,
    Phrase,
    PhraseKind,
    State,
)
from commsbridge.messages.outbox import CHANNEL
from commsbridge.messages.planning import Planned, Rules, Why
from commsbridge.messages.rules import rules_of
from commsbridge.messages.translations import Translation, answered_translation
from commsbridge.partnership import Line, Moment, NewLine
from commsbridge.schools import School, Sender
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Channel, Recipient

UNDO = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every delivery of a school is written with."""

    school: School
    paper: letters.School
    rules: Rules
    senders: dict[uuid.UUID, Sender]
    links: Links

    def sender(self, to: Planned) -> Sender | None:
        """The sender of a planned delivery; None for what a person carries."""
        return self.senders.get(to.sender_id) if to.sender_id else None

    def change_url(self, delivery_id: uuid.UUID) -> str:
        """The page on which whoever gets a delivery stops or changes what comes."""
        return self.links.change_url(self.school.number, delivery_id)

    def photo_url(self, delivery_id: uuid.UUID) -> str:
        """The page that shows the photo of a delivery."""
        return self.links.photo_url(self.school.number, delivery_id)


def letterhead_of(work: Work, links: Links) -> Letterhead:
    """The school's letterhead now."""
    rules, senders = rules_of(work)
    school = schools.school_of(work)
    paper = composing.school_of_letters(school, wordings.voice_of(work))
    return Letterhead(school, paper, rules, senders, links)


def news_of(
    work: Work,
    student: Student,
    *,
    phrase_id: uuid.UUID | None,
    words: str,
    staff_id: uuid.UUID,
    words_language: Language | None = None,
    translation: Translation | None = None,
    photo_id: uuid.UUID | None = None,
) -> letters.News:
    """Good news as the letters take it: a phrase with whether its te reo may leave, own words, and who writes."""
    phrase = work.session.get(Phrase, phrase_id) if phrase_id else None
    translator_id = translation.taken_by if translation else None
    people = schools.staff_by_id(work, [each for each in (staff_id, translator_id) if each])
    photo = work.session.get(Photo, photo_id) if photo_id else None
    return letters.News(
        child=student.preferred_name,
        writer=people[staff_id].shown_name,
        phrase=composing.pair_of(phrase),
        words=words,
        words_language=words_language,
        phrase_held_back=phrase is not None and wordings.phrase_is_held_back(work, phrase),
        words_mi=(translation.words_mi or "") if translation else "",
        translator=people[translator_id].shown_name if translator_id else "",
        work_on=phrase is not None and phrase.kind is PhraseKind.WORK_ON,
        photo_shows=photo.alt if photo else "",
    )


def news_of_message(work: Work, message: Message, student: Student) -> letters.News:
    """The good news of a praise that was written before, as it would be told now."""
    if message.staff_id is None:
        raise ValueError("a praise has a writer")
    return news_of(
        work,
        student,
        phrase_id=message.phrase_id,
        words=message.words,
        staff_id=message.staff_id,
        translation=answered_translation(work, message.id),
        photo_id=message.photo_id,
    )


class Written(NamedTuple):
    """A message with its line in the log, and the delivery that must leave before it."""

    message: Message
    line: Line
    after: Delivery | None = None


class SharedPhones:
    """The texts of one message by phone and words: the same words go to one phone once, whoever shares it."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], uuid.UUID] = {}

    def carrier_of(self, to: Planned, composed: Composed, delivery_id: uuid.UUID) -> uuid.UUID | None:
        """The delivery that brings these words to this phone already; None when this is the one that does."""
        if to.channel is not Channel.TEXT or to.state is not State.QUEUED or to.address is None:
            return None
        first = self._first.setdefault((to.address, composed.body), delivery_id)
        return first if first != delivery_id else None


def queue_delivery(
    work: Work,
    head: Letterhead,
    written: Written,
    to: Planned,
    composed: Composed,
    *,
    delivery_id: uuid.UUID,
    carried_by_id: uuid.UUID | None = None,
    carried_why: Why | None = None,
    instead_of_id: uuid.UUID | None = None,
    awaits: tuple[Awaits, datetime] | None = None,
    flush: bool = True,
) -> Delivery:
    """Write one delivery down as planned. With ``carried_by_id`` another brings the same words to the same phone.

    ``awaits`` says which te reo Māori it is held for, and until when. Whoever writes many passes
    ``flush`` as False, flushes once and notes their numbers.
    """
    state = State.CANCELLED if carried_by_id else to.state
    delivery = Delivery(
        id=delivery_id,
        message_id=written.message.id,
        contact_id=to.contact_id,
        channel=to.channel,
        address=to.address,
        sender_id=to.sender_id,
        language=composed.language,
        subject=composed.subject,
        body=composed.body,
        html=composed.html,
        units=composed.units,
        lane=LANE_RANK[to.lane],
        urgent=to.urgent,
        state=state,
        why=(carried_why or Why.SAME_PHONE) if carried_by_id else to.why,
        held_until=to.held_until,
        due_at=to.due_at,
        expires_at=to.expires_at,
        line_id=written.line.id,
        after_id=written.after.id if written.after else None,
        carried_by_id=carried_by_id,
        instead_of_id=instead_of_id,
        may_turn=to.channel in CARRIED and instead_of_id is None,
        photo_id=written.message.photo_id if _holds_photo(written.message, to) else None,
        made_at=work.now,
        logged_state=state,
        awaits=awaits[0] if awaits else None,
        awaits_until=awaits[1] if awaits else None,
    )
    work.session.add(delivery)
    if flush:
        work.session.flush()
        note_numbers(work, head, [to])
    return delivery


def _holds_photo(message: Message, to: Planned) -> bool:
    """Whether the photo goes within the delivery itself: in a mail, unless that only says there is a note."""
    return to.channel is Channel.EMAIL and not message.as_link


class Greeting(NamedTuple):
    """Somebody who is welcomed: because of which child, and the plan of the message that comes after."""

    student: Student
    recipient: Recipient
    to: Planned


def write_welcome(
    work: Work, head: Letterhead, student: Student, recipient: Recipient, to: Planned, *, staff_id: uuid.UUID | None
) -> Delivery:
    """The welcome goes ahead of the first message, by the same way, and is a moment of its own."""
    return write_welcomes(work, head, [Greeting(student, recipient, to)], staff_id=staff_id)[0]


def write_welcomes(
    work: Work, head: Letterhead, greetings: Sequence[Greeting], *, staff_id: uuid.UUID | None
) -> list[Delivery]:
    """A welcome for each, in a few statements however many there are; in the order of ``greetings``."""
    if not greetings:
        return []
    ids = [uuid.uuid4() for _ in greetings]
    new = [
        NewLine(each.student.id, ("message", message_id), each.to.contact_id)
        for each, message_id in zip(greetings, ids, strict=True)
    ]
    lines = partnership.write_lines(work, Moment.WELCOME, new, staff_id=staff_id)
    messages = [
        Message(
            id=message_id,
            kind=MessageKind.WELCOME,
            staff_id=staff_id,
            student_id=line.student_id,
            line_id=line.id,
            made_at=work.now,
            undo_until=work.now + UNDO,
        )
        for message_id, line in zip(ids, lines, strict=True)
    ]
    work.session.add_all(messages)
    work.session.flush()
    written = map(Written, messages, lines)
    deliveries = [_queue_welcome(work, head, each, its) for each, its in zip(greetings, written, strict=True)]
    work.session.flush()
    note_numbers(work, head, [each.to for each in greetings])
    return deliveries


def _queue_welcome(work: Work, head: Letterhead, greeting: Greeting, written: Written) -> Delivery:
    delivery_id = uuid.uuid4()
    composed = composing.compose_welcome(
        head.paper,
        head.sender(greeting.to),
        greeting.recipient,
        greeting.to,
        child=greeting.student.preferred_name,
        change_url=head.change_url(delivery_id),
    )
    return queue_delivery(work, head, written, greeting.to, composed, delivery_id=delivery_id, flush=False)


def note_numbers(work: Work, head: Letterhead, plans: Sequence[Planned]) -> None:
    """Remember the phones and mailboxes that hear from this school on a sender that schools share."""
    shared = ((head.sender(to), to.address) for to in plans)
    schools.note_numbers(work, {(sender.id, at) for sender, at in shared if sender and sender.shared and at})


def wake_workers(work: Work) -> None:
    """Tell the workers, when this act is committed, that something waits."""
    work.once("woken", lambda: work.session.execute(text(f"NOTIFY {CHANNEL}")))
