"""Praise for several children at once: one form, but each child's praise is its own, and no family sees another's."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.later import keep_for_later
from commsbridge.messages.links import Links
from commsbridge.messages.models import LaterPraise, Message
from commsbridge.messages.praise import Draft, send_praise
from commsbridge.messages.spoken import NAME_MARK
from commsbridge.messages.undoing import undo_message
from commsbridge.students import Student

MOST_AT_ONCE = 40
_TOGETHER = uuid.UUID("5f0c2f5e-7c0a-4f55-9a53-2f1c7a3d8e10")


def draft_about(draft: Draft, child: str, own: str = "") -> Draft:
    """What ``draft`` says about one child: its name where (name) stands, and ``own`` words for this child alone.

    Words without the mark and without a phrase would not say whom they are about: the name then leads them.
    """
    shared = tidy(draft.words)
    words = NAME_MARK.sub(lambda _: child, shared)
    if words and words == shared and draft.phrase_id is None:
        words = f"{child}: {words}"
    return replace(draft, words=" ".join(filter(None, [words, tidy(own)])))


def send_together(
    work: Work,
    children: Sequence[Student],
    draft: Draft,
    *,
    own: Mapping[uuid.UUID, str],
    links: Links,
    once_key: str,
) -> uuid.UUID:
    """Praise each of ``children``, with the same time to undo; all of it or none. Returns what the messages share.

    ``own`` holds words for one child alone, by student id. The same ``once_key`` again sends nothing more. Raises
    Invalid as send_praise does, naming the child where it is about one.
    """
    together_id = uuid.uuid5(_TOGETHER, once_key)
    for child in _in_order(children):
        about = draft_about(draft, child.preferred_name, own.get(child.id, ""))
        send_praise(work, child, about, links=links, once_key=_key(once_key, child), together_id=together_id)
    return together_id


def keep_together(
    work: Work,
    children: Sequence[Student],
    draft: Draft,
    *,
    own: Mapping[uuid.UUID, str],
    goes_at: datetime,
    once_key: str,
) -> list[LaterPraise]:
    """Keep praise for each of ``children`` until ``goes_at``. Raises Invalid as keep_for_later does."""
    return [
        keep_for_later(
            work,
            child,
            draft_about(draft, child.preferred_name, own.get(child.id, "")),
            goes_at=goes_at,
            once_key=_key(once_key, child),
            together_id=uuid.uuid5(_TOGETHER, once_key),
        )
        for child in _in_order(children)
    ]


def sent_together(work: Work, together_id: uuid.UUID) -> list[Message]:
    """The messages that were sent as one by the actor. Raises NotFound when there are none."""
    rows = select(Message).where(Message.together_id == together_id, Message.staff_id == work.actor.id)
    found = list(work.session.scalars(rows.order_by(Message.id)))
    if not found:
        raise NotFound(N_("That message is not here."))
    return found


def undo_together(work: Work, together_id: uuid.UUID) -> None:
    """Take all of it back, or none. Raises NotFound, or Conflict when the time is over."""
    for message in sent_together(work, together_id):
        undo_message(work, message.id)


def _in_order(children: Sequence[Student]) -> list[Student]:
    """Always in the same order, so that the same form twice at one moment waits and does not deadlock."""
    if not children:
        raise Invalid(N_("Choose at least one student."), field="child")
    if len(children) > MOST_AT_ONCE:
        raise Invalid(N_("Choose at most %(limit)s students at once."), field="child", limit=MOST_AT_ONCE)
    return sorted(children, key=lambda child: (sort_key(child.name), child.id))


def _key(once_key: str, child: Student) -> str:
    return hashlib.sha256(f"{once_key} {child.id}".encode()).hexdigest()
