"""What comes in to the school of the stories: stored whole, then filed, as a worker does it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select

from commsbridge import conversations, partnership
from commsbridge.conversations import Reply
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.foundation.actors import SERVICE
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.partnership import Line
from tests.rooms.posting import Posting

NUMBERS = count(1)
DOMAIN = "reply.rimu.test"


@dataclass(frozen=True)
class Mailroom:
    """The way in of one school."""

    posting: Posting

    def store(self, key: str, body: bytes = b"", *, known: bool = True) -> uuid.UUID:
        """A request as the hook stores it; its id."""
        story = self.posting.story
        with story.runtime.lobby(ingest=True) as ingest:
            conversations.store_raw(
                ingest,
                carrier="twilio",
                carrier_key=key,
                content_type="text/plain",
                body=body,
                school_id=story.school_id if known else None,
            )
            return conversations.waiting_raw(ingest)[-1]

    def text(self, body: str, sender: str = "+64215550101", *, opt_out: str | None = None) -> Reply:
        """A phone writes to the school's short code."""
        raw_id = self.store(f"SM{next(NUMBERS)}")
        inbound = InboundText(f"SM{raw_id.hex}", sender, "4545", body, (), opt_out)
        return self._taken(conversations.post_of_text(raw_id, inbound))

    def mail(
        self,
        text: str,
        sender: str = "dave.kereama@homes.test",
        *,
        token: uuid.UUID | None = None,
        automatic: bool = False,
        dkim: str | None = None,
        subject: str = "Re: Good news",
    ) -> Reply:
        """A mailbox writes to the school; ``token`` is the delivery whose reply address it answers."""
        raw_id = self.store(f"M{next(NUMBERS)}")
        to = f"reply+token@{DOMAIN}" if token else "kura@rimu.test"
        inbound = InboundMail(f"<{raw_id}@homes.test>", sender, (to,), subject, text, automatic, dkim=dkim)
        return self._taken(conversations.post_of_mail(raw_id, inbound, delivery_id=token, our_domain=DOMAIN))

    def take(self, post: conversations.Post) -> Reply | None:
        story = self.posting.story
        with story.runtime.work(story.school_id, SERVICE) as work:
            sender = story.texts if post.channel == "text" else story.mails
            return conversations.take(work, post, sender=sender)

    def _taken(self, post: conversations.Post) -> Reply:
        reply = self.take(post)
        assert reply is not None
        return reply

    def about(self, reply: Reply) -> set[str]:
        """The children in whose log a reply stands, by their short names."""
        names = {child.id: key for key, child in self.posting.story.students.items()}
        with self.posting.story.work() as work:
            return {names[each] for each in conversations.students_of_reply(work, reply.id)}

    def lines_of(self, reply: Reply) -> Sequence[Line]:
        rows = select(Line).where(Line.subject == "reply", Line.subject_id == reply.id).order_by(Line.number)
        with self.posting.story.work() as work:
            return work.session.scalars(rows).all()

    def answers_to(self, address: str) -> list[Delivery]:
        """What the service itself wrote to an address."""
        rows = select(Delivery).join(Message, Message.id == Delivery.message_id)
        rows = rows.where(Delivery.address == address, Message.kind == MessageKind.CONSENT)
        with self.posting.story.work() as work:
            return list(work.session.scalars(rows.order_by(Delivery.made_at)))

    def found(self, child: str, search: str) -> list[uuid.UUID | None]:
        with self.posting.story.work() as work:
            entries = partnership.timeline(work, self.posting.story.students[child].id, search=search)
            return [each.line.subject_id for each in entries]

    def again(self, reply: Reply) -> Reply | None:
        """The same stored request comes to a worker once more."""
        inbound = InboundText("SM1", reply.from_address, "4545", reply.original)
        return self.take(conversations.post_of_text(reply.raw_id, inbound))
