"""Answers of the service itself: to STOP, START and HELP, and to a number nobody knows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from commsbridge import schools
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.asked_language import language_meant
from commsbridge.foundation.segments import count
from commsbridge.foundation.work import Work
from commsbridge.messages import letters, wordings
from commsbridge.messages.composing import in_their_language, school_of_letters, text_sender
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.writing import wake_workers
from commsbridge.schools import Sender

# An answer to a keyword that comes later than this answers nothing.
ANSWER_LASTS = timedelta(hours=2)
# Answers of the service to one number: two machines that answer each other fall silent within minutes, and a person who
# tries out three words is answered each time. That nothing more comes, and who helps now, counts for the day alone.
MOST_ANSWERS_AN_HOUR = 4
MOST_ANSWERS_A_DAY = 6


@dataclass(frozen=True, slots=True)
class Answered:
    """To whom an answer goes: the address, the sender it came to, the contact where known, the language they read."""

    address: str
    sender: Sender
    contact_id: uuid.UUID | None
    language: str


def answer_stop(work: Work, to: Answered) -> Delivery | None:
    """Say that nothing more will come."""
    return _answer(work, to, letters.stopped_text, an_hour=MOST_ANSWERS_A_DAY)


def answer_start(work: Work, to: Answered) -> Delivery | None:
    """Say that messages will come again."""
    return _answer(work, to, letters.started_text)


def answer_help(work: Work, to: Answered) -> Delivery | None:
    """Say who writes, how to stop, and where help is."""
    kept = schools.school_of(work).office_phone
    phone = show_phone(kept) if kept else None
    return _answer(work, to, lambda school, sender, reads: letters.help_text(school, sender, reads, office_phone=phone))


def answer_stranger(work: Work, to: Answered) -> Delivery | None:
    """Tell a number nobody knows that a person will read it; once a day, and it names nobody."""
    if _answered(work, to.address):
        return None
    return _answer(work, to, letters.stranger_text)


def answer_in_danger(work: Work, to: Answered) -> Delivery | None:
    """Say who helps now, and nothing of what was written; None when the phone has had its answers today."""
    return _answer(work, to, letters.danger_text, an_hour=MOST_ANSWERS_A_DAY)


def answer_received(
    work: Work, to: Answered, *, by: date | None, closed_until: date | None, watched: bool
) -> Delivery | None:
    """Say that a person will read it, by when an answer may be expected, and until when the school is closed."""
    return _answer(
        work,
        to,
        lambda school, sender, reads: letters.received_text(
            school, sender, reads, by=by, closed_until=closed_until, watched=watched
        ),
    )


def ask_which_child(work: Work, to: Answered, children: Sequence[str]) -> Delivery | None:
    """Ask which of these children, by first name, a message is about; None when the phone has had its answers today."""
    return _answer(
        work, to, lambda school, sender, reads: letters.which_child_text(school, sender, reads, children=children)
    )


def ask_to_stop(work: Work, to: Answered) -> Delivery | None:
    """Ask whether we shall stop; None when the phone has had its answers today."""
    return _answer(work, to, letters.shall_we_stop_text)


def answer_going_on(work: Work, to: Answered) -> Delivery | None:
    """Say that messages come as before."""
    return _answer(work, to, letters.going_on_text)


def answer_language(work: Work, to: Answered) -> Delivery | None:
    """Say which language we write in from now on."""
    return _answer(work, to, letters.language_text)


def answer_pause(work: Work, to: Answered, until: date | None) -> Delivery | None:
    """Say until when nothing comes; None: until they say START."""
    return _answer(work, to, lambda school, sender, reads: letters.pause_text(school, sender, reads, until=until))


def answer_asked(work: Work, to: Answered, keyword: str, who: str | None) -> Delivery | None:
    """Say that a person has been asked, by the name families read, or the office (None)."""
    return _answer(
        work, to, lambda school, sender, reads: letters.asked_text(school, sender, reads, keyword=keyword, who=who)
    )


def ask_pulse(work: Work, to: Answered, question: str) -> Delivery | None:
    """Ask one of the questions of a term, by its key, of whoever has just answered."""
    return _answer(
        work, to, lambda school, sender, reads: letters.pulse_next_text(school, sender, reads, question=question)
    )


def answer_pulse(work: Work, to: Answered, *, counted: bool) -> Delivery | None:
    """Thank whoever answered the questions of a term, or say that their time is over."""
    return _answer(work, to, letters.pulse_thanks_text if counted else letters.pulse_over_text)


def _had_enough(work: Work, made: Sequence[datetime], an_hour: int) -> bool:
    """Whether a phone that got these answers has had those of this hour, or of this day."""
    this_hour = [at for at in made if at > work.now - timedelta(hours=1)]
    return len(made) >= MOST_ANSWERS_A_DAY or len(this_hour) >= an_hour


def _answered(work: Work, address: str) -> list[datetime]:
    """When the service answered an address within this day; an act that keeps what it knows adds to it."""
    return work.once(("answered", address), lambda: answered_today(work, [address])[address])


def answered_today(work: Work, addresses: Collection[str]) -> dict[str, list[datetime]]:
    """When the service answered each of these addresses within this day."""
    made: dict[str, list[datetime]] = {address: [] for address in addresses}
    rows = (
        select(Delivery.address, Delivery.made_at)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Delivery.address.in_(addresses),
            Message.kind == MessageKind.CONSENT,
            Delivery.made_at > work.now - timedelta(days=1),
        )
    )
    for address, at in work.session.execute(rows):
        made[address or ""].append(at)
    return made


def _answer(
    work: Work,
    to: Answered,
    write: Callable[[letters.School, letters.TextSender, letters.Reads], str],
    *,
    an_hour: int = MOST_ANSWERS_AN_HOUR,
) -> Delivery | None:
    made = _answered(work, to.address)
    if _had_enough(work, made, an_hour):
        return None
    made.append(work.now)
    reads = language_meant(to.language) or letters.Reads.BOTH
    paper = school_of_letters(schools.school_of(work), wordings.voice_of(work))
    sender = text_sender(to.sender)
    body, language = in_their_language(paper, reads.value, lambda paper, reads: write(paper, sender, reads))
    message = Message(id=uuid.uuid4(), kind=MessageKind.CONSENT, made_at=work.now)
    work.write(message)
    delivery = Delivery(
        id=uuid.uuid4(),
        message_id=message.id,
        contact_id=to.contact_id,
        channel="text",
        address=to.address,
        sender_id=to.sender.id,
        language=language,
        body=body,
        units=count(body).segments,
        lane=LANE_RANK[Lane.CONVERSATION],
        state=State.QUEUED,
        due_at=work.now,
        expires_at=work.now + ANSWER_LASTS,
        made_at=work.now,
        logged_state=State.QUEUED,
    )
    work.write(delivery)
    wake_workers(work)
    return delivery
