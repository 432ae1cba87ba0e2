"""The way in: stored requests find their school and are filed; what a hook never got is fetched from the carrier."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import structlog
from sqlalchemy.exc import OperationalError

from commsbridge import conversations, messages, schools
from commsbridge.conversations import Waiting
from commsbridge.conversations.gateways import InboundText
from commsbridge.messages.gateways import CarrierAway
from commsbridge.runtime import Runtime

log = structlog.get_logger()

# The carrier lists by day; looking back a little over one covers an outage of a night.
MISSED_LOOKS_BACK = timedelta(hours=26)
# A shared sender's answer goes to the school that wrote last, within the year.
LAST_WROTE_WITHIN = timedelta(days=365)


class Receiving:
    """Files stored requests, one transaction each."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def file(self) -> int:
        """File everything waiting; a request that cannot be taken is kept, counted, and tried again."""
        with self.runtime.lobby(ingest=True) as ingest:
            waiting = conversations.waiting_raw(ingest)
        for raw in waiting:
            try:
                self._take(raw)
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest; it is counted and alarmed
                log.error("inbound.trouble", raw=str(raw.id), kind=type(error).__name__, tries=raw.tries + 1)
                with self.runtime.lobby(ingest=True) as ingest:
                    conversations.note_trouble(ingest, raw.id, type(error).__name__)
        return len(waiting)

    def _take(self, raw: Waiting) -> None:
        if raw.carrier == "twilio":
            self._take_text(raw)
        else:
            self._take_mail(raw)

    def _take_text(self, raw: Waiting) -> None:
        inbound = self.runtime.gateways.text_inbox.read(parse_qsl(raw.body.decode("utf-8"), keep_blank_values=True))
        post = conversations.post_of_text(raw.id, inbound)
        school_id = raw.school_id or self._school_of_text(post.from_address, inbound)
        with self.runtime.lobby(ingest=True) as ingest:
            conversations.give_to_school(ingest, raw.id, school_id)
        if school_id is None:
            log.warning("inbound.no_school", raw=str(raw.id))
            return
        sharing = self._schools_sharing(inbound.to_number, post.from_address)
        with self.runtime.work(school_id) as work:
            sender = schools.sender_at(work, inbound.to_number)
            reply = conversations.take(work, post, sender=sender)
        if reply is not None and reply.command == "STOP" and sender is not None:
            for other in sharing - {school_id}:
                with self.runtime.work(other) as work:
                    messages.stop_messages(
                        work, channel=post.channel, address=post.from_address, sender_id=sender.id, evidence="reply"
                    )
        log.info("inbound.taken", raw=str(raw.id), state=reply.state if reply else "taken before")

    def _school_of_text(self, address: str, inbound: InboundText) -> uuid.UUID | None:
        """On a shared sender the school is the one that last wrote to this phone."""
        sharing = self._schools_sharing(inbound.to_number, address)
        newest: dict[uuid.UUID, float] = {}
        for school_id in sharing:
            with self.runtime.work(school_id) as work:
                recent = messages.recent_to(work, address, since=work.now - LAST_WROTE_WITHIN, limit=1)
                newest[school_id] = recent[0][0].made_at.timestamp() if recent else 0.0
        return max(newest, key=lambda school_id: newest[school_id]) if newest else None

    def _schools_sharing(self, sender_address: str, address: str) -> set[uuid.UUID]:
        with self.runtime.lobby(ingest=True) as ingest:
            return set(schools.schools_of_number(ingest, sender_address=sender_address, address=address))

    def _take_mail(self, raw: Waiting) -> None:
        inbound = self.runtime.gateways.mail_inbox.read(raw.content_type, raw.body)
        domain = self.runtime.settings.inbound_email_domain
        named = next(filter(None, map(self._named_by, inbound.to_addresses)), None)
        school_id = raw.school_id
        delivery_id = None
        if named is not None:
            number, delivery_id = named
            with self.runtime.lobby() as lobby:
                school = schools.school_numbered(lobby, number)
            school_id = school.id if school else None
        with self.runtime.lobby(ingest=True) as ingest:
            conversations.give_to_school(ingest, raw.id, school_id)
        if school_id is None:
            log.warning("inbound.no_school", raw=str(raw.id))
            return
        post = conversations.post_of_mail(raw.id, inbound, delivery_id=delivery_id, our_domain=domain)
        with self.runtime.work(school_id) as work:
            reply = conversations.take(work, post, sender=schools.sender_for_mails(work))
        log.info("inbound.taken", raw=str(raw.id), state=reply.state if reply else "taken before")

    def _named_by(self, address: str) -> tuple[int, uuid.UUID] | None:
        local = address.partition("@")[0].casefold()
        return self.runtime.links.read("reply", local.removeprefix("reply+")) if local.startswith("reply+") else None

    def fetch_missed(self) -> int:
        """Store every text the carrier holds that our hook never got: a refused inbound text is not sent again."""
        if not self.runtime.settings.twilio_account_sid:
            return 0
        with self.runtime.lobby() as lobby:
            senders = schools.text_senders(lobby)
        stored = 0
        for address in senders:
            try:
                missed = self.runtime.gateways.text_inbox.list_since(address, self.runtime.now() - MISSED_LOOKS_BACK)
            except CarrierAway:
                log.warning("worker.carrier_away", chore="missed")
                continue
            for inbound in missed:
                with self.runtime.lobby(ingest=True) as lobby:
                    school_id = schools.school_of_sender(lobby, address)
                    stored += conversations.store_raw(
                        lobby, carrier="twilio", carrier_key=inbound.carrier_id, school_id=school_id,
                        content_type="application/x-www-form-urlencoded", body=_as_form(inbound),
                    )  # fmt: skip
        if stored:
            log.warning("inbound.missed_fetched", count=stored)
        return stored


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
