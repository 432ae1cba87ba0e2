"""Floods: what comes in great number from one address is kept unsorted, answered by nobody, and given to one person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from commsbridge import tasks
from commsbridge.conversations.models import RawInbound, Reply
from commsbridge.conversations.posts import Post
from commsbridge.conversations.promises.rules import answering_of
from commsbridge.conversations.slowing import subject_of
from commsbridge.foundation.work import Work
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind

# Nobody writes so much by hand in so short a time: a machine does, or somebody in anger.
MOST_AT_ONCE, WITHIN = 20, timedelta(minutes=10)


def is_flood(work: Work, post: Post, raw: RawInbound) -> bool:
    """Whether so much came from this address in the minutes before that no more of it is sorted."""
    address, since = post.from_address, raw.received_at - WITHIN
    came = lately_from(work, address, raw.received_at)
    return bool(address) and sum(at > since for at in came) >= MOST_AT_ONCE


def lately_from(work: Work, address: str, received_at: datetime) -> list[datetime]:
    """When something came from an address in the minutes before a moment."""
    return work.once(("came", address), lambda: came_since(work, [address], received_at - WITHIN)[address])


def came_since(work: Work, addresses: Collection[str], since: datetime) -> dict[str, list[datetime]]:
    """When something came from each of these addresses since then."""
    came: dict[str, list[datetime]] = {address: [] for address in addresses}
    rows = select(Reply.from_address, Reply.received_at)
    for address, at in work.session.execute(rows.where(Reply.from_address.in_(came), Reply.received_at > since)):
        came[address].append(at)
    return came


def give_flood(work: Work, reply: Reply) -> None:
    """One task about one address, however much comes: for whom the school named, else for a leader."""
    rules = answering_of(work)
    named_id = rules.slowed_id or rules.named_id
    tasks.give_task(
        work,
        TaskKind.FLOOD,
        role=None if named_id else Role.LEADER,
        staff_id=named_id,
        subject_id=subject_of(work, reply.from_address),
    )
