"""The way out: claimed deliveries are handed to the carriers, and what is in doubt is asked about."""

from __future__ import annotations

import random
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

import structlog

from commsbridge import messages, schools
from commsbridge.messages import Claimed, Doubtful, Finished
from commsbridge.messages.gateways import Accepted, CarrierAway, MailJob, Outcome, TextJob
from commsbridge.runtime import Runtime

log = structlog.get_logger()

# How long a doubt rests before the carrier is asked: its own callback usually settles it first.
DOUBT_RESTS = 30.0
# Twilio's ValidityPeriod: 1 to 36,000 seconds.
LONGEST_LIFE = 36_000


class Carrying:
    """Keeps up to ``threads`` deliveries in flight at the carriers; no transaction is open meanwhile."""

    def __init__(self, runtime: Runtime, *, threads: int, name: str) -> None:
        self.runtime = runtime
        self.threads = threads
        self.name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="carrier")
        self._flying: dict[Future[Finished], Claimed] = {}
        self._schools: dict[uuid.UUID, schools.School] = {}

    @property
    def flying(self) -> int:
        """How many are in flight."""
        return len(self._flying)

    def launch(self) -> int:
        """Claim what may go and hand it over; waits until a quarter of the slots is free, so that claims stay few."""
        free = self.threads - len(self._flying)
        if free < max(1, self.threads // 4) and self._flying:
            return 0
        with self.runtime.carrier() as session:
            claimed = messages.claim(session, worker=self.name, slots=free)
        for each in claimed:
            job = self.job(each)
            self._flying[self._pool.submit(self.send, each, job)] = each
        return len(claimed)

    def job(self, claimed: Claimed) -> TextJob | MailJob:
        """A claimed delivery as its carrier wants it."""
        school = self._school(claimed.school_id)
        links = self.runtime.links
        if claimed.channel == "text":
            return TextJob(
                delivery_id=claimed.id,
                sender=claimed.sender,
                to=claimed.address,
                body=claimed.body,
                status_url=links.status_url(school.number, claimed.id),
                valid_for=max(1, min(LONGEST_LIFE, int(claimed.lives))),
            )
        return MailJob(
            delivery_id=claimed.id,
            delivery_token=links.token("status", school.number, claimed.id),
            from_address=claimed.sender,
            from_name=school.name_en,
            to_address=claimed.address,
            reply_to=links.reply_address(school.number, claimed.id),
            subject=claimed.subject or "",
            text=claimed.body,
            html=claimed.html or "",
            unsubscribe_url=links.change_url(school.number, claimed.id) if claimed.contact_id else None,
        )

    def _school(self, school_id: uuid.UUID) -> schools.School:
        known = self._schools.get(school_id)
        if known is None:
            with self.runtime.lobby() as lobby:
                known = schools.school_by_id(lobby, school_id)
            self._schools[school_id] = known
        return known

    def send(self, claimed: Claimed, job: TextJob | MailJob) -> Finished:
        """Hand one over, on the thread that calls."""
        gateways = self.runtime.gateways
        outcome: Outcome
        outcome = gateways.texts.send(job) if isinstance(job, TextJob) else gateways.mails.send(job)
        return Finished(claimed, outcome)

    def land(self, *, block: bool) -> int:
        """Record what has come back, all in one statement; with ``block`` wait for the first."""
        done = [future for future in self._flying if future.done()]
        if not done and block:
            done = list(wait(self._flying, return_when=FIRST_COMPLETED).done)
        if not done:
            return 0
        finished = [future.result() for future in done]
        with self.runtime.carrier() as session:
            recorded = messages.complete(session, finished, worker=self.name, chance=random.random())  # noqa: S311 - spread
        for future in done:
            del self._flying[future]
        for each in finished:
            outcome = each.outcome
            log.info(
                "delivery.handed_over",
                delivery=str(each.claimed.id),
                attempt=each.claimed.attempt,
                outcome=type(outcome).__name__.lower(),
                code=None if isinstance(outcome, Accepted) else outcome.code,
                recorded=each.claimed.id in recorded,
            )
        return len(done)

    def settle(self) -> int:
        """Tell each school's log what became of its deliveries. Returns how many were settled."""
        with self.runtime.carrier() as session:
            waiting = messages.schools_to_settle(session)
        settled = 0
        for school_id in waiting:
            with self.runtime.work(school_id) as work:
                rules, _ = messages.rules_of(work)
                settled += messages.settle(work, rules)
        return settled

    def settle_doubts(self, *, older_than: float) -> int:
        """Ask the carrier about texts nobody knows the fate of; one it has is adopted, one it has not goes again."""
        with self.runtime.carrier() as session:
            doubtful = messages.doubtful_texts(session, older_than=older_than)
        settled = 0
        for each in doubtful:
            try:
                carrier_id = self._ask_carrier(each)
            except CarrierAway:
                log.warning("worker.carrier_away", delivery=str(each.id))
                continue
            with self.runtime.work(each.school_id) as work:
                messages.settle_doubt(work, each.id, carrier_id=carrier_id)
            settled += 1
        return settled

    def _ask_carrier(self, doubtful: Doubtful) -> str | None:
        """The carrier's id of this very text: same numbers, same words, and not another delivery's."""
        if doubtful.carrier_id:
            return doubtful.carrier_id
        sent = self.runtime.gateways.texts.find_sent(
            sender=doubtful.sender, to=doubtful.address, since=doubtful.made_at - timedelta(minutes=5)
        )
        same = [each.carrier_id for each in sent if each.body == doubtful.body]
        with self.runtime.carrier() as session:
            ours = messages.known_carrier_ids(session, same)
        return next((carrier_id for carrier_id in same if carrier_id not in ours), None)

    def keep(self) -> None:
        """Renew the leases of what is in flight, and give up those whose worker fell silent."""
        with self.runtime.carrier() as session:
            if self._flying:
                messages.renew(session, [claimed.id for claimed in self._flying.values()], worker=self.name)
            dropped = messages.reap(session)
        if dropped:
            log.warning("worker.leases_expired", count=dropped)

    def drain(self) -> None:
        """Wait for every call in flight and record it, then settle."""
        while self._flying:
            self.land(block=True)
        self.settle()
        self._pool.shutdown()
