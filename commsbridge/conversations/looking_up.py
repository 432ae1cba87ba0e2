"""Looking up: what filing asks of each post, asked at once for many, by an act that keeps what it knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from commsbridge import messages, schools, whanau
from commsbridge.conversations.acknowledging import last_told
from commsbridge.conversations.asking import have_stopped, questions_open
from commsbridge.conversations.filing import untaken
from commsbridge.conversations.finding import ask_about, sent_to
from commsbridge.conversations.flooding import WITHIN, came_since
from commsbridge.conversations.posts import Post
from commsbridge.conversations.slowing import slowed_among
from commsbridge.foundation.work import Work


def look_up(work: Work, posts: Collection[Post]) -> None:
    """Ask at once whose phones many posts came from, of which children, in which language, and what went on before.

    They are claimed already (``claim_together``).
    """
    addresses = {post.from_address for post in posts}
    _people(work, addresses)
    _before(work, addresses, since=_oldest(work, posts) - WITHIN)
    for to_address in {post.to_address for post in posts}:
        _stopped(work, addresses, to_address)


def _people(work: Work, addresses: Collection[str]) -> None:
    on = schools.today(work)
    at = whanau.writers_at_all(work, addresses, on=on)
    writers = [writer for found in at.values() for writer in found]
    phones = schools.staff_phones_at(work, addresses)
    contacts = {writer.contact.id for writer in writers}
    languages = whanau.languages_of(work, contacts, on=on)
    for address in addresses:
        work.once(("writers", address), partial(at.__getitem__, address))
        work.once(("staff phone", address), partial(phones.get, address))
    for contact_id in contacts:
        work.once(("language", contact_id), partial(languages.__getitem__, contact_id))
    related = {child for writer in writers for child in (*writer.students, *writer.barred)}
    work.once("children", lambda: ask_about(work, related))


def _oldest(work: Work, posts: Collection[Post]) -> datetime:
    """When the first of them came."""
    claimed = (untaken(work, post) for post in posts)
    return min((raw.received_at for raw in claimed if raw is not None), default=work.now)


def _before(work: Work, addresses: Collection[str], *, since: datetime) -> None:
    """What these addresses were answered, asked and sent lately, and what came from them."""
    answered, told = messages.answered_today(work, addresses), last_told(work, addresses)
    came, asked, sent = came_since(work, addresses, since), questions_open(work, addresses), sent_to(work, addresses)
    slowed = slowed_among(work, addresses)
    for address in addresses:
        work.once(("slowed", address), partial(slowed.get, address))
        work.once(("answered", address), partial(answered.__getitem__, address))
        work.once(("told", address), partial(told.get, address))
        work.once(("came", address), partial(came.__getitem__, address))
        work.once(("asked", address), partial(asked.__getitem__, address))
        work.once(("sent", address), partial(sent.__getitem__, address))


def _stopped(work: Work, addresses: Collection[str], to_address: str) -> None:
    sender = schools.sender_at(work, to_address)
    if sender is None:
        return
    stopped = have_stopped(work, addresses, sender)
    for address in addresses:
        work.once(("stopped", sender.id, address), partial(stopped.__contains__, address))
