"""Finding whose words came in: the facts of a school that matching needs, gathered and weighed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from commsbridge import messages, schools, students, whanau
from commsbridge.conversations.matching import CONTEXT_LASTS, Ask, Candidate, Found, How, Match, Parked, Sent, match
from commsbridge.conversations.naming import Words
from commsbridge.conversations.posts import Post
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.whanau import Channel, Writer

# "… and Wī is home today, too": the words speak of another child beside the one whose mail they answer.
_ALSO = re.compile(r"\b(?:also|too|as well|btw|by the way|and|hoki|oh and|ps)\b", re.IGNORECASE)


def writers_of(work: Work, post: Post) -> list[Writer]:
    """Everybody whose phone or mailbox it came from."""
    address = post.from_address
    return work.once(("writers", address), lambda: whanau.writers_at(work, address, on=schools.today(work)))


def find(work: Work, post: Post, answered: tuple[Delivery, Message] | None) -> Found:
    """Whose words these are, by the page they stood on, the token of a mail, or the address they came from."""
    if post.said_about is not None:
        return _by_page(work, post, *post.said_about)
    return _by_token(work, post, *answered) if answered else _by_address(work, post)


def candidates_of(work: Work, writers: Sequence[Writer]) -> list[Candidate]:
    """These people as matching takes them, with the names and classes of their children."""
    related = {student_id for writer in writers for student_id in (*writer.students, *writer.barred)}
    met = work.once("children", lambda: ask_about(work, related))
    known = met if related <= met.asked else ask_about(work, related)
    return [_candidate(writer, known.names, known.gone, known.rooms) for writer in writers]


class _Children(NamedTuple):
    """What some children are called, who of them has left, and the names of their classes."""

    asked: set[uuid.UUID]
    names: Mapping[uuid.UUID, Sequence[str]]
    gone: Collection[uuid.UUID]
    rooms: Mapping[uuid.UUID, Sequence[str]]


def ask_about(work: Work, related: set[uuid.UUID]) -> _Children:
    """What matching knows of these children, asked at once."""
    on = schools.today(work)
    classes = students.classes_by_student(work, on, related).items()
    rooms = {child: [room.name for room in found] for child, found in classes}
    return _Children(related, students.names_of(work, related), students.left_by(work, related, on), rooms)


def _candidate(
    writer: Writer,
    names: Mapping[uuid.UUID, Sequence[str]],
    gone: Collection[uuid.UUID],
    rooms: Mapping[uuid.UUID, Sequence[str]],
) -> Candidate:
    here = sorted(
        (child for child in writer.students if child not in gone), key=lambda child: sort_key(names[child][0])
    )
    return Candidate(
        writer.contact.id,
        {child: names[child] for child in here},
        barred={child: names[child] for child in writer.barred},
        former={child: names[child] for child in writer.students if child in gone},
        rooms={child: rooms[child] for child in here if child in rooms},
        name=writer.contact.name,
    )


def _by_address(work: Work, post: Post) -> Found:
    """Without a token, the address it came from and what went there lately say whose words they are."""
    candidates = candidates_of(work, writers_of(work, post))
    sent = [
        Sent(delivery.contact_id, message.student_id, delivery.sent_at or delivery.made_at, delivery.body)
        for delivery, message in _sent_to_writer(work, post.from_address)
        # What a school asks of a family is about no child, whichever it was sent for.
        if message.kind is not MessageKind.PULSE
    ]
    found = match(post.words, candidates, sent, work.now)
    # A mail's From can be forged: without a token its words wait for a person when the domain did not vouch for it.
    if isinstance(found, Match | Ask) and post.channel is Channel.EMAIL and not post.proven:
        return Parked.FORGED
    return found


def _sent_to_writer(work: Work, address: str) -> list[tuple[Delivery, Message]]:
    return work.once(("sent", address), lambda: sent_to(work, [address])[address])


def sent_to(work: Work, addresses: Collection[str]) -> dict[str, list[tuple[Delivery, Message]]]:
    """What went to each of these addresses lately enough that words from there may answer it, the newest first."""
    return messages.recent_to_all(work, addresses, since=work.now - CONTEXT_LASTS)


def _by_token(work: Work, post: Post, delivery: Delivery, message: Message) -> Found:
    """A token names the contact and the child it was about; it proves nothing about who wrote back.

    The words know better: who names another child of theirs writes about that one.
    """
    writer = whanau.writer_for(work, delivery.contact_id, on=schools.today(work)) if delivery.contact_id else None
    if writer is None or message.student_id is None:
        return Parked.UNKNOWN_SENDER
    (candidate,) = candidates_of(work, [writer])
    if message.student_id not in candidate.students:
        return Parked.LEFT if message.student_id in candidate.former else Parked.NO_ACCESS
    if post.from_address != delivery.address:
        # Passed on, or answered from another mailbox: the words are not dropped, and not taken for the contact's own.
        return Parked.WHICH_PERSON
    return _about(post, candidate, message.student_id)


def _by_page(work: Work, post: Post, contact_id: uuid.UUID, student_id: uuid.UUID) -> Found:
    """Somebody's own page knows who wrote and about whom; what they may hear of is asked anew."""
    writer = whanau.writer_for(work, contact_id, on=schools.today(work))
    if writer is None:
        return Parked.UNKNOWN_SENDER
    (candidate,) = candidates_of(work, [writer])
    if student_id not in candidate.students:
        return Parked.LEFT if student_id in candidate.former else Parked.NO_ACCESS
    return _about(post, candidate, student_id)


def _about(post: Post, candidate: Candidate, student_id: uuid.UUID) -> Found:
    """Words about one child, unless they name another of theirs; who names a child that is not waits for a person."""
    said = Words(post.words, writer=candidate.name).named(
        {**candidate.barred, **candidate.former, **candidate.students}
    )
    if said.any - candidate.students.keys():
        return Parked.NO_ACCESS if said.any & candidate.barred.keys() else Parked.LEFT
    about = said.sure or {student_id}
    if student_id not in about and _ALSO.search(post.words):
        about = {*about, student_id}
    how = How.NAME if said.sure else How.TOKEN
    return Match(candidate.contact_id, tuple(child for child in candidate.students if child in about), how)
