"""What families are told of a hui: a message of its own kind, planned and carried like any other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from functools import partial

from sqlalchemy import select

from commsbridge import partnership
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.composing import Composed
from commsbridge.messages.going import begin_going, deliver, end_going, planned_for
from commsbridge.messages.homeward import open_family_page
from commsbridge.messages.letters import HuiNews
from commsbridge.messages.links import Links
from commsbridge.messages.models import Delivery, Message, MessageKind, State
from commsbridge.messages.planning import Planned
from commsbridge.messages.waiting import cancel, waiting_deliveries
from commsbridge.messages.writing import Letterhead, letterhead_of
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Recipient

NewsAt = Callable[[Recipient, str | None], HuiNews]


def tell_of_hui(
    work: Work,
    student: Student,
    news_for: NewsAt,
    *,
    to: Collection[uuid.UUID],
    staff_id: uuid.UUID | None,
    links: Links,
) -> dict[uuid.UUID, Delivery]:
    """Tell these contacts of a hui, each in their way and language, and write it into the log.

    ``news_for`` gets the phone or mail address that it goes to, None where a person carries it.
    Returns what was written down for whom; whoever may not be told (a limit, a STOP, a wish, no way) is not in it, and
    where nobody may be told nothing is written at all.
    """
    head = letterhead_of(work, links)
    going = planned_for(work, student, MessageKind.HUI, head, to)
    if not going:
        return {}
    message = Message(
        id=uuid.uuid4(), kind=MessageKind.HUI, staff_id=staff_id, student_id=student.id,
        words=_words(news_for(going[0][0], _address(going[0][1]))), made_at=work.now,
    )  # fmt: skip
    work.session.add(message)
    work.session.flush()
    message.line_id = partnership.write_line(
        work, Moment.HUI, student_id=student.id, staff_id=staff_id, subject=("message", message.id), words=message.words
    ).id
    work.session.flush()
    act = begin_going(work, head, student, message, going)
    done = {
        recipient.contact_id: deliver(
            work,
            act,
            recipient,
            way,
            partial(_compose, work, head, (recipient, way), news_for(recipient, _address(way))),
        )
        for recipient, way in going
    }
    for delivery in done.values():
        _follow(work, delivery)
    end_going(work, act, going, list(done))
    return done


def _follow(work: Work, delivery: Delivery) -> None:
    """What is told of hui reaches a phone in its order: a question comes after the news that it follows."""
    if delivery.address is None:
        return
    followed = select(Delivery.after_id).where(Delivery.after_id.is_not(None))
    before = (
        select(Delivery.id)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(
            Message.kind == MessageKind.HUI,
            Delivery.address == delivery.address,
            Delivery.channel == delivery.channel,
            Delivery.id != delivery.id,
            Delivery.state.in_((State.QUEUED, State.HELD)),
            Delivery.id.not_in(followed),
        )
    )
    delivery.after_id = work.session.scalar(before.order_by(Delivery.made_at.desc()).limit(1)) or delivery.after_id
    work.session.flush()


def stop_telling(work: Work, message_ids: Collection[uuid.UUID]) -> int:
    """Stop what of these messages has not left yet: it no longer holds. Returns how many deliveries there were."""
    if not message_ids:
        return 0
    return cancel(work, waiting_deliveries(work, Delivery.message_id.in_(message_ids)), None)


def _address(way: Planned) -> str | None:
    return way.address if way.channel in CARRIED else None


def _words(news: HuiNews) -> str:
    """What the log shows of it: the sentence, never the numbers that one phone was given; of a question only that."""
    if news.answer and not news.times:
        return say(Language.EN, letters.HUI_QUESTION, name=news.child)
    return letters.hui_said(HuiNews(news.telling, news.child, when=news.when)).split("\n")[0]


def _compose(
    work: Work, head: Letterhead, going: tuple[Recipient, Planned], news: HuiNews, delivery_id: uuid.UUID
) -> Composed:
    recipient, to = going
    return composing.compose_hui(
        head.paper,
        head.sender(to),
        recipient,
        to,
        news,
        link=open_family_page(work, delivery_id, links=head.links),
        change_url=head.change_url(delivery_id),
    )
