"""Mail to somebody who is neither of the school nor of whānau, and whom a family wants at its hui."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import text

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages import letters
from commsbridge.messages.composing import school_of_letters
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.outbox import CHANNEL
from commsbridge.whanau import Channel

# Later than this, what was told of a day is of no use.
LASTS = timedelta(days=2)


def mail_guest(work: Work, address: str, news: letters.GuestNews) -> Delivery | None:
    """Queue one mail to a guest, in both languages; None where the school has no mail sender: a person tells them."""
    sender = schools.sender_for_mails(work)
    if sender is None:
        return None
    letter = letters.guest_mail(school_of_letters(schools.school_of(work)), news)
    message = Message(id=uuid.uuid4(), kind=MessageKind.STAFF, made_at=work.now)
    delivery = Delivery(
        id=uuid.uuid4(), message_id=message.id, address=address, language=letters.Reads.BOTH.value,
        subject=letter.subject, body=letter.text, html=letter.html, channel=Channel.EMAIL, sender_id=sender.id,
        units=1, lane=LANE_RANK[Lane.NORMAL], state=State.QUEUED, due_at=work.now, expires_at=work.now + LASTS,
        made_at=work.now, logged_state=State.QUEUED,
    )  # fmt: skip
    work.session.add(message)
    work.session.flush()
    work.session.add(delivery)
    work.session.flush()
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
    return delivery
