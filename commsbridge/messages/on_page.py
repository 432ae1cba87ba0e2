"""Telling people at home that something new stands on their own page: planned and carried like any other."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import partial

from commsbridge import partnership
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.composing import Composed
from commsbridge.messages.going import Going, begin_going, deliver, end_going, planned_for
from commsbridge.messages.homeward import open_family_page
from commsbridge.messages.letters import PageTelling, page_news_sentence
from commsbridge.messages.links import Links
from commsbridge.messages.models import Message, MessageKind
from commsbridge.messages.planning import Planned
from commsbridge.messages.writing import letterhead_of
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import Recipient


def tell_of_page(
    work: Work,
    student: Student,
    telling: PageTelling,
    *,
    to: Collection[uuid.UUID],
    staff_id: uuid.UUID | None,
    links: Links,
    more: str = "",
) -> list[uuid.UUID]:
    """Tell these contacts, each in their way and language, that something stands on their page; the log says so.

    ``more`` is what a person says with it who carries it. Returns the contacts for whom something was written down;
    whoever may not be told (a limit, a STOP, a wish, no way) is not in it, and where nobody may be told nothing is.
    """
    head = letterhead_of(work, links)
    going = planned_for(work, student, MessageKind.ON_PAGE, head, to)
    if not going:
        return []
    words = say(Language.EN, page_news_sentence(telling), name=student.preferred_name)
    message = Message(
        id=uuid.uuid4(), kind=MessageKind.ON_PAGE, staff_id=staff_id, student_id=student.id, words=words,
        made_at=work.now,
    )  # fmt: skip
    work.session.add(message)
    work.session.flush()
    message.line_id = partnership.write_line(
        work, Moment.NOTICE, student_id=student.id, staff_id=staff_id, subject=("message", message.id), words=words
    ).id
    work.session.flush()
    act = begin_going(work, head, student, message, going)
    for recipient, way in going:
        compose = partial(_compose, work, act, (recipient, way), (telling, more))
        deliver(work, act, recipient, way, compose)
    done = [recipient.contact_id for recipient, _ in going]
    end_going(work, act, going, done)
    return done


def _compose(
    work: Work, act: Going, going: tuple[Recipient, Planned], said: tuple[PageTelling, str], delivery_id: uuid.UUID
) -> Composed:
    (recipient, to), (telling, more), head = going, said, act.head
    return composing.compose_page_news(
        head.paper,
        head.sender(to),
        recipient,
        to,
        telling,
        child=act.student.preferred_name,
        more=more,
        link=open_family_page(work, delivery_id, links=head.links),
        change_url=head.change_url(delivery_id),
    )
