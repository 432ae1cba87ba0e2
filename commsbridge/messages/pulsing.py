"""The two questions of a term on their way home: planned and carried like all else, and told to no child's log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from commsbridge import whanau
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.homeward import open_family_page
from commsbridge.messages.links import Links
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.planning import Planned, plan
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import Letterhead, letterhead_of, note_numbers, wake_workers, write_welcome
from commsbridge.students import Student
from commsbridge.whanau import Recipient


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody to ask: the child through whom they are this school's, and the plan of their message."""

    student: Student
    recipient: Recipient
    to: Planned


def plan_pulse(
    work: Work, people: Sequence[tuple[Student, Recipient]], *, links: Links
) -> tuple[Letterhead, list[Asking]]:
    """Whom two questions can go to now, one to each phone or mailbox, with the letterhead they go with.

    Who is in a quiet time, is reached by a person or in a language nobody writes, or whose hours are too far off is not
    asked: they could not answer by number or link.
    """
    head = letterhead_of(work, links)
    going: dict[str, Asking] = {}
    for student, recipient in people:
        to = plan(MessageKind.PULSE, recipient, head.rules, work.now, earliest=work.now, lane=Lane.BULK)
        if isinstance(to, Planned) and to.state is State.QUEUED and to.address is not None:
            going.setdefault(to.address, Asking(student, recipient, to))
    return head, list(going.values())


def send_pulse(work: Work, head: Letterhead, going: Sequence[Asking], questions: Sequence[str]) -> list[Delivery]:
    """Write these questions down for each of them, with the welcome before anybody's first message."""
    welcomes = Welcomes(work, [each.to.contact_id for each in going])
    sent = [_send(work, head, each, questions, welcomes) for each in going]
    whanau.mark_welcomed(work, [each.to.contact_id for each in going if welcomes.wanted(each.to)])
    note_numbers(work, head, [each.to for each in going])
    wake_workers(work)
    return sent


def _send(work: Work, head: Letterhead, each: Asking, questions: Sequence[str], welcomes: Welcomes) -> Delivery:
    to, first = each.to, welcomes.before(each.to)
    if first is None and welcomes.wanted(to):
        first = write_welcome(work, head, each.student, each.recipient, to, staff_id=None)
    message = Message(id=uuid.uuid4(), kind=MessageKind.PULSE, student_id=each.student.id, made_at=work.now)
    work.session.add(message)
    work.session.flush()
    delivery_id = uuid.uuid4()
    composed = composing.compose_pulse(
        head.paper, head.sender(to), each.recipient, to, questions,
        link=open_family_page(work, delivery_id, links=head.links), change_url=head.change_url(delivery_id),
    )  # fmt: skip
    delivery = Delivery(
        id=delivery_id,
        message_id=message.id,
        contact_id=to.contact_id,
        channel=to.channel,
        address=to.address,
        sender_id=to.sender_id,
        language=composed.language,
        subject=composed.subject,
        body=composed.body,
        html=composed.html,
        units=composed.units,
        lane=LANE_RANK[to.lane],
        state=to.state,
        why=to.why,
        due_at=to.due_at,
        expires_at=to.expires_at,
        after_id=first.id if first else None,
        made_at=work.now,
        logged_state=to.state,
    )
    work.session.add(delivery)
    work.session.flush()
    return delivery


def has_left(delivery: Delivery) -> bool:
    """Whether a delivery is, or may be, where it was sent to: what comes back can be an answer to it."""
    return delivery.state in {State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED}
