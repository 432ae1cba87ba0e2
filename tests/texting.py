"""A phone of the staff in a story: proven as its owner proves it, and what it and the service write each other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select

from commsbridge import bots, conversations, schools
from commsbridge.conversations import Reply
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.actors import SERVICE
from commsbridge.messages import Delivery, Message, MessageKind
from tests.story import Story

MOBILE = "021 555 0190"
NUMBERS = count(1)


def prove(story: Story, who: str = "walsh", number: str = MOBILE) -> str:
    """Somebody of the staff proves a number theirs; the number as carriers write it."""
    with story.work(who) as work:
        asked, code = schools.ask_phone(work, story.staff[who].id, number)
        assert schools.check_code(work, story.staff[who].id, code)
        return asked.address


@dataclass(frozen=True)
class Texting:
    """One phone that texts the school."""

    story: Story
    address: str

    def write(self, words: str, *, pictures: int = 0, opt_out: str | None = None) -> Reply:
        """A text to the school, taken as a worker takes it."""
        key = f"SMt{next(NUMBERS)}"
        with self.story.runtime.lobby(ingest=True) as ingest:
            conversations.store_raw(
                ingest, carrier="twilio", carrier_key=key, content_type="text/plain", body=b"",
                school_id=self.story.school_id,
            )  # fmt: skip
            raw_id = conversations.waiting_raw(ingest)[-1]
        media = tuple(f"https://media.test/{each}" for each in range(pictures))
        post = conversations.post_of_text(raw_id, InboundText(key, self.address, "4545", words, media, opt_out))
        with self.story.runtime.work(self.story.school_id, SERVICE) as work:
            links, sender = self.story.runtime.links, self.story.texts
            said = bots.take_from_staff(work, post, sender=sender, links=links)
            reply = said or bots.take(work, post, sender=sender, links=links)
        assert reply is not None
        return reply

    def texts(self) -> dict[uuid.UUID, str]:
        """Every text of the service to this phone as to one of the staff, by id."""
        rows = select(Delivery).where(Delivery.address == self.address, Delivery.staff_id.is_not(None))
        with self.story.work() as work:
            return {each.id: each.body for each in work.session.scalars(rows.order_by(Delivery.made_at))}

    def heard(self) -> list[str]:
        """The words of these, the latest last where their moments differ."""
        return list(self.texts().values())

    def ask(self, words: str, *, pictures: int = 0) -> str:
        """Write, and read the one answer."""
        before = self.texts()
        self.write(words, pictures=pictures)
        (answer,) = [body for each, body in self.texts().items() if each not in before] or [""]
        return answer


def praises_of(story: Story, child: str) -> list[tuple[str, uuid.UUID | None, bool]]:
    """The praise written about a child: words, writer, whether behind a link."""
    rows = select(Message).where(Message.student_id == story.students[child].id, Message.kind == MessageKind.PRAISE)
    with story.work() as work:
        return [(each.words, each.staff_id, each.as_link) for each in work.session.scalars(rows)]
