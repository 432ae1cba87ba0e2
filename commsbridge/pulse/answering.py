"""Answers: numbers by text, or on somebody's own page; counted once, and kept beside nobody's name."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from commsbridge import conversations, messages, schools, whanau
from commsbridge.conversations import Post, Reply
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered, MessageKind
from commsbridge.pulse.models import PulseAnswer, PulseAsk, PulseRound
from commsbridge.pulse.questions import HIGHEST, LOWEST
from commsbridge.schools import Sender, SenderKind
from commsbridge.whanau import Channel

PULSE = "PULSE"
# A number that comes so long after the last day is still an answer, which is not counted any more.
STILL_AN_ANSWER = timedelta(days=28)
LANGUAGES = frozenset({"mi", "en", "both"})
# Two questions answered in one number: "34".
TWO_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Open:
    """What somebody was asked this term, and which of it they have not answered; ``closes_on`` is the last day."""

    ask: PulseAsk
    questions: tuple[str, ...]
    closes_on: date
    counts: bool


def take_numbers(
    work: Work, post: Post, *, sender: Sender | None, else_asked_at: datetime | None = None
) -> Reply | None:
    """Take a text or a mail made of numbers alone as the answer to the questions its writer was asked.

    None for everything else: words, a number too large, a keyword, or a number from somebody whom nothing was asked, or
    whom something else was asked since (by the service, or by a person who wrote to them). These go the way of any
    message. Neither the number nor any words are kept with who sent it. ``else_asked_at``: when another room last asked
    that phone for a number it still waits for; asked later, or with nothing open here, the number is that room's.
    """
    numbers = _numbers(post)
    asked = _asked(work, post, else_asked_at) if numbers and post.keyword is None and not post.automatic else None
    if asked is None:
        return None
    reply = conversations.keep_command(work, replace(post, words="", original="", subject=None), PULSE)
    if reply is None:
        return None
    fits = _fitting(numbers, len(asked.questions))
    if fits:
        _count(work, asked, dict(zip(asked.questions, fits, strict=False)))
    if sender is not None and post.channel is Channel.TEXT and not post.carrier_answered:
        _say_back(work, asked, answered=len(fits), to=_to(work, asked.ask, sender))
    return reply


def _numbers(post: Post) -> list[int]:
    """One number of one figure for each question, or both in one; nothing else is an answer."""
    said = conversations.numbers_said(post.words)
    if len(said) == 1 and len(str(said[0])) == TWO_DIGITS:
        split = [int(each) for each in str(said[0])]
        return split if all(LOWEST <= each <= HIGHEST for each in split) else []
    return said if 0 < len(said) <= TWO_DIGITS and all(each <= 9 for each in said) else []


def _fitting(numbers: Sequence[int], questions: int) -> list[int]:
    """The numbers that answer something: none of them where one says nothing."""
    return list(numbers[:questions]) if all(LOWEST <= each <= HIGHEST for each in numbers) else []


def open_for(work: Work, contact_id: uuid.UUID) -> Open | None:
    """What a contact was asked and may still answer; None when there is nothing, or its time is over."""
    rows = select(PulseAsk).where(PulseAsk.contact_id == contact_id)
    found = _newest(work, rows)
    return found if found is not None and found.counts and found.questions else None


def answer(work: Work, contact_id: uuid.UUID, scores: dict[str, int]) -> bool:
    """Count what somebody chose on their own page, by question. False where nothing of it could be counted."""
    rows = select(PulseAsk).where(PulseAsk.contact_id == contact_id).with_for_update()
    asked = _newest(work, rows)
    if asked is None or not asked.counts:
        return False
    fits = {key: score for key, score in scores.items() if key in asked.questions and LOWEST <= score <= HIGHEST}
    _count(work, asked, fits)
    return bool(fits)


def _newest(work: Work, rows: Select[PulseAsk]) -> Open | None:
    row = work.session.scalars(rows.order_by(PulseAsk.asked_at.desc(), PulseAsk.id).limit(1)).first()
    if row is None:
        return None
    asked = work.session.get_one(PulseRound, row.round_id)
    waits = ((asked.first, row.first_done), (asked.second, row.second_done))
    counts = schools.today(work) <= asked.closes_on
    return Open(row, tuple(key for key, done in waits if not done), asked.closes_on, counts)


def _asked(work: Work, post: Post, else_asked_at: datetime | None) -> Open | None:
    """What its writer was asked last, where nothing else has been asked of them since."""
    if post.delivery_id is not None:
        rows = select(PulseAsk).where(PulseAsk.delivery_id == post.delivery_id)
    else:
        rows = select(PulseAsk).where(PulseAsk.address == post.from_address)
    asked = _newest(work, rows.with_for_update())
    if asked is None or schools.today(work) > asked.closes_on + STILL_AN_ANSWER:
        return None
    found = messages.delivery_of(work, asked.ask.delivery_id)
    if found is None or not messages.has_left(found[0]) or not _still_theirs(work, asked.ask):
        return None
    since = max(asked.ask.asked_at, found[0].sent_at or asked.ask.asked_at)
    if post.delivery_id is not None:
        return asked
    open_here = asked.counts and asked.questions
    if else_asked_at is not None and (else_asked_at > since or not open_here):
        return None
    return None if _asked_since(work, post, since) else asked


def asked_at(work: Work, address: str) -> datetime | None:
    """When a phone was last asked what it has not answered; None when nothing is open there."""
    asked = _newest(work, select(PulseAsk).where(PulseAsk.address == address))
    return asked.ask.asked_at if asked is not None and asked.counts and asked.questions else None


def _still_theirs(work: Work, ask: PulseAsk) -> bool:
    writers = whanau.writers_at(work, ask.address, on=schools.today(work))
    return any(writer.contact.id == ask.contact_id for writer in writers)


def _asked_since(work: Work, post: Post, since: datetime) -> bool:
    """Whether a later question may be what the number answers: one of the service, or words of a person to them."""
    if any(each.asked_at > since for each in conversations.open_questions(work, post.from_address)):
        return True
    went = messages.recent_to(work, post.from_address, since=since)
    return any(message.kind is MessageKind.ANSWER for _, message in went)


def _count(work: Work, asked: Open, scores: dict[str, int]) -> None:
    """Each question once; what comes after the last day is not counted."""
    if not asked.counts or not scores:
        return
    language = whanau.language_of(work, asked.ask.contact_id, on=schools.today(work))
    of_term = work.session.get_one(PulseRound, asked.ask.round_id)
    for key, score in scores.items():
        work.session.add(
            PulseAnswer(
                id=uuid.uuid4(), round_id=of_term.id, question=key, score=score,
                language=language if language in LANGUAGES else "other",
            )
        )  # fmt: skip
        asked.ask.first_done |= key == of_term.first
        asked.ask.second_done |= key == of_term.second
    work.session.flush()


def _to(work: Work, ask: PulseAsk, sender: Sender) -> Answered:
    language = whanau.language_of(work, ask.contact_id, on=schools.today(work))
    return Answered(ask.address, sender, ask.contact_id, language)


def _say_back(work: Work, asked: Open, *, answered: int, to: Answered) -> None:
    """The next question, the same once more for a number that says nothing, or thanks."""
    rest = asked.questions[answered:]
    if not asked.counts:
        messages.answer_pulse(work, to, counted=False)
    elif rest and to.sender.kind is not SenderKind.STANDARD:
        messages.ask_pulse(work, to, rest[0])
        asked.ask.asked_at = work.now
        work.session.flush()
    else:
        messages.answer_pulse(work, to, counted=True)
