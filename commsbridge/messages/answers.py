"""Answers: a person at school answers one contact, in the family's own way and language, in the log like all else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import translating
from commsbridge.messages.answer_letters import in_their_words
from commsbridge.messages.composing import Composed
from commsbridge.messages.links import Links
from commsbridge.messages.models import Awaits, Delivery, Message, MessageKind, State
from commsbridge.messages.planning import Planned, Why, plan
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import (
    UNDO,
    Letterhead,
    Written,
    letterhead_of,
    queue_delivery,
    wake_workers,
    write_welcome,
)
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, MayMessage, Recipient

LONGEST_ANSWER = 600
FURTHEST = timedelta(days=14)
TE_REO = frozenset({"mi", "both"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answers: ``goes_at`` later than now, if at all; ``te_reo_first``: offered to the translators.

    ``channel`` is the way the family wrote, taken where it works.
    """

    words: str
    channel: str | None = None
    goes_at: datetime | None = None
    te_reo_first: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """What an answer would be: its reader, the plan (or why nothing goes), and its words."""

    recipient: Recipient
    planned: Planned | None
    why: Why | None
    composed: Composed | None


def foresee_answer(
    work: Work, student: Student, contact_id: uuid.UUID, answer: Answer, *, links: Links
) -> AnswerSeen | None:
    """What an answer to a contact about a child would be now; None for somebody who is not theirs today."""
    head = letterhead_of(work, links)
    recipient = _recipient(work, head, student, contact_id)
    if recipient is None:
        return None
    to = _plan(work, head, recipient, answer)
    if not isinstance(to, Planned):
        return AnswerSeen(recipient, None, to, None)
    words = tidy(answer.words) or "…"
    composed = in_their_words(head, recipient, to, words, writer=_writer(work), delivery_id=uuid.UUID(int=0))
    return AnswerSeen(recipient, to, None, composed)


def send_answer(
    work: Work,
    children: Sequence[Student],
    contact_id: uuid.UUID,
    answer: Answer,
    *,
    links: Links,
    once_key: str | None = None,
) -> Message:
    """Send an answer to one contact; it stands in the log of each of ``children``, of whom the first names it.

    The same ``once_key`` again returns the answer already sent. Raises Invalid for no words, too many, or a moment that
    cannot be; Conflict when this contact cannot be written to now.
    """
    if once_key and (known := work.session.scalar(select(Message).where(Message.once_key == once_key))):
        return known
    words, head, student = _checked(work, answer), letterhead_of(work, links), children[0]
    recipient = _recipient(work, head, student, contact_id)
    to = _plan(work, head, recipient, answer) if recipient else Why.NOT_ALLOWED
    if recipient is None or not isinstance(to, Planned):
        raise Conflict(N_("No way to write to them works now. Ring them, and say here that you talked."))
    message = _write_message(work, student, words, once_key, undo_until=_earliest(work, answer))
    if message is None:
        return work.session.scalars(select(Message).where(Message.once_key == once_key)).one()
    new = [partnership.NewLine(child.id, ("message", message.id)) for child in children]
    line = partnership.write_lines(work, Moment.ANSWER, new, staff_id=work.actor.id, words=words)[0]
    message.line_id = line.id
    first = _welcome_first(work, head, student, recipient, to)
    delivery_id = uuid.uuid4()
    composed = in_their_words(head, recipient, to, words, writer=_writer(work), delivery_id=delivery_id)
    deadline = _te_reo_deadline(work, student, to, answer)
    if deadline is not None:
        to = replace(to, state=State.HELD, why=Why.TRANSLATING, held_until=deadline)
        translating.offer(work, message, deadline_at=deadline)
    written = Written(message, line, first)
    awaits = (Awaits.TRANSLATION, deadline) if deadline else None
    delivery = queue_delivery(work, head, written, to, composed, delivery_id=delivery_id, awaits=awaits)
    _tell(work, delivery, written)
    wake_workers(work)
    return message


def _checked(work: Work, answer: Answer) -> str:
    words = tidy(answer.words)
    if work.actor.id is None:
        raise ValueError("an answer has a writer")
    if not words:
        raise Invalid(N_("Write a few words first."), field="words")
    if len(words) > LONGEST_ANSWER:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_ANSWER)
    if answer.goes_at is not None and not work.now < answer.goes_at <= work.now + FURTHEST:
        raise Invalid(N_("Choose a time within the next %(days)s days."), field="goes_at", days=FURTHEST.days)
    return words


def _earliest(work: Work, answer: Answer) -> datetime:
    """From when on it may leave; until then it can be taken back."""
    return max(work.now + UNDO, answer.goes_at or work.now)


def _recipient(work: Work, head: Letterhead, student: Student, contact_id: uuid.UUID) -> Recipient | None:
    found = whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=list(head.senders))
    able = (each for each in found if each.may_message is not MayMessage.NO)
    return next((each for each in able if each.contact_id == contact_id), None)


def _plan(work: Work, head: Letterhead, recipient: Recipient, answer: Answer) -> Planned | Why:
    ways = sorted(recipient.ways, key=lambda way: way.channel != answer.channel)
    reader = replace(recipient, ways=tuple(ways))
    to = plan(MessageKind.ANSWER, reader, head.rules, work.now, earliest=_earliest(work, answer))
    return to if isinstance(to, Planned) else to.why


def _te_reo_deadline(work: Work, student: Student, to: Planned, answer: Answer) -> datetime | None:
    """Until when it waits for a translator; None where nobody is asked, or it does not go in te reo Māori."""
    asked = answer.te_reo_first and to.state is State.QUEUED and to.channel in CARRIED and to.language in TE_REO
    if not asked or work.actor.id is None or not translating.somebody_can(work, student.id, asked_by=work.actor.id):
        return None
    return translating.deadline_from(work, work.now)


def _writer(work: Work) -> str:
    return schools.staff_by_id(work, [work.actor.id])[work.actor.id].shown_name if work.actor.id else ""


def _write_message(
    work: Work, student: Student, words: str, once_key: str | None, *, undo_until: datetime
) -> Message | None:
    """The message, or None when the same form has become one."""
    written = insert(Message).values(
        id=uuid.uuid4(), kind=MessageKind.ANSWER, staff_id=work.actor.id, student_id=student.id, words=words,
        once_key=once_key, made_at=work.now, undo_until=undo_until,
    )  # fmt: skip
    once = written.on_conflict_do_nothing(index_elements=[Message.school_id, Message.once_key])
    return work.session.scalar(once.returning(Message))


def _welcome_first(
    work: Work, head: Letterhead, student: Student, recipient: Recipient, to: Planned
) -> Delivery | None:
    welcomes = Welcomes(work, [to.contact_id])
    first = welcomes.before(to)
    if first is None and welcomes.wanted(to):
        first = write_welcome(work, head, student, recipient, to, staff_id=work.actor.id)
        whanau.mark_welcomed(work, [to.contact_id])
    return first


def _tell(work: Work, delivery: Delivery, written: Written) -> None:
    if delivery.state is State.BY_HAND:
        give_to_person(work, delivery, written.message)
    elif delivery.state is State.HELD:
        partnership.fold_onto(
            work, written.line, Moment.HELD, contact_id=delivery.contact_id, channel=delivery.channel,
            subject=("delivery", delivery.id), why=delivery.why,
        )  # fmt: skip
