"""Letting a school's past happen: staff act through the rooms, families through their phones and mailboxes."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from commsbridge import messages
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.work import Work
from commsbridge.messages import Claimed
from commsbridge.messages.gateways import Accepted, Arrival, Receipt, TextJob
from commsbridge.neighbourhood import MailProgram, Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.worker import Worker

WORKER_WAKES = timedelta(seconds=1)
ON_THE_WAY = timedelta(seconds=4)


class Clock(Protocol):
    """A clock that is set: ``now`` is aware UTC. The runtime asks it, and so may the neighbourhood."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment it shows."""


class StoryClock:
    """A Clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.now


class Past:
    """One school's past, told in order: ``until(at)`` first, then what happened at that moment.

    What staff do goes through the rooms' own verbs; what families write comes from their phones and mailboxes through
    the signed hooks, so a web application over ``runtime`` must answer where ``town`` reaches. ``until`` hands over
    what the school wrote: no worker can, since a claim asks the database's clock (messages.past).
    """

    def __init__(self, runtime: Runtime, town: Neighbourhood, clock: Clock, school_id: uuid.UUID) -> None:
        self.runtime = runtime
        self.town = town
        self.clock = clock
        self.school_id = school_id
        self._worker = Worker(runtime, threads=1)

    def until(self, at: datetime) -> None:
        """Let the time come to ``at`` (aware UTC): what fell due on the way goes to its phones and mailboxes."""
        with self.runtime.work(self.school_id) as work:
            for due_at, claimed in messages.due_then(work, by=at):
                self.clock.now = max(self.clock.now, due_at + WORKER_WAKES)
                self._hand_over(replace(work, now=self.clock.now), claimed)
        self.clock.now = max(self.clock.now, at)

    def text(self, number: str, sender: str, words: str) -> None:
        """A phone sends the school's ``sender`` a text, and it is filed."""
        self.town.text_in(number, sender, words)
        self._file()

    def answer_mail(self, address: str, words: str, program: MailProgram) -> None:
        """Somebody answers the newest letter in their mailbox, and it is filed."""
        letter = next(each for each in reversed(self.town.mailbox(address).letters) if not each.inbound)
        self.town.reply(letter, words, program)
        self._file()

    def work(self, staff_id: uuid.UUID) -> AbstractContextManager[Work]:
        """An act of a member of staff at this moment."""
        return self.runtime.work(self.school_id, Actor.staff(staff_id))

    def _hand_over(self, work: Work, claimed: Claimed) -> None:
        carrying = self._worker.carrying
        (job,) = carrying.jobs([claimed])
        finished = carrying.send(claimed, job)
        messages.record_then(work, finished)
        if isinstance(finished.outcome, Accepted):
            carrier_id = finished.outcome.carrier_id
            receipt = self._text_receipt(job, carrier_id) if isinstance(job, TextJob) else _arrived(carrier_id)
            messages.take_receipt(replace(work, now=work.now + ON_THE_WAY), claimed.id, receipt)

    def _text_receipt(self, job: TextJob, carrier_id: str) -> Receipt:
        """How far the carrier says it has come: a phone may be out of service."""
        sent = self.runtime.gateways.texts.find_sent(sender=job.sender, to=job.to, since=self.clock.now)
        found = next(each for each in sent if each.carrier_id == carrier_id)
        return Receipt("", carrier_id, found.arrival, f"{carrier_id}/{found.arrival}", found.cause, found.code)

    def _file(self) -> None:
        self.town.settle()
        knock = next(each for each in reversed(self.town.knocks()) if each.kind in {"text", "mail"})
        if not knock.taken:
            raise RuntimeError(f"the school did not take a family's words: {knock.told}")
        self._worker.receiving.file()


def _arrived(carrier_id: str) -> Receipt:
    return Receipt("", carrier_id, Arrival.DELIVERED, f"{carrier_id}/delivered")
