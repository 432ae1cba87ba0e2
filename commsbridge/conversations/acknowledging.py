"""Telling a phone, once, that a person will read what it wrote, and by when an answer may be expected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from commsbridge import messages, schools
from commsbridge.conversations.asking import has_stopped
from commsbridge.conversations.finding import writers_of
from commsbridge.conversations.models import Reply
from commsbridge.conversations.posts import Post
from commsbridge.conversations.promises.rules import Acknowledges, answer_by, answering_of, hours_of
from commsbridge.conversations.wishes import answered_to
from commsbridge.foundation.work import Work
from commsbridge.schools import Sender, SenderKind
from commsbridge.whanau import Channel

# Once is enough for a long while; in the holidays it is said again, for nobody answers then.
TOLD_AGAIN = timedelta(days=90)
CLOSED_TOLD_AGAIN = timedelta(days=10)
# A weekend, also a long one, is no holiday.
CLOSED_DAYS = 4


def acknowledge(work: Work, reply: Reply, post: Post, sender: Sender | None) -> None:
    """Say that a person will read it, where this school does, where nobody was told lately, and to texts alone."""
    if sender is None or post.channel is not Channel.TEXT or has_stopped(work, post.from_address, sender):
        return
    rules = answering_of(work)
    costs = sender.kind == SenderKind.STANDARD
    if rules.acknowledges is Acknowledges.NEVER or (costs and rules.acknowledges is Acknowledges.FREE):
        return
    closed_until = _closed_until(work)
    if _told_since(work, post.from_address, work.now - (CLOSED_TOLD_AGAIN if closed_until else TOLD_AGAIN)):
        return
    by = answer_by(work)
    told = messages.answer_received(
        work,
        answered_to(work, post, sender, writers_of(work, post)),
        by=schools.calendar_of(work).local(by).date() if by else None,
        closed_until=closed_until,
        watched=hours_of(work, rules, None).open_at(work.now),
    )
    if told is not None:
        reply.told_at = work.now
        work.forget(("told", post.from_address))


def _closed_until(work: Work) -> date | None:
    """The next school day, where that is further off than any weekend."""
    today = schools.today(work)
    calendar = schools.calendar_of(work)
    following = calendar.next_school_day(today - timedelta(days=1))
    return following if following and (following - today).days >= CLOSED_DAYS else None


def _told_since(work: Work, address: str, since: datetime) -> bool:
    told_at = work.once(("told", address), lambda: last_told(work, [address]).get(address))
    return told_at is not None and told_at > since


def last_told(work: Work, addresses: Collection[str]) -> dict[str, datetime]:
    """When each of these addresses was last told that a person reads what it wrote; who never was is left out."""
    rows = select(Reply.from_address, func.max(Reply.told_at)).where(
        Reply.from_address.in_(addresses), Reply.told_at > work.now - TOLD_AGAIN
    )
    return {address: at for address, at in work.session.execute(rows.group_by(Reply.from_address)) if at is not None}
