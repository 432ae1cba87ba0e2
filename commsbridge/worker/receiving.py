"""The way in: stored requests find their school and are filed; what a hook never got is fetched from the carrier."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

import structlog

from commsbridge import bots, conversations, messages, schools
from commsbridge.conversations import Reply, Waiting
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime
from commsbridge.worker.asking import Asking
from commsbridge.worker.pictures import Pictures
from commsbridge.worker.texts import Texts

log = structlog.get_logger()

# The carrier lists by day; looking back a little over one covers an outage of a night.
MISSED_LOOKS_BACK = timedelta(hours=26)


class Receiving:
    """Files stored requests: mails and pages one transaction each, texts of one school together."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._texts = Texts(runtime, self._note_trouble)
        self.pictures = Pictures(runtime)
        self._missed: Asking[str, list[InboundText]] = Asking("missed", threads=1)

    @property
    def asking(self) -> int:
        """How many questions to a carrier have no answer yet."""
        return self._missed.open + self.pictures.asking

    def close(self) -> None:
        """Ask nothing more, and read nothing more."""
        self._missed.close()
        self.pictures.close()
        self.runtime.gateways.mail_inbox.close()

    def file(self) -> int:
        """File everything waiting; a request that cannot be taken is kept, counted, and tried again.

        Texts of one school go together, in the order in which they came. Returns how many were looked at; texts of a
        school that another worker is at are left to it, and not counted.
        """
        with self.runtime.lobby(ingest=True) as ingest:
            waiting = conversations.waiting_raw(ingest)
            texts = conversations.texts_among(ingest, waiting)
        for raw_id in [each for each in waiting if each not in {text.id for text in texts}]:
            self._try(raw_id, partial(self._take, raw_id))
        return len(waiting) - self._texts.file(texts)

    def _try(self, raw_id: uuid.UUID, take: Callable[[], None]) -> None:
        try:
            take()
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest; it is counted and alarmed
            self._note_trouble(raw_id, type(error).__name__)

    def _note_trouble(self, raw_id: uuid.UUID, trouble: str) -> None:
        with self.runtime.lobby(ingest=True) as ingest:
            tries = conversations.note_trouble(ingest, raw_id, trouble)
        if tries:
            log.error("inbound.trouble", raw=str(raw_id), kind=trouble, tries=tries)

    def _take(self, raw_id: uuid.UUID) -> None:
        with self.runtime.lobby(ingest=True) as ingest:
            raw = conversations.raw_request(ingest, raw_id)
        if raw is None:
            return
        reply = self._take_page(raw) if raw.carrier == "page" else self._take_mail(raw)
        if reply is None:
            # Another worker was first; or its school cannot see it, and then it must not come for ever.
            self._note_trouble(raw_id, "not taken")
            return
        log.info("inbound.taken", raw=str(raw.id), state=reply.state)

    def _place(self, raw: Waiting, school_id: uuid.UUID | None) -> bool:
        """Say whose it is, where that is not known yet."""
        if school_id != raw.school_id or school_id is None:
            with self.runtime.lobby(ingest=True) as ingest:
                conversations.give_to_school(ingest, raw.id, school_id)
        if school_id is None:
            log.warning("inbound.no_school", raw=str(raw.id))
        return school_id is not None

    def _take_mail(self, raw: Waiting) -> Reply | None:
        inbound = self.runtime.gateways.mail_inbox.read(raw.content_type, raw.body)
        school_id, delivery_id = raw.school_id, None
        if (named := next(filter(None, map(self._named_by, inbound.to_addresses)), None)) is not None:
            with self.runtime.lobby() as lobby:
                school = schools.school_numbered(lobby, named[0])
            if school is not None:
                school_id, delivery_id = school.id, named[1]
        if not self._place(raw, school_id) or school_id is None:
            return None
        domain = self.runtime.settings.inbound_email_domain
        post = conversations.post_of_mail(raw.id, inbound, delivery_id=delivery_id, our_domain=domain)
        with self.runtime.work(school_id) as work:
            return bots.take(work, post, sender=schools.sender_for_mails(work), links=self.runtime.links)

    def _take_page(self, raw: Waiting) -> Reply | None:
        if raw.school_id is None:
            return None
        said = json.loads(raw.body)
        with self.runtime.work(raw.school_id) as work:
            found = messages.delivery_of(work, uuid.UUID(said["delivery_id"]))
            if found is None:
                return None
            about = (uuid.UUID(said["contact_id"]), uuid.UUID(said["student_id"])) if "student_id" in said else None
            post = conversations.post_of_page(
                raw.id, found[0], said["words"], said_about=about, for_child=said.get("for_child", False)
            )
            return conversations.take(work, post, sender=None)

    def _named_by(self, address: str) -> tuple[int, uuid.UUID] | None:
        local = address.partition("@")[0].casefold()
        return self.runtime.links.read("reply", local.removeprefix("reply+")) if local.startswith("reply+") else None

    def ask_missed(self) -> None:
        """Ask for every text the carrier holds of these last hours, unless an earlier question is still open."""
        if self._missed.open or not self.runtime.settings.twilio_account_sid:
            return
        with self.runtime.lobby() as lobby:
            senders = schools.text_senders(lobby)
        since = self.runtime.now() - MISSED_LOOKS_BACK
        for address in senders:
            self._missed.ask(address, partial(self.runtime.gateways.text_inbox.list_since, address, since))

    def hear_missed(self, *, block: bool = False) -> int:
        """Store what our hook never got: a refused inbound text is not sent again. Returns how many were missing."""
        stored = 0
        for address, texts in self._missed.hear(block=block):
            if texts is None:
                log.warning("worker.carrier_away", chore="missed")
                continue
            stored += sum(self._store_missed(address, inbound) for inbound in texts)
        if stored:
            log.warning("inbound.missed_fetched", count=stored)
        return stored

    def fetch_missed(self) -> int:
        """Ask, wait for every answer and store what was missing. Returns how many there were."""
        self.ask_missed()
        stored = 0
        while self._missed.open:
            stored += self.hear_missed(block=True)
        return stored

    def _store_missed(self, address: str, inbound: InboundText) -> bool:
        with self.runtime.lobby(ingest=True) as lobby:
            return conversations.store_raw(
                lobby, carrier="twilio", carrier_key=inbound.carrier_id, body=_as_form(inbound),
                content_type="application/x-www-form-urlencoded", received_at=inbound.received_at,
                written_to=address,
            )  # fmt: skip


def _as_form(inbound: InboundText) -> bytes:
    fields = [
        ("MessageSid", inbound.carrier_id),
        ("From", inbound.from_number),
        ("To", inbound.to_number),
        ("Body", inbound.body),
        ("NumMedia", str(len(inbound.media_urls))),
        *((f"MediaUrl{number}", url) for number, url in enumerate(inbound.media_urls)),
    ]
    return urlencode(fields).encode()
