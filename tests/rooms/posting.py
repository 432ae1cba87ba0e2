"""Sending in the school of the stories, without a carrier: what waits, what became of it, what the log says."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, text

from commsbridge import messages, partnership, schools, tasks
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Draft, Finished, Links, Message, MessageKind, Phrase, State
from commsbridge.messages.gateways import Accepted, Arrival, Cause, Outcome, Receipt, Refused
from commsbridge.messages.moves import MOVES
from commsbridge.partnership import Line, Moment
from commsbridge.schools import OptOut, Role
from commsbridge.tasks import Task
from tests.conftest import Clock
from tests.story import Story


def way_to(begins: State, ends: State) -> list[State]:
    """The shortest way of legal moves; a restored backup is no way."""
    ways: dict[State, list[State]] = {begins: []}
    while ends not in ways:
        further = {
            after: [*ways[before], after]
            for (before, after), move in MOVES.items()
            if before in ways and after not in ways and move != "restored"
        }
        assert further, f"no delivery goes from {begins} to {ends}"
        ways |= further
    return ways[ends]


@dataclass(frozen=True)
class Posting:
    """Acts of one school at the clock's time; people are found by their short names (tests/story.py)."""

    story: Story
    clock: Clock

    @property
    def links(self) -> Links:
        return self.story.runtime.links

    def praise(
        self,
        child: str,
        *,
        by: str = "walsh",
        words: str = "",
        words_language: Language | None = None,
        phrase: uuid.UUID | None = None,
        as_link: bool = False,
        once_key: str | None = None,
    ) -> uuid.UUID:
        """Send praise, with the first phrase on offer when nothing else is said; its id."""
        student = self.story.students[child]
        with self.story.work(by) as work:
            if not words and phrase is None:
                phrase = messages.offered_phrases(work, student)[0].id
            draft = Draft(phrase, words, words_language, as_link)
            return messages.send_praise(work, student, draft, links=self.links, once_key=once_key).id

    def undo(self, message_id: uuid.UUID, *, by: str = "walsh") -> Message:
        with self.story.work(by) as work:
            return messages.undo_message(work, message_id)

    def of(self, message_id: uuid.UUID) -> dict[str, Delivery]:
        """The deliveries of a message by the short name of whom they are for."""
        names = {contact.id: key for key, contact in self.story.contacts.items()}
        with self.story.work() as work:
            told = messages.written(work, [message_id])[message_id]
            return {names[each.contact_id]: each for each in told.deliveries if each.contact_id}

    def all_to(self, contact: str, kind: MessageKind | None = None) -> list[Delivery]:
        """Everything ever written to a contact, in the order it was written; a welcome before what waits for it."""
        rows = select(Delivery).join(Message, Message.id == Delivery.message_id)
        rows = rows.where(Delivery.contact_id == self.story.contacts[contact].id)
        if kind is not None:
            rows = rows.where(Message.kind == kind)
        with self.story.work() as work:
            found = work.session.scalars(rows.order_by(Delivery.made_at, Delivery.after_id.nulls_first())).all()
            return list(found)

    def delivery(self, delivery_id: uuid.UUID) -> Delivery:
        with self.story.work() as work:
            return work.session.get_one(Delivery, delivery_id)

    # what becomes of them

    def gone(self, delivery: Delivery, outcome: Outcome | None = None) -> None:
        """The carrier answers: it takes the delivery, or refuses it."""
        with self.story.work() as work:
            claimed = next(each for _, each in messages.due_then(work, by=delivery.due_at) if each.id == delivery.id)
            messages.record_then(work, Finished(claimed, outcome or Accepted(f"SM{delivery.id.hex}")))

    def refused(self, delivery: Delivery, cause: Cause, code: str = "30000") -> None:
        self.gone(delivery, Refused(cause, code))

    def in_state(self, delivery: Delivery, state: str, *, attempt: int = 1, settled_at: datetime | None = None) -> None:
        """What the carrier's door would write: a delivery in flight or in doubt, moved there by legal moves."""
        with self.story.runtime.carrier() as session:
            now = session.scalar(text("SELECT state FROM deliveries WHERE id = :id"), {"id": delivery.id})
            for step in way_to(State(now), State(state)):
                counted = {State.SENDING: "attempt + 1", State.HELD: "attempt", State.BY_HAND: "attempt"}
                tried = counted.get(step, "greatest(attempt, 1)")
                held = "now() + interval '1 minute', 'one'" if step is State.SENDING else "NULL, NULL"
                session.execute(
                    text(
                        f"UPDATE deliveries SET state = :state, attempt = {tried}, (lease_until, worker) = ({held}) "
                        "WHERE id = :id"
                    ),
                    {"state": step, "id": delivery.id},
                )
            session.execute(
                text("UPDATE deliveries SET attempt = :attempt, settled_at = :at, why = NULL WHERE id = :id"),
                {"attempt": attempt, "at": settled_at or self.clock(), "id": delivery.id},
            )

    def receipt(
        self, delivery_id: uuid.UUID, arrival: Arrival, *, cause: Cause | None = None, code: str | None = None
    ) -> bool:
        with self.story.work() as work:
            key = f"SM1/{arrival}/{code or ''}"
            return messages.take_receipt(work, delivery_id, Receipt("token", "SM1", arrival, key, cause, code))

    def arrived(self, message_id: uuid.UUID) -> None:
        """Everything of a message, and the welcomes before it, leaves and arrives."""
        for delivery in self.of(message_id).values():
            with self.story.work() as work:
                first = work.session.get(Delivery, delivery.after_id) if delivery.after_id else None
            for each in filter(None, (first, delivery)):
                if each.state == "queued":
                    self.gone(each)
                    self.receipt(each.id, Arrival.DELIVERED)

    def settle(self) -> int:
        with self.story.work() as work:
            return messages.settle(work)

    # what is known

    def moments(self, child: str) -> list[tuple[Moment, list[Moment]]]:
        """The timeline of a child, newest first: each moment with what became of it."""
        with self.story.work() as work:
            entries = partnership.timeline(work, self.story.students[child].id)
            return [(each.line.moment, [line.moment for line in each.later]) for each in entries]

    def about(self, delivery: Delivery) -> list[Moment]:
        """What the log was told about one delivery, in order."""
        rows = select(Line).where(Line.subject == "delivery", Line.subject_id == delivery.id).order_by(Line.number)
        with self.story.work() as work:
            return [line.moment for line in work.session.scalars(rows)]

    def tasks_of(self, who: str, *roles: Role) -> Sequence[Task]:
        with self.story.work() as work:
            return tasks.open_tasks(work, staff_id=self.story.staff[who].id, roles=roles)

    def opt_outs(self) -> set[str]:
        with self.story.work() as work:
            return set(work.session.scalars(select(OptOut.address)))

    def phrase(self, position: int = 0) -> Phrase:
        with self.story.work() as work:
            found = select(Phrase).order_by(Phrase.position).offset(position).limit(1)
            return work.session.scalars(found).one()

    def later_work(self, work: Work, **amount: float) -> Work:
        """The same act a little later."""
        return replace(work, now=self.clock.forward(**amount))

    def no_quiet_hours(self) -> None:
        with self.story.work() as work:
            school = schools.school_of(work)
            school.quiet_until = school.quiet_from
