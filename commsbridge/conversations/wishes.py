"""Wishes: a keyword is obeyed for the whole phone, told to the log neutrally, and answered once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from commsbridge import messages, partnership, schools, whanau
from commsbridge.conversations.finding import writers_of
from commsbridge.conversations.keywords import Keyword
from commsbridge.conversations.models import RawInbound, Reply, ReplyState
from commsbridge.conversations.posts import Post
from commsbridge.conversations.writing_down import keep
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered
from commsbridge.partnership import Moment
from commsbridge.schools import Sender
from commsbridge.whanau import Channel, Writer

WISHES = {Keyword.STOP: messages.stop_messages, Keyword.START: messages.start_messages}
ANSWERS = {
    Keyword.STOP: messages.answer_stop,
    Keyword.START: messages.answer_start,
    Keyword.HELP: messages.answer_help,
}
# What only asks for something of a person, or for words, changes nothing in what is sent.
TOLD = frozenset({Keyword.STOP, Keyword.START, Keyword.PAUSE})


def grant(
    work: Work,
    keyword: Keyword | None,
    post: Post,
    sender: Sender,
    *,
    evidence_id: uuid.UUID | None,
    contact_id: uuid.UUID | None,
) -> None:
    """Let STOP or START hold for the address it came from."""
    if keyword in WISHES:
        WISHES[keyword](
            work, channel=post.channel, address=post.from_address, sender_id=sender.id,
            evidence="carrier" if post.carrier_answered else "reply", evidence_id=evidence_id, contact_id=contact_id,
        )  # fmt: skip


def obey(work: Work, post: Post, raw: RawInbound, sender: Sender) -> Reply:
    """STOP, START and HELP hold for the whole phone, whoever on it wrote; what else is asked for is the bot's to do."""
    writers = writers_of(work, post)
    only = writers[0].contact.id if len(writers) == 1 else None
    reply = keep(work, post, raw, ReplyState.COMMAND, contact_id=only, command=post.keyword)
    grant(work, post.keyword, post, sender, evidence_id=reply.id, contact_id=only)
    if post.keyword in TOLD:
        log_wish(work, reply, writers)
    if not post.carrier_answered and post.channel is Channel.TEXT and post.keyword in ANSWERS:
        ANSWERS[post.keyword](work, answered_to(work, post, sender, writers))
    return reply


def log_wish(work: Work, reply: Reply, writers: Sequence[Writer]) -> None:
    """A wish is told neutrally: it is no fault."""
    for writer in writers:
        for student_id in writer.students:
            partnership.write_line(
                work,
                Moment.WISH,
                student_id=student_id,
                at=reply.received_at,
                contact_id=writer.contact.id,
                channel=reply.channel,
                subject=("reply", reply.id),
            )


def answered_to(work: Work, post: Post, sender: Sender, writers: Sequence[Writer]) -> Answered:
    """To whom an answer goes: in their language where one person has the phone, else in both."""
    if len(writers) != 1:
        return Answered(post.from_address, sender, None, "both")
    contact_id = writers[0].contact.id
    language = whanau.language_of(work, contact_id, on=schools.today(work))
    return Answered(post.from_address, sender, contact_id, language)
