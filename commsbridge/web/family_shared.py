"""What this home wrote, on its own page; whom its writer lets read it; and what others opened to this home."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from commsbridge import conversations, whanau
from commsbridge.conversations import CARD_WORDS, Card, ChildAnswer
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id
from commsbridge.web.family_here import Home, at_home, here_url
from commsbridge.web.shown import lang_of

pages = Pages()
LATELY_SHOWN = 5


def said_rows(home: Home, child_id: uuid.UUID, child: str, own: set[uuid.UUID]) -> list[dict[str, Any]]:
    """What this home has written; who wrote it may open it to others, or close it."""
    found = conversations.replies_about(home.work, [child_id], waiting=False, limit=LATELY_SHOWN, by=own)
    names = whanau.contact_names(home.work, own)
    told = conversations.answers_of_children(home.work, [reply.id for reply, _ in found])
    return [
        {
            "reply_id": reply.id,
            "day": home.shown.day(reply.received_at),
            "words": reply.words,
            "lang": lang_of(reply.language) or "",
            "by": names.get(reply.contact_id, "") if reply.contact_id else "",
            "seen": about.seen_at is not None,
            "mine": reply.contact_id == home.holder.contact.id,
            "shared": about.shared_by is not None,
            "answer": _child_says(home, told.get((reply.id, child_id)), child),
        }
        for reply, about in found
        if reply.words
    ]


def others_rows(home: Home, child_id: uuid.UUID) -> list[dict[str, Any]]:
    """What another home opened, where both asked to be named to one another."""
    found = conversations.shared_with(
        home.work, home.holder.contact, child_id, may_see=home.holder.students, limit=LATELY_SHOWN
    )
    names = whanau.contact_names(home.work, {reply.contact_id for reply in found if reply.contact_id})
    return [
        {
            "day": home.shown.day(reply.received_at),
            "words": reply.words,
            "lang": lang_of(reply.language) or "",
            "by": names.get(reply.contact_id, "") if reply.contact_id else "",
        }
        for reply in found
    ]


def _child_says(home: Home, answered: ChildAnswer | None, child: str) -> dict[str, Any] | None:
    """What the child answered when it was read to them."""
    if answered is None:
        return None
    card = Card(answered.card) if answered.card else None
    return {
        "card": card.value if card else None,
        "card_words": home.shown.say(CARD_WORDS[card]) if card else "",
        "words": answered.words,
        "by": f"{child}, {home.shown.day(answered.at)}",
    }


@pages.route("/w/<secret>/share", LINK, methods=("POST",))
def family_share(secret: str) -> Response:
    """Open what they wrote to everybody who cares for the child, or close it: the writer alone, whenever they like."""
    with at_home(secret) as home:
        reply_id = read_id(request.form.get("reply_id"))
        if home.known and reply_id is not None and request.form.get("shares") in {"yes", "no"}:
            on = request.form["shares"] == "yes"
            conversations.share_words(home.work, home.holder.contact, reply_id, may_see=home.holder.students, on=on)
    return redirect(here_url(secret, child=request.form.get("child") or None, _anchor="said"))
