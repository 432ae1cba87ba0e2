"""The school's side of planning, read from the rooms below."""

from __future__ import annotations

import uuid

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages.planning import Rules
from commsbridge.schools import Sender, SenderKind


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
    )
    return rules, {sender.id: sender for sender in senders}
