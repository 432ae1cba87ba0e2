"""Sharing: whoever heard through another's text on the same phone gets their own when that one may no longer go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, State
from commsbridge.messages.planning import Why

CARRIED_WITH = (Why.SAME_PHONE, Why.TOLD_ONCE)


def pass_on(work: Work, stopped: Sequence[Delivery]) -> None:
    """These no longer go to their phone for their own contact's sake: the first who shared each gets it instead.

    Settling looks at that one again before it can leave: it goes in the hours that fit, by the rules that hold.
    """
    ids = [delivery.id for delivery in stopped]
    sharers = work.session.scalars(
        select(Delivery)
        .where(Delivery.carried_by_id.in_(ids), Delivery.why.in_(CARRIED_WITH))
        .order_by(Delivery.made_at, Delivery.id)
        .with_for_update(key_share=True)
    ).all()
    instead: dict[uuid.UUID, Delivery] = {}
    for each in sharers:
        if each.carried_by_id is None:
            continue
        first = instead.setdefault(each.carried_by_id, each)
        each.carried_by_id = first.id if first is not each else None
        if first is each:
            each.state, each.why, each.logged_state = State.QUEUED, None, State.QUEUED
            each.due_at = each.expires_at = work.now
    work.session.flush()
