"""Mail to somebody who is neither of the school nor of whānau: a guest of a hui, or a specialist whānau share with.

Where it does not arrive, whoever of the staff it goes for is told by a task.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, text

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages import letters
from commsbridge.messages.composing import school_of_letters
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.outbox import CHANNEL
from commsbridge.messages.waiting import IN_FLIGHT, WAITING, cancel
from commsbridge.whanau import Channel

# Later than this, what was told of a day is of no use.
LASTS = timedelta(days=2)


def mail_guest(
    work: Work, address: str, news: letters.GuestNews, *, staff_id: uuid.UUID, calendar: bool = False
) -> Delivery | None:
    """Queue one mail to a guest; None where the school has no mail sender: a person tells them.

    ``calendar``: the hui goes with it as a file, made when it goes.
    """
    letter = letters.guest_mail(school_of_letters(schools.school_of(work)), news)
    mail = _queue(
        work, address, letter, name=news.name, staff_id=staff_id, expires_at=work.now + LASTS, reads=news.reads
    )
    if mail is not None:
        mail.calendar = calendar
        work.session.flush()
    return mail


def stop_guest_mail(work: Work, delivery_id: uuid.UUID) -> None:
    """Stop a mail to a guest that has not left yet; one that is on its way is not tried a second time."""
    rows = select(Delivery).where(Delivery.id == delivery_id, Delivery.state.in_((*WAITING, *IN_FLIGHT)))
    rows = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    for delivery in work.session.scalars(rows):
        if delivery.state in IN_FLIGHT:
            delivery.expires_at = min(delivery.expires_at, work.now)
        else:
            cancel(work, [delivery], None)
    work.session.flush()


def mail_specialist(
    work: Work, address: str, news: letters.SpecialistNews, *, staff_id: uuid.UUID, expires_at: datetime
) -> Delivery | None:
    """Queue the link of a specialist, in both languages; None where the school has no mail sender."""
    letter = letters.specialist_mail(school_of_letters(schools.school_of(work)), news)
    return _queue(work, address, letter, name=news.name, staff_id=staff_id, expires_at=expires_at)


def _queue(
    work: Work,
    address: str,
    letter: letters.Letter,
    *,
    name: str,
    staff_id: uuid.UUID,
    expires_at: datetime,
    reads: letters.Reads = letters.Reads.BOTH,
) -> Delivery | None:
    sender = schools.sender_for_mails(work)
    if sender is None:
        return None
    message = Message(id=uuid.uuid4(), kind=MessageKind.STAFF, staff_id=staff_id, words=name, made_at=work.now)
    delivery = Delivery(
        id=uuid.uuid4(), message_id=message.id, address=address, language=reads.value,
        subject=letter.subject, body=letter.text, html=letter.html, channel=Channel.EMAIL, sender_id=sender.id,
        units=1, lane=LANE_RANK[Lane.NORMAL], state=State.QUEUED, due_at=work.now, expires_at=expires_at,
        made_at=work.now, logged_state=State.QUEUED,
    )  # fmt: skip
    work.session.add(message)
    work.session.flush()
    work.session.add(delivery)
    work.session.flush()
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
    return delivery
