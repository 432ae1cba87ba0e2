"""Long texts: one that a carrier handed over in parts is read as one; its parts stand one after the other.

A phone cuts a long text into parts that say so, and the carrier puts them together again under one id. Where a part
comes by itself all the same (its header was lost, or it was late), it is a text of its own with an id of its own: it is
known by coming at once after another of that phone to the same number that was as long as a part can be, or by counting
("1/2", "2/2"). Lengths: GSM 03.40, 140 bytes a part, less 6 or 7 for the header of parts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from commsbridge.conversations.asking import open_questions
from commsbridge.conversations.flooding import lately_from
from commsbridge.conversations.models import RawInbound, Reply, ReplyState
from commsbridge.conversations.posts import Post
from commsbridge.foundation.segments import count, tidy
from commsbridge.foundation.work import Work
from commsbridge.whanau import Channel

# Parts of one text leave a phone within seconds of one another.
WITHIN = timedelta(minutes=1)
# Letters of a part: whole, and less a header of 6 or 7 bytes.
PART = {"gsm7": (160, 153, 152), "ucs2": (70, 67, 66)}
_COUNTED = re.compile(r"\s*\(?([1-9])\s?(?:/|of)\s?([2-9])\)?[\s:.]")
# Said to the service, or by a machine, or with the people named for safety: nothing goes on from it.
_ENDS = frozenset({ReplyState.COMMAND, ReplyState.AUTOMATIC})


def goes_on(before: str, after: str) -> bool:
    """Whether ``after`` may be the next part of a long text of which ``before`` (both as they came) was one."""
    first, second = _COUNTED.match(before), _COUNTED.match(after)
    if first and second:
        return first.group(2) == second.group(2) and int(second.group(1)) == int(first.group(1)) + 1
    length = count(before)
    return length.units > 0 and any(length.units % part == 0 for part in PART[length.encoding])


def joined(before: str, after: str) -> str:
    """Both parts as their writer wrote them: a word that was cut is whole again, and counting is left out."""
    first, second = _COUNTED.match(before), _COUNTED.match(after)
    if first and second:
        return tidy(f"{before[first.end() :]}{after[second.end() :]}")
    return tidy(before + after)


def part_before(work: Work, post: Post, raw: RawInbound) -> Reply | None:
    """The text that this one goes on from; None where it stands by itself."""
    if post.channel is not Channel.TEXT or post.keyword is not None or not post.words:
        return None
    since = raw.received_at - WITHIN
    if not any(at > since for at in lately_from(work, post.from_address, raw.received_at)):
        return None
    rows = select(Reply).where(
        Reply.from_address == post.from_address,
        Reply.to_address == post.to_address,
        Reply.received_at > since,
        Reply.received_at <= raw.received_at,
        Reply.state.not_in(_ENDS),
    )
    before = work.session.scalars(rows.order_by(Reply.received_at.desc(), Reply.id).limit(1)).first()
    if before is None or not goes_on(before.original, post.original):
        return None
    # Who was asked something and writes at once answers it, however long the words before were.
    return None if open_questions(work, post.from_address) and not _COUNTED.match(post.original) else before


def read_whole(post: Post, before: Reply) -> Post:
    """The post as it is to be understood: with the words it goes on from."""
    return replace(post, words=joined(before.original, post.original))
