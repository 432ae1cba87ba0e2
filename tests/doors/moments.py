"""What happened at the school before somebody opened a page: praise sent, heard and answered."""

from __future__ import annotations

import uuid

from sqlalchemy import select, text

from commsbridge import conversations, messages, partnership
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.conversations.safety import Watch
from commsbridge.messages import Draft, Message
from commsbridge.partnership import Moment
from tests.story import SHORT_CODE, Story


def praised(story: Story, child: str, by: str = "walsh", *, words: str = "", as_link: bool = False) -> Message:
    """A child was praised, with the first phrase on offer when there are no words of the writer's own."""
    with story.work(by) as work:
        student = story.students[child]
        phrase_id = None if words else messages.offered_phrases(work, student)[0].id
        draft = Draft(phrase_id=phrase_id, words=words, as_link=as_link)
        return messages.send_praise(work, student, draft, links=story.runtime.links)


def heard(story: Story, child: str, by: str = "walsh") -> Message:
    """A child was praised, and the good news reached home."""
    message = praised(story, child, by)
    with story.work() as work:
        assert message.line_id is not None
        entry = partnership.entry_of(work, message.line_id)
        assert entry is not None
        partnership.fold_onto(work, entry.line, Moment.ARRIVED)
    return message


def answered(story: Story, number: str, words: str) -> uuid.UUID:
    """A phone wrote to the school, and the text was filed; gives the reply's id."""
    with story.runtime.lobby(ingest=True) as ingest:
        key = uuid.uuid4().hex
        conversations.store_raw(
            ingest, carrier="twilio", carrier_key=key, content_type="", body=b"", school_id=story.school_id
        )
        raw_id = ingest.session.scalar(text("SELECT id FROM raw_inbound WHERE carrier_key = :key"), {"key": key})
    assert isinstance(raw_id, uuid.UUID)
    post = conversations.post_of_text(raw_id, InboundText(f"SM{key}", number, SHORT_CODE, words))
    with story.work() as work:
        reply = conversations.take(work, post, sender=story.texts)
    assert reply is not None
    return reply.id


def mailed(story: Story, address: str, words: str, whole: str) -> uuid.UUID:
    """A mailbox wrote ``whole``, of which ``words`` are new, and the mail was filed; gives the reply's id."""
    with story.runtime.lobby(ingest=True) as ingest:
        key = uuid.uuid4().hex
        conversations.store_raw(
            ingest, carrier="sendgrid", carrier_key=key, content_type="", body=b"", school_id=story.school_id
        )
        raw_id = ingest.session.scalar(text("SELECT id FROM raw_inbound WHERE carrier_key = :key"), {"key": key})
    assert isinstance(raw_id, uuid.UUID)
    inbound = InboundMail(f"<{key}@homes.test>", address, ("kura@rimu.test",), "Re: Aroha", whole, False, words=words)
    post = conversations.post_of_mail(raw_id, inbound, delivery_id=None, our_domain="reply.rimu.test")
    with story.work() as work:
        reply = conversations.take(work, post, sender=story.mails)
    assert reply is not None
    return reply.id


def screened(story: Story, *, minutes: int = 15, answers: bool = False) -> None:
    """The school has what comes in screened: Whaea Kiri reads first, then Mr Burns."""
    with story.work("burns") as work:
        named = Watch(True, story.staff["kiri"].id, story.staff["burns"].id, minutes, answers)
        conversations.safety.set_watch(work, named)


def worried(story: Story, number: str, words: str = "I am scared to go home today.") -> uuid.UUID:
    """A phone wrote something that worries, at a school that screens; gives the alert's id."""
    screened(story)
    reply_id = answered(story, number, words)
    with story.work() as work:
        return next(alert.id for alert in conversations.safety.unopened(work) if alert.reply_id == reply_id)


def praises(story: Story) -> list[Message]:
    """Every praise that was sent, welcomes left out."""
    with story.work() as work:
        rows = select(Message).where(Message.kind == messages.MessageKind.PRAISE).order_by(Message.made_at)
        return list(work.session.scalars(rows))
