"""The school's side of planning, read from the rooms below."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Alarm, AlarmKind, MessageKind
from commsbridge.messages.planning import Rules
from commsbridge.schools import Sender, SenderKind, Sending


def rules_of(work: Work) -> tuple[Rules, dict[uuid.UUID, Sender]]:
    """The school's side of planning, and its senders by id."""
    senders = schools.senders_of(work)
    texts = next((sender for sender in senders if sender.kind != SenderKind.MAIL), None)
    mails = next((sender for sender in senders if sender.kind == SenderKind.MAIL), None)
    rules = Rules(
        text_sender_id=texts.id if texts else None,
        mail_sender_id=mails.id if mails else None,
        calendar=schools.calendar_of(work),
        quiet=schools.quiet_hours(work),
        school_days_only=_school_days_only(schools.sending_of(work)),
        bulk_stopped=bulk_is_stopped(work),
    )
    return rules, {sender.id: sender for sender in senders}


def _school_days_only(sending: Sending) -> frozenset[MessageKind]:
    kinds = {
        MessageKind.PRAISE: sending.praise_on_school_days,
        MessageKind.NOTICE: sending.notices_on_school_days,
        MessageKind.PULSE: True,
    }
    return frozenset(kind for kind, only in kinds.items() if only)


def bulk_is_stopped(work: Work) -> bool:
    """Whether what goes to many is held until somebody has looked at why so much does not arrive."""
    found = select(Alarm.id).where(Alarm.ended_at.is_(None), Alarm.kind == AlarmKind.BULK_STOPPED)
    return work.session.scalar(found.limit(1)) is not None
