"""Good news from home that a child may be shown alone: few, lately come, and read by an adult at school before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from commsbridge import messages, partnership, schools, students, whanau
from commsbridge.conversations.child_answers import answer_to
from commsbridge.conversations.models import Reply, ReplyStudent
from commsbridge.conversations.queries import replies_about, students_of_reply
from commsbridge.conversations.safety import with_named_people, worries
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import Contact

# A child answers what is still news to them, and chooses among few.
NEWS_LASTS = timedelta(days=14)
MOST_NEWS = 3


@dataclass(frozen=True, slots=True)
class GoodNews:
    """What somebody at home wrote to be read to the child, and who."""

    reply: Reply
    contact: Contact


def news_for_child(work: Work, student: Student) -> list[GoodNews]:
    """Good news a child may read alone and has not answered, newest first.

    It was marked to be read to them, by home or at school, and an adult at school has read it; it is about this child
    alone, from somebody who may hear of them today, and neither worries nor gives pause. None while the people named
    for safety have something of this child to decide.
    """
    if any(alert.decided_at is None for alert in with_named_people(work, student.id)):
        return []
    cards = whanau.contacts_of(work, student.id, on=schools.today(work), with_limited=False, sender_ids=[])
    hearing: dict[uuid.UUID | None, Contact] = {card.contact.id: card.contact for card in cards}
    found = replies_about(work, [student.id], waiting=False, by=[card.contact.id for card in cards])
    told = [
        GoodNews(reply, contact)
        for reply, about in found
        if (contact := hearing.get(reply.contact_id)) is not None and _is_news(work, student, reply, about)
    ]
    return told[:MOST_NEWS]


def _is_news(work: Work, student: Student, reply: Reply, about: ReplyStudent) -> bool:
    if about.seen_at is None or reply.received_at < work.now - NEWS_LASTS or not reply.words.strip():
        return False
    if not reply.proven or reply.unread or reply.whole or reply.told_to is not None:
        return False
    if not reply.for_child and not _was_read_to(work, about):
        return False
    if list(students_of_reply(work, reply.id)) != [student.id] or answer_to(work, reply.id, student.id) is not None:
        return False
    return not worries(reply.words) and not _gives_pause(work, student, reply.words)


def _was_read_to(work: Work, about: ReplyStudent) -> bool:
    entry = partnership.entry_of(work, about.line_id)
    return entry is not None and entry.has(Moment.READ_TO_CHILD)


def _gives_pause(work: Work, student: Student, words: str) -> bool:
    others = students.names_in_school(work, student.id)
    return bool(
        messages.questions_for(
            words,
            child_names=(student.preferred_name, student.name),
            other_children={each: tuple(called) for each, called in others.items()},
        )
    )
