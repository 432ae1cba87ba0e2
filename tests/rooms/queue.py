"""A queue in a database of its own, on the database's own clock: what waits, who may take it, what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from commsbridge import messages, schools
from commsbridge.foundation.actors import OPERATOR
from commsbridge.messages import Claimed, Delivery, Finished, Message, MessageKind, State
from commsbridge.messages.gateways import Accepted, Outcome
from commsbridge.messages.models import LANE_RANK, Lane
from commsbridge.runtime import Runtime
from commsbridge.schools import Sender, SenderKind
from tests.story import Story

# The clock of rules runs behind the database's, so that what is due by the one is due by the other.
BEHIND = timedelta(seconds=15)


def real_time() -> datetime:
    """Now, a little behind."""
    return datetime.now(UTC) - BEHIND  # noqa: TID251 - the outbox keeps the database's time, so this must


@dataclass(frozen=True)
class Queue:
    """Deliveries of any number of schools, put there one by one."""

    story: Story

    @property
    def runtime(self) -> Runtime:
        return self.story.runtime

    def school(self, name: str) -> uuid.UUID:
        with self.runtime.lobby() as lobby:
            return schools.create_school(lobby, name_en=name, name_mi=name, text_name=name, region="AUK").id

    def sender(
        self, address: str, *school_ids: uuid.UUID, rate: float = 1000.0, burst: int = 1000, mail: bool = False
    ) -> Sender:
        kind = SenderKind.MAIL if mail else SenderKind.STANDARD
        with self.runtime.lobby() as lobby:
            sender = schools.add_sender(lobby, kind=kind, address=address, shared=True, rate=rate, burst=burst)
            for school_id in school_ids:
                schools.give_sender(lobby, school_id, sender.id)
        return sender

    def put(
        self,
        sender: Sender,
        count: int = 1,
        *,
        school_id: uuid.UUID | None = None,
        lane: Lane = Lane.NORMAL,
        units: int = 1,
        due_in: float = -60.0,
        lives: float = 3600.0,
        after: uuid.UUID | None = None,
        address: str = "+64215550101",
        body: str = "Ka pai!",
    ) -> list[uuid.UUID]:
        """Queue so many, due and expiring so many seconds from now (the database's)."""
        with self.runtime.work(school_id or self.story.school_id, OPERATOR) as work:
            message = Message(id=uuid.uuid4(), kind=MessageKind.NOTICE, made_at=work.now)
            work.session.add(message)
            work.session.flush()
            now = work.now + BEHIND
            rows = [
                Delivery(
                    id=uuid.uuid4(),
                    message_id=message.id,
                    channel="email" if sender.kind is SenderKind.MAIL else "text",
                    address=address,
                    sender_id=sender.id,
                    language="en",
                    body=body,
                    units=units,
                    lane=LANE_RANK[lane],
                    state=State.QUEUED,
                    due_at=now + timedelta(seconds=due_in, milliseconds=number),
                    expires_at=now + timedelta(seconds=lives),
                    after_id=after,
                    made_at=work.now,
                    logged_state=State.QUEUED,
                )
                for number in range(count)
            ]
            work.session.add_all(rows)
        return [row.id for row in rows]

    def claim(self, slots: int = 10, *, worker: str = "one", lease: float = 60.0) -> list[Claimed]:
        with self.runtime.carrier() as session:
            return messages.claim(session, worker=worker, slots=slots, lease=lease)

    def complete(
        self, claimed: Sequence[Claimed], outcome: Outcome | None = None, *, worker: str = "one", chance: float = 0.0
    ) -> set[uuid.UUID]:
        finished = [Finished(each, outcome or Accepted(f"SM{each.id.hex}")) for each in claimed]
        with self.runtime.carrier() as session:
            return messages.complete(session, finished, worker=worker, chance=chance)

    def reap(self) -> int:
        with self.runtime.carrier() as session:
            return len(messages.reap(session))

    def row(self, delivery_id: uuid.UUID, school_id: uuid.UUID | None = None) -> Delivery:
        with self.runtime.work(school_id or self.story.school_id, OPERATOR) as work:
            return work.session.get_one(Delivery, delivery_id)

    def alter(self, delivery_id: uuid.UUID, **columns: object) -> None:
        """Write columns of a row as they are asked for: a moment that would take long to wait for."""
        assigned = ", ".join(f"{name} = :{name}" for name in columns)
        with self.runtime.work(self.story.school_id, OPERATOR) as work:
            work.session.execute(
                text(f"UPDATE deliveries SET {assigned} WHERE id = :id"), {**columns, "id": delivery_id}
            )

    def sender_now(self, sender: Sender) -> Sender:
        with self.runtime.lobby() as lobby:
            return lobby.session.get_one(Sender, sender.id)


def queue_of(story: Story) -> Queue:
    """The queue of a school whose acts are committed, on the real clock."""
    return Queue(replace(story, runtime=replace(story.runtime, now=real_time)))
