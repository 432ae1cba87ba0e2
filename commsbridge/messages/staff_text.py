"""Texts of the service to a member of staff: a code, a prompt, what the bot says. The same queue as everything else."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from commsbridge import schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import count
from commsbridge.foundation.work import Work
from commsbridge.messages import letters
from commsbridge.messages.composing import school_of_letters, text_sender
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.outbox import CHANNEL
from commsbridge.schools import Staff

# Texts to one phone of the staff in an hour: far above what a person types, far below what two machines would.
MOST_AN_HOUR = 30


def text_staff(
    work: Work, staff: Staff, address: str, words: str, *, language: Language, expires_at: datetime
) -> Delivery | None:
    """Queue one text to a phone of the staff; None when the school sends no texts, or this phone has had its fill.

    Whether something about a child may go to ``address`` is the caller's to know (schools.phone_in_use).
    """
    sender = schools.sender_for_texts(work)
    if sender is None or _lately(work, address) >= MOST_AN_HOUR:
        return None
    body = letters.staff_text(school_of_letters(schools.school_of(work)), text_sender(sender), words)
    message = Message(id=uuid.uuid4(), kind=MessageKind.STAFF, made_at=work.now)
    work.session.add(message)
    work.session.flush()
    delivery = Delivery(
        id=uuid.uuid4(),
        message_id=message.id,
        staff_id=staff.id,
        channel="text",
        address=address,
        sender_id=sender.id,
        language=language.value,
        body=body,
        units=count(body).segments,
        lane=LANE_RANK[Lane.CONVERSATION],
        state=State.QUEUED,
        due_at=work.now,
        expires_at=expires_at,
        made_at=work.now,
        logged_state=State.QUEUED,
    )
    work.session.add(delivery)
    if sender.shared:
        schools.note_numbers(work, {(sender.id, address)})
    work.session.flush()
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
    return delivery


def _lately(work: Work, address: str) -> int:
    rows = select(func.count()).where(
        Delivery.address == address, Delivery.staff_id.is_not(None), Delivery.made_at > work.now - timedelta(hours=1)
    )
    return work.session.scalar(rows) or 0
