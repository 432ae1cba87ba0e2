"""The clock's look at promises: passed on, reminded, raised; each once, and nobody outside their own hours."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools
from commsbridge.conversations.models import Reply
from commsbridge.conversations.promises.keeping import (
    holder_of,
    pass_on_if_away,
    remind_at,
    set_next_look,
    students_of,
    write_step,
)
from commsbridge.conversations.promises.models import Promise, Step
from commsbridge.conversations.promises.rules import Answering, answering_of, hours_of, named
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.schools import Staff

MOST_AT_ONCE = 200
_DUE = text("SELECT DISTINCT school_id FROM promises WHERE kept_at IS NULL AND look_at <= :now")


def schools_with_promises_to_look_at(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools with a promise to look at, through the carrier's door, which sees no more of it."""
    return list(session.scalars(_DUE, {"now": now}))


def look_at_promises(work: Work, *, links: Links) -> int:
    """Look at every promise of this school whose time it is. Returns how many reminders and alarms were given.

    Each person gets one mail for all of theirs, in the hours they are at school; without mail the pages alone say it.
    """
    rules = answering_of(work)
    rows = select(Promise).where(Promise.kept_at.is_(None), Promise.look_at <= work.now)
    due = work.session.scalars(
        rows.order_by(Promise.look_at, Promise.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
    ).all()
    reminded: dict[uuid.UUID, list[Promise]] = defaultdict(list)
    late: list[Promise] = []
    for promise in due:
        reply = work.session.get_one(Reply, promise.reply_id)
        pass_on_if_away(work, promise, reply, students_of(work, reply.id))
        if _may_remind(work, promise, rules) and promise.holder_id is not None:
            reminded[promise.holder_id].append(promise)
        if promise.raised_at is None and (
            promise.holder_id is None or (promise.due_at is not None and promise.due_at <= work.now)
        ):
            late.append(promise)
    given = _remind(work, reminded, rules, links) + _raise(work, late, rules, links)
    for promise in due:
        set_next_look(work, promise)
    return given


def _may_remind(work: Work, promise: Promise, rules: Answering) -> bool:
    holder = holder_of(work, promise)
    if holder is None:
        return False
    hours = hours_of(work, rules, holder)
    soon = remind_at(promise, hours)
    return soon is not None and soon <= work.now and _at_work(work, holder, rules)


def _at_work(work: Work, person: Staff, rules: Answering) -> bool:
    """Whether somebody is in their own hours now."""
    here = schools.here_on(work, [person.id], schools.today(work))
    return bool(here) and hours_of(work, rules, person).open_at(work.now)


def _remind(work: Work, owed: dict[uuid.UUID, list[Promise]], rules: Answering, links: Links) -> int:
    people = schools.staff_by_id(work, list(owed))
    for staff_id, promises in owed.items():
        _mail(work, people[staff_id], len(promises), rules, links, late=False)
        for promise in promises:
            promise.reminded_at = work.now
            write_step(work, promise, Step.REMINDED, to_id=staff_id)
    return sum(map(len, owed.values()))


def _raise(work: Work, late: list[Promise], rules: Answering, links: Links) -> int:
    """Tell whom the school named; where none of them is at school now, at the next opening."""
    told = [each for each in named(work, rules) if _at_work(work, each, rules)] if late else []
    for person in told:
        _mail(work, person, len(late), rules, links, late=True)
    for promise in late if told else ():
        promise.raised_at = work.now
        for person in told:
            write_step(work, promise, Step.RAISED, to_id=person.id)
    return len(late) if told else 0


def _mail(work: Work, person: Staff, number: int, rules: Answering, links: Links, *, late: bool) -> None:
    closes = hours_of(work, rules, person).closing(work.now)
    if closes is not None and schools.sender_for_mails(work) is not None:
        messages.mail_owed(work, person, number, late=late, links=links, expires_at=closes)
