"""Waiting: what has not left yet is found, held, let go or stopped, in the act that takes the permission away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from commsbridge import schools
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, MessageKind, State
from commsbridge.messages.planning import Why, start_of
from commsbridge.messages.telling import log_state, take_from_person

WAITING = (State.QUEUED, State.HELD, State.BY_HAND)
# On its way, or nobody knows: it cannot be called back, but it must not be sent a second time unasked.
IN_FLIGHT = (State.SENDING, State.UNCERTAIN)
# An answer to STOP itself, and mail to staff about their own sign-in, are not the family's to stop.
NEVER_STOPPED = (MessageKind.CONSENT, MessageKind.STAFF)


def waiting_deliveries(work: Work, *about: ColumnElement[bool]) -> list[Delivery]:
    """Waiting deliveries, locked so that no claim takes one meanwhile, in the order they were written.

    Those in flight are marked to be looked at again before any second try. Answers to STOP are never among either.
    """
    found = _locked(work, *about)
    for delivery in found:
        if delivery.state in IN_FLIGHT:
            # What has expired is never claimed: settling looks at it first, and sees what was withdrawn meanwhile.
            delivery.expires_at = min(delivery.expires_at, work.now)
    work.session.flush()
    return [delivery for delivery in found if delivery.state in WAITING]


def _locked(work: Work, *about: ColumnElement[bool]) -> Sequence[Delivery]:
    """One statement for both: a delivery that changes between them as this waits for its lock is found all the same."""
    rows = (
        select(Delivery)
        .join(Message, (Message.school_id == Delivery.school_id) & (Message.id == Delivery.message_id))
        .where(Delivery.state.in_((*WAITING, *IN_FLIGHT)), Message.kind.not_in(NEVER_STOPPED), *about)
        .order_by(Delivery.made_at, Delivery.id)
        .with_for_update(of=Delivery, key_share=True)
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(rows).all()


def cancel(work: Work, waiting: Sequence[Delivery], why: Why | None) -> int:
    """Let none of these go any more. Returns how many."""
    return _end(work, waiting, State.CANCELLED, why)


def give_up(work: Work, waiting: Sequence[Delivery], why: Why) -> int:
    """These did not go and will not: unlike what was cancelled, somebody should know. Returns how many."""
    return _end(work, waiting, State.FAILED, why)


def _end(work: Work, waiting: Sequence[Delivery], state: State, why: Why | None) -> int:
    for delivery in waiting:
        delivery.state, delivery.why, delivery.held_until, delivery.settled_at = state, why, None, work.now
        log_state(work, delivery)
        take_from_person(work, delivery)
    work.session.flush()
    return len(waiting)


def hold(work: Work, waiting: Sequence[Delivery], why: Why, *, until_on: date | None) -> int:
    """Hold these, to the end of a day or (None) until somebody lets them go. Returns how many."""
    until = start_of(until_on + timedelta(days=1), schools.calendar_of(work)) if until_on else None
    for delivery in waiting:
        delivery.state, delivery.why, delivery.held_until = State.HELD, why, until
        log_state(work, delivery)
        take_from_person(work, delivery)
    work.session.flush()
    return len(waiting)


def release(work: Work, held: Sequence[Delivery]) -> None:
    """Let held deliveries be looked at again: settling finds the hours that fit, or that the news is too old."""
    for delivery in held:
        if delivery.state == State.HELD:
            delivery.held_until = work.now
    work.session.flush()


def look_again(work: Work, waiting: Sequence[Delivery]) -> None:
    """Let those in the queue be looked at again before any of them leaves: their hours have changed."""
    for delivery in waiting:
        if delivery.state == State.QUEUED:
            delivery.expires_at = min(delivery.expires_at, work.now)
    work.session.flush()
