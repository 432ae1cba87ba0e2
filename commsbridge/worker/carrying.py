"""The way out: claimed deliveries are handed to the carriers, and what is in doubt is asked about."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from random import SystemRandom
from urllib.parse import urlsplit

import structlog

from commsbridge import meetings, messages, schools
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.messages import Claimed, Doubtful, Finished
from commsbridge.messages.gateways import Accepted, Attached, Inline, MailJob, Outcome, SentText, TextJob
from commsbridge.runtime import Runtime
from commsbridge.worker.asking import Asking
from commsbridge.worker.hands import Hands

log = structlog.get_logger()

# How long a doubt rests before the carrier is asked: its own callback usually settles it first.
DOUBT_RESTS = 30.0
DOUBTS_AT_ONCE = 4
# A text that is older by the carrier's clock than by ours would not be found, and go twice. One phone's list is short.
CLOCKS_DIFFER = timedelta(days=1)
CHANCE = SystemRandom()
# Schools told in one transaction: a commit for each would cost more than the telling.
TOLD_TOGETHER = 25
# Twilio's ValidityPeriod: 1 to 36,000 seconds.
LONGEST_LIFE = 36_000


class Carrying:
    """Keeps up to ``threads`` deliveries in flight at the carriers; no transaction is open meanwhile."""

    def __init__(self, runtime: Runtime, *, threads: int, name: str, lease: float = messages.LEASE_SECONDS) -> None:
        self.runtime = runtime
        self.threads = threads
        self.name = name
        self.lease = lease
        self._hands: Hands[tuple[Claimed, TextJob | MailJob], Finished] = Hands(
            lambda given: self.send(*given), threads=threads, name="carrier"
        )
        self._flying: dict[uuid.UUID, Claimed] = {}
        self._came_back: list[Finished] = []
        self._doubts: Asking[Doubtful, list[SentText]] = Asking("doubts", threads=DOUBTS_AT_ONCE)
        self._schools: dict[uuid.UUID, schools.School] = {}

    @property
    def flying(self) -> int:
        """How many are in flight."""
        return len(self._flying)

    @property
    def asking(self) -> int:
        """How many questions to a carrier have no answer yet."""
        return self._doubts.open

    def turn(self, *, more: bool, block: bool = False) -> int:
        """Record what has come back and claim what may go, in one transaction; then hand it over.

        Nothing new is claimed until a tenth of the slots is free, so that claims stay few, nor without ``more``
        when nothing has come back. ``block`` waits for the first call to come back. Returns how many moved.
        """
        # What a turn fetched and could not write down, because the database went away, is written down by the next.
        self._came_back += self._hands.fetch(block=block and not self._came_back and bool(self._flying))
        finished = self._came_back
        free = self._capacity(len(finished)) - len(self._flying) + len(finished)
        wanted = free if (more or (finished and not block)) and free >= max(1, self.threads // 10) else 0
        if not finished and not wanted:
            return 0
        with self.runtime.carrier() as session:
            chance = CHANCE.random()
            recorded = messages.complete(session, finished, worker=self.name, chance=chance) if finished else set()
            claimed = messages.claim(session, worker=self.name, slots=wanted, lease=self.lease) if wanted else []
            # Before the commit: when a school cannot be looked up now, nothing has been claimed.
            jobs = self.jobs(claimed)
        self._came_back = []
        for done in finished:
            del self._flying[done.claimed.id]
        _tell(finished, recorded)
        for each, job in zip(claimed, jobs, strict=True):
            self._flying[each.id] = each
            self._hands.give((each, job))
        return len(finished) + len(claimed)

    def _capacity(self, came_back: int) -> int:
        """How many to hold: one a thread, and ahead of them what comes back in three turns, so that no thread waits."""
        return self.threads + min(3 * self.threads, max(self.threads // 2, 3 * came_back))

    def jobs(self, claimed: Sequence[Claimed]) -> list[TextJob | MailJob]:
        """Claimed deliveries as their carriers want them."""
        self._meet({each.school_id for each in claimed})
        return [self._job(each) for each in claimed]

    def _job(self, claimed: Claimed) -> TextJob | MailJob:
        school = self._schools[claimed.school_id]
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
            from_name=school.name_in(claimed.language),
            to_address=claimed.address,
            reply_to=links.reply_address(school.number, claimed.id),
            subject=claimed.subject or "",
            text=claimed.body,
            html=claimed.html or "",
            unsubscribe_url=links.change_url(school.number, claimed.id) if claimed.contact_id else None,
            picture=self._picture(claimed),
            file=self._calendar(claimed),
        )

    def _calendar(self, claimed: Claimed) -> Attached | None:
        """The hui a mail is about, for a calendar, as it stands now; the carrier's door sees no hui."""
        if not claimed.calendar:
            return None
        with self.runtime.work(claimed.school_id) as work:
            content = meetings.calendar_of_delivery(
                work,
                claimed.id,
                host=urlsplit(self.runtime.settings.public_url).hostname or "commsbridge",
                organizer=claimed.sender,
                attendee=claimed.address,
            )
        return Attached("hui.ics", "text/calendar", content) if content else None

    def _picture(self, claimed: Claimed) -> Inline | None:
        """The photo a mail carries; the carrier's door sees none, so it is fetched through the school's own."""
        if claimed.photo_id is None:
            return None
        with self.runtime.work(claimed.school_id) as work:
            photo = messages.photo_by_id(work, claimed.photo_id)
            if photo is None:
                return None
            return Inline(messages.letters.PICTURE_ID, "photo.jpg", photo.media_type, photo.content)

    def _meet(self, school_ids: Collection[uuid.UUID]) -> None:
        """Look up the schools not met since the last look, all in one question."""
        strangers = set(school_ids) - self._schools.keys()
        if strangers:
            with self.runtime.lobby() as lobby:
                self._schools.update(schools.schools_by_id(lobby, strangers))

    def send(self, claimed: Claimed, job: TextJob | MailJob) -> Finished:
        """Hand one over, on the thread that calls."""
        gateways = self.runtime.gateways
        outcome: Outcome
        outcome = gateways.texts.send(job) if isinstance(job, TextJob) else gateways.mails.send(job)
        return Finished(claimed, outcome)

    def settle(self, *, seconds: float = float("inf")) -> int:
        """Tell each school's log what became of its deliveries, as many as so long allows. Returns how many moved."""
        until = time.monotonic() + seconds
        with self.runtime.carrier() as session:
            waiting = messages.schools_to_settle(session)
        CHANCE.shuffle(waiting)
        only_sent = [each.school_id for each in waiting if each.only_sent]
        shares = [only_sent[at : at + TOLD_TOGETHER] for at in range(0, len(only_sent), TOLD_TOGETHER)]
        acts = [partial(self._tell_sent, share) for share in shares]
        acts += [partial(self._settle_school, each.school_id) for each in waiting if not each.only_sent]
        CHANCE.shuffle(acts)
        settled = 0
        for act in acts:
            settled += act()
            if time.monotonic() > until:
                break
        return settled

    def _tell_sent(self, school_ids: Sequence[uuid.UUID]) -> int:
        """Schools where all was sent are told in one transaction; when one is in trouble, each in its own."""
        try:
            with self.runtime.works() as work_in:
                return sum(messages.tell_sent(work_in(school_id)) for school_id in school_ids)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - each is settled by itself, and whose trouble it is is alarmed there
            log.warning("settle.together", schools=len(school_ids), kind=type(error).__name__)
            return sum(self._settle_school(school_id) for school_id in school_ids)

    def _settle_school(self, school_id: uuid.UUID) -> int:
        try:
            with self.runtime.work(school_id) as work:
                return messages.settle(work) + messages.turn_to_other_way(work, links=self.runtime.links)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
            log.error("settle.trouble", school=str(school_id), kind=type(error).__name__)
            return 0

    def ask_doubts(self, *, older_than: float) -> None:
        """Ask the carrier about texts nobody knows the fate of, when no earlier question is open."""
        if self._doubts.open:
            return
        with self.runtime.carrier() as session:
            doubtful = messages.doubtful_texts(session, older_than=older_than)
        texts = self.runtime.gateways.texts
        for each in doubtful:
            since = each.since - CLOCKS_DIFFER
            self._doubts.ask(each, partial(texts.find_sent, sender=each.sender, to=each.address, since=since))

    def hear_doubts(self, *, block: bool = False) -> int:
        """Settle what the carrier has answered: a text it has is adopted, one it has not goes again."""
        heard = self._doubts.hear(block=block)
        for doubtful, sent in heard:
            if sent is None:
                log.warning("worker.carrier_away", delivery=str(doubtful.id))
            else:
                self._settle_doubt(doubtful, sent)
        return len(heard)

    def settle_doubts(self, *, older_than: float) -> int:
        """Ask and wait for every answer. Returns how many there were."""
        self.ask_doubts(older_than=older_than)
        heard = 0
        while self._doubts.open:
            heard += self.hear_doubts(block=True)
        return heard

    def _settle_doubt(self, doubtful: Doubtful, sent: Sequence[SentText]) -> None:
        """The carrier has this very text when the same words are on its list, and are not another delivery's."""
        same = [each for each in sent if each.body == doubtful.body]
        with self.runtime.carrier() as session:
            ours = messages.known_carrier_ids(session, [each.carrier_id for each in same])
        mine = (each for each in same if each.carrier_id == doubtful.carrier_id or each.carrier_id not in ours)
        found = next(mine, None)
        with self.runtime.work(doubtful.school_id) as work:
            carrier_id = found.carrier_id if found else doubtful.carrier_id
            messages.settle_doubt(work, doubtful.id, carrier_id=carrier_id, attempt=doubtful.attempt)
            settled = messages.delivery_of(work, doubtful.id)
            found_state = settled[0].state.value if settled else None
            log.info("doubt.settled", delivery=str(doubtful.id), found=found is not None, state=found_state)
            if found is not None and settled is not None and settled[0].carrier_id == found.carrier_id:
                messages.take_receipt(work, doubtful.id, found.as_receipt())

    def keep(self) -> None:
        """Renew the leases of what is in flight, and give up those whose worker fell silent."""
        self._schools.clear()
        with self.runtime.carrier() as session:
            if self._flying:
                messages.renew(session, list(self._flying), worker=self.name, lease=self.lease)
            dropped = messages.reap(session)
        if dropped:
            log.warning("worker.leases_expired", count=len(dropped))
        for delivery_id in dropped:
            log.info("delivery.doubted", delivery=str(delivery_id))

    def drain(self) -> None:
        """Wait for every call in flight and record it, then settle."""
        while self._flying:
            self.turn(more=False, block=True)
        self.settle()
        self._doubts.close()
        self._hands.close()


def _tell(finished: Sequence[Finished], recorded: Collection[uuid.UUID]) -> None:
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
