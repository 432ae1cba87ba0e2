"""Filing: a stored request becomes a reply in the log of the right child, an obeyed keyword, or a task for a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from commsbridge import messages, tasks, whanau
from commsbridge.conversations.acknowledging import acknowledge
from commsbridge.conversations.asking import ask_to_stop, ask_which_child, may_ask, settle_stop, take_answer
from commsbridge.conversations.capture import claim_raw
from commsbridge.conversations.continuing import part_before, read_whole
from commsbridge.conversations.finding import find, writers_of
from commsbridge.conversations.flooding import give_flood, is_flood
from commsbridge.conversations.keywords import Keyword
from commsbridge.conversations.matching import Ask, Found, How, Match, Parked
from commsbridge.conversations.models import RawInbound, Reply, ReplyState, SlowedFor
from commsbridge.conversations.posts import Post
from commsbridge.conversations.robots import sent_by_itself
from commsbridge.conversations.safety import Screened, Screening, raise_alert, screen, watch_of
from commsbridge.conversations.slowing import slow, slowed_at
from commsbridge.conversations.stopping import asks_to_stop
from commsbridge.conversations.threats import threatens
from commsbridge.conversations.wishes import grant, obey
from commsbridge.conversations.writing_down import file_in_logs, give_to_match, keep
from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered, Delivery, Message
from commsbridge.schools import Role, Sender, SenderKind
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel

# Within this, the same words from a phone are most likely one text that was sent twice.
TWICE_WITHIN = timedelta(minutes=2)
ALWAYS_OBEYED = frozenset({Keyword.STOP, Keyword.START, Keyword.HELP})
# Of somebody who is slowed these are words for the one person who reads them, and no task for a teacher.
ASKED_OF_A_PERSON = frozenset({Keyword.CALL_ME, Keyword.HUI, Keyword.BOOK})


def take(work: Work, post: Post, *, sender: Sender | None) -> Reply | None:
    """File one stored request in this school, once; None when it was taken before. Everything is kept."""
    raw = untaken(work, post)
    if raw is None:
        return None
    answered = messages.delivery_of(work, post.delivery_id) if post.delivery_id else None
    if answered is None:
        # A token of ours, but for a delivery that is not here (an older backup was restored): the address must do.
        post = replace(post, delivery_id=None)
    if post.automatic:
        return _automatic(work, post, raw, answered)
    before = part_before(work, post, raw)
    whole = read_whole(post, before) if before is not None else post
    screening, threat = _screened(work, whole), _vouched(post) and threatens(whole.words)
    if screening.says is Screened.URGENT:
        reply = _to_named_people(work, post, raw, screening, sender=sender, found=find(work, whole, answered))
    elif sent_by_itself(post.words, subject=post.subject):
        reply = keep(work, post, raw, ReplyState.AUTOMATIC)
    elif (
        before is None
        and sender is not None
        and _is_theirs(post, answered)
        and (done := _for_us(work, post, raw, sender))
    ):
        reply = done
    elif threat:
        reply = keep(work, post, raw, ReplyState.PARKED, why=Parked.THREAT)
    else:
        # Nobody is answered by the service, nor asked, who is slowed: as if no answer could be sent there.
        reply = _sort(work, post, raw, answered, None if slowed_at(work, post.from_address) else sender, whole=whole)
    if screening.says is not Screened.URGENT:
        reply.unread = screening.says is Screened.UNREAD and reply.state is not ReplyState.COMMAND
    if threat:
        slow(work, reply, SlowedFor.THREAT)
    return reply


def _automatic(work: Work, post: Post, raw: RawInbound, answered: tuple[Delivery, Message] | None) -> Reply:
    """What a machine wrote is kept, answered by nobody and no reply; what worries in it is read by people even so."""
    screening = _screened(work, post)
    if screening.says is Screened.URGENT:
        return _to_named_people(work, post, raw, screening, sender=None, found=find(work, post, answered))
    return keep(work, post, raw, ReplyState.AUTOMATIC)


def _vouched(post: Post) -> bool:
    """Whether it comes from whom it says: nobody is slowed for a mail that somebody forged."""
    return post.proven or post.delivery_id is not None


def _sort(
    work: Work,
    post: Post,
    raw: RawInbound,
    answered: tuple[Delivery, Message] | None,
    sender: Sender | None,
    *,
    whole: Post,
) -> Reply:
    """Words for a person: filed where they belong, asked about, or parked; a flood is not sorted at all.

    ``whole`` is what they are understood by: with the part of a long text that came before them.
    """
    if is_flood(work, post, raw):
        reply = keep(work, post, raw, ReplyState.PARKED, why=Parked.TOO_MANY)
        give_flood(work, reply)
        if _vouched(post):
            slow(work, reply, SlowedFor.FLOOD)
        return reply
    found = find(work, whole, answered)
    if isinstance(found, Match):
        how = found.how if whole is post else How.CONTINUED
        reply = keep(work, post, raw, ReplyState.FILED, contact_id=found.contact_id, how=how)
        file_in_logs(work, reply, found.student_ids, new=True)
        acknowledge(work, reply, post, sender)
        return reply
    if isinstance(found, Ask):
        if sender is not None and may_ask(work, post, sender):
            return ask_which_child(work, post, raw, found, sender)
        found = Parked.WHICH_CHILD
    return _park(work, post, raw, found, sender)


def keep_command(work: Work, post: Post, command: str) -> Reply | None:
    """Keep a stored request that was said to the service and to nobody else, once; None when it was taken before."""
    raw = untaken(work, post)
    return keep(work, post, raw, ReplyState.COMMAND, command=command) if raw is not None else None


def said_just_now(work: Work, post: Post, commands: Collection[str]) -> bool:
    """Whether the same was said from there to one of these commands a moment ago: a phone may send a text twice."""
    rows = select(Reply.words).where(
        Reply.from_address == post.from_address,
        Reply.command.in_(commands),
        Reply.received_at > work.now - TWICE_WITHIN,
    )
    return fold(post.words.strip()) in {fold(each.strip()) for each in work.session.scalars(rows)}


def untaken(work: Work, post: Post) -> RawInbound | None:
    """The stored request, now ours to take; None when somebody took it, or is about to."""
    return work.once(("claimed", post.raw_id), lambda: claim_raw(work, [post.raw_id]).get(post.raw_id))


def _screened(work: Work, post: Post) -> Screening:
    """What the screening says, where the school switched it on; a keyword alone is no news of anybody."""
    if post.keyword is not None or not watch_of(work).screens:
        return Screening(Screened.CLEAR)
    found = screen(f"{post.subject or ''}\n{post.words}", pictures=post.pictures)
    return Screening(Screened.UNREAD) if post.whole and found.says is Screened.CLEAR else found


def _to_named_people(
    work: Work, post: Post, raw: RawInbound, screening: Screening, *, found: Found, sender: Sender | None
) -> Reply:
    """Words that worry wait with the people the school named, whole and in no log, until one of them decides."""
    contact_id = found.contact_id if isinstance(found, Match | Ask) else None
    children = found.student_ids if isinstance(found, Match | Ask) else ()
    how = found.how if isinstance(found, Match) else None
    reply = keep(work, post, raw, ReplyState.SAFETY, contact_id=contact_id, how=how)
    raise_alert(
        work,
        reply,
        screening,
        watch=watch_of(work),
        student_ids=children,
        writers=writers_of(work, post),
        sender=sender if sender is None or sender.kind != SenderKind.MAIL else None,
    )
    return reply


def _for_us(work: Work, post: Post, raw: RawInbound, sender: Sender) -> Reply | None:
    """What is said to the service and not to a person: a keyword, the answer to its question, "please stop texting".

    Who is slowed has their own wishes granted (STOP, START, a language, a pause); what else they say is for a person.
    """
    if post.keyword is Keyword.HELP and slowed_at(work, post.from_address):
        return None
    if post.keyword in ALWAYS_OBEYED:
        reply = obey(work, post, raw, sender)
        if post.keyword is not Keyword.HELP:
            settle_stop(work, post.from_address)
        return reply
    if post.channel is Channel.TEXT and (answer := take_answer(work, post, raw, sender)):
        return answer
    if post.keyword is not None and not (post.keyword in ASKED_OF_A_PERSON and slowed_at(work, post.from_address)):
        return obey(work, post, raw, sender)
    return ask_to_stop(work, post, raw, sender) if _vouched(post) and asks_to_stop(post.words) else None


def _is_theirs(post: Post, answered: tuple[Delivery, Message] | None) -> bool:
    """Whether a keyword is its writer's own wish: a mail that was passed on is not the passer's to stop."""
    return answered is None or post.from_address == answered[0].address


def _park(work: Work, post: Post, raw: RawInbound, why: Parked, sender: Sender | None) -> Reply:
    """Words that have no safe place wait for a person, and nothing is lost."""
    reply = keep(work, post, raw, ReplyState.PARKED, why=why.value)
    give_to_match(work, reply)
    if why is Parked.CHANGED_HANDS:
        _hold(work, post)
    if why is Parked.UNKNOWN_SENDER and post.channel is Channel.TEXT and sender is not None:
        messages.answer_stranger(work, Answered(post.from_address, sender, None, "both"))
    return reply


def _hold(work: Work, post: Post) -> None:
    """Whoever says "wrong number" gets no more news of a child until a person has rung the family."""
    writers = writers_of(work, post)
    messages.hold_address(work, post.from_address, why=whanau.roll.NUMBER_CHANGED)
    for contact_id, way in (
        (each.contact.id, way) for each in writers for way in whanau.ways_in_use(work, each.contact.id)
    ):
        if way.address == post.from_address:
            kind = TaskKind.CONFIRM_ADDRESS
            tasks.give_task(work, kind, role=Role.OFFICE, contact_id=contact_id, subject_id=way.id)
    work.forget(("writers", post.from_address))


def obey_elsewhere(work: Work, post: Post, *, sender: Sender | None) -> None:
    """A wish about a sender that schools share holds in this school, too; its words belong to another."""
    if sender is not None and post.keyword is not None:
        grant(work, post.keyword, post, sender, evidence_id=None, contact_id=None)
