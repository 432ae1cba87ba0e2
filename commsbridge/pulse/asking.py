"""Asking: once a term, whoever said yes to it, by the house's own way out."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.pulse.keeping import due_now, next_look
from commsbridge.pulse.models import Pulse, PulseAsk, PulseRound
from commsbridge.pulse.questions import pair
from commsbridge.pulse.timing import Going
from commsbridge.students import Student
from commsbridge.whanau import MayMessage, Recipient

_DUE = text("SELECT DISTINCT school_id FROM pulses WHERE ended_at IS NULL AND next_at <= :now")


def schools_with_pulse_due(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools whose clock has something to look at; through the carrier's door, which sees no more of them."""
    return list(session.scalars(_DUE, {"now": now}))


def send_due(work: Work, *, links: Links) -> int:
    """Send this school's two questions where they are due, each term once. Returns how many people were asked.

    The row is locked and moved on in the act that queues them, so a second worker finds nothing due. While sending to
    many is stopped nothing goes, and the row stays: it is looked at again until it is too late.
    """
    due = select(Pulse).where(Pulse.ended_at.is_(None), Pulse.next_at <= work.now)
    pulse = work.session.scalar(due.with_for_update(skip_locked=True))
    if pulse is None:
        return 0
    calendar = schools.calendar_of(work)
    going = due_now(work, pulse, calendar)
    if going is not None and messages.bulk_is_stopped(work):
        return 0
    pulse.next_at = next_look(calendar, work.now)
    work.session.flush()
    return ask(work, going, links=links) if going is not None else 0


def ask(work: Work, going: Going, *, links: Links) -> int:
    """Ask everybody who said yes, now: a round of the term of ``going``. Returns how many people were asked.

    Whoever calls makes sure that it is time and that the term has no round yet (send_due does).
    """
    number = len(work.session.scalars(select(PulseRound.id)).all())
    questions = pair(number)
    asked = PulseRound(
        id=uuid.uuid4(), term_on=going.term.first_on, first=questions[0], second=questions[1],
        went_at=work.now, closes_on=going.closes_on,
    )  # fmt: skip
    work.session.add(asked)
    work.session.flush()
    head, able = messages.plan_pulse(work, _people(work), links=links)
    calendar = schools.calendar_of(work)
    to = [each for each in able if calendar.local(each.to.due_at).date() <= going.closes_on]
    sent = messages.send_pulse(work, head, to, questions)
    work.session.add_all(
        PulseAsk(
            id=uuid.uuid4(), round_id=asked.id, contact_id=each.to.contact_id, delivery_id=delivery.id,
            address=each.to.address, asked_at=each.to.due_at,
        )
        for each, delivery in zip(to, sent, strict=True)
    )  # fmt: skip
    work.session.flush()
    return len(sent)


def _people(work: Work) -> list[tuple[Student, Recipient]]:
    """Whoever said yes and may hear of a child here today, each once, with the first such child."""
    on = schools.today(work)
    wanted = set(whanau.who_may_be_asked(work))
    ties = whanau.ties_of(work, wanted, on=on)
    theirs = {tie.student_id for each in ties.values() for tie in each}
    stays = (Student.id.in_(theirs), or_(Student.left_on.is_(None), Student.left_on > on))
    here = {each.id: each for each in work.session.scalars(select(Student).where(*stays).order_by(Student.id))}
    sender_ids = [sender.id for sender in schools.senders_of(work)]
    found: dict[uuid.UUID, tuple[Student, Recipient]] = {}
    for student_id, people in whanau.recipients_about(work, list(here), on=on, sender_ids=sender_ids).items():
        for each in people:
            if each.contact_id in wanted and each.may_message is MayMessage.YES and not each.other_child:
                found.setdefault(each.contact_id, (here[student_id], each))
    return [found[each] for each in sorted(found)]
