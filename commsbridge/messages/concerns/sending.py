"""Sending a concern: a neutral line with a link of their own for each contact, or words for a person to say."""

from __future__ import annotations

import uuid
from functools import partial

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.composing import Composed
from commsbridge.messages.concerns.models import Concern, ConcernState
from commsbridge.messages.going import Going, begin_going, deliver, end_going, planned_for
from commsbridge.messages.links import Links
from commsbridge.messages.models import Message, MessageKind
from commsbridge.messages.planning import Planned
from commsbridge.messages.praise import open_note
from commsbridge.messages.writing import letterhead_of
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Recipient


def send_out(work: Work, student: Student, concern: Concern, *, links: Links) -> None:
    """Write one delivery for each chosen contact who may hear it. Raises Invalid when there is none."""
    head = letterhead_of(work, links)
    going = planned_for(work, student, MessageKind.CONCERN, head, concern.recipient_ids)
    if not going or concern.line_id is None:
        raise Invalid(
            N_("Nobody you chose can be written to about %(name)s now. Ring them, and keep this in the log."),
            field="to",
            name=student.preferred_name,
        )
    message = _write_message(work, concern)
    act = begin_going(work, head, student, message, going)
    for recipient, to in going:
        deliver(work, act, recipient, to, partial(_compose, work, act, concern, (recipient, to)))
    concern.state, concern.message_id = ConcernState.GONE, message.id
    work.session.flush()
    end_going(work, act, going, [recipient.contact_id for recipient, _ in going])


def _write_message(work: Work, concern: Concern) -> Message:
    message = Message(
        id=uuid.uuid4(),
        kind=MessageKind.CONCERN,
        staff_id=concern.staff_id,
        student_id=concern.student_id,
        as_link=True,
        line_id=concern.line_id,
        made_at=work.now,
    )
    work.session.add(message)
    work.session.flush()
    return message


def _compose(
    work: Work, act: Going, concern: Concern, written_for: tuple[Recipient, Planned], delivery_id: uuid.UUID
) -> Composed:
    recipient, to = written_for
    if to.channel not in CARRIED:
        said = "\n\n".join(filter(None, (concern.happened, concern.helped, concern.suggested, concern.asked)))
        return Composed(None, said, None, 0, None, to.language)
    return composing.compose_note(
        act.head.paper,
        act.head.sender(to),
        recipient,
        to,
        child=act.student.preferred_name,
        link=open_note(work, act.head, delivery_id),
        change_url=act.head.change_url(delivery_id),
    )
