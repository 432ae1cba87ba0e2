"""A carrier the school has not arranged yet: nothing is sent and nothing is lost, and whoever looks is told why."""

from __future__ import annotations

from datetime import datetime

from commsbridge.conversations.gateways import InboundText
from commsbridge.messages.gateways import (
    CarrierAway,
    Cause,
    Hook,
    HookRefused,
    MailJob,
    NotSent,
    Outcome,
    Receipt,
    SentText,
    TextJob,
)
from commsbridge.prompts.gateways import PushJob

NOT_ARRANGED = "not arranged"


class NoTexts:
    """A TextGateway and TextInbox while no Twilio account is set: deliveries wait, their sender in alarm."""

    def send(self, job: TextJob) -> Outcome:
        """Surely not sent."""
        del job
        return NotSent(Cause.CREDENTIALS, NOT_ARRANGED)

    def find_sent(self, *, sender: str, to: str, since: datetime) -> list[SentText]:
        """There is nobody to ask. Raises CarrierAway."""
        raise CarrierAway(NOT_ARRANGED)

    def read_receipt(self, hook: Hook, token: str) -> Receipt | None:
        """Nobody can prove to be the carrier. Raises HookRefused."""
        raise HookRefused(NOT_ARRANGED)

    def prove(self, hook: Hook) -> None:
        """Nobody can prove to be the carrier. Raises HookRefused."""
        raise HookRefused(NOT_ARRANGED)

    def read(self, form: list[tuple[str, str]]) -> InboundText:
        """There is no inbound text without a carrier. Raises ValueError."""
        raise ValueError(NOT_ARRANGED)

    def list_since(self, to_number: str, since: datetime) -> list[InboundText]:
        """There is nobody to ask. Raises CarrierAway."""
        raise CarrierAway(NOT_ARRANGED)

    def fetch_picture(self, url: str) -> bytes:
        """There is nobody to ask. Raises CarrierAway."""
        raise CarrierAway(NOT_ARRANGED)


class NoMails:
    """A MailGateway while no SendGrid key is set."""

    def send(self, job: MailJob) -> Outcome:
        """Surely not sent."""
        del job
        return NotSent(Cause.CREDENTIALS, NOT_ARRANGED)

    def read_receipts(self, hook: Hook) -> list[Receipt]:
        """Nobody can prove to be the carrier. Raises HookRefused."""
        raise HookRefused(NOT_ARRANGED)


class NoPushes:
    """A PushGateway while no key for it is set: no browser can be asked for, and nothing waits for one."""

    @property
    def application_key(self) -> str:
        """There is none."""
        return ""

    def send(self, job: PushJob) -> Outcome:
        """Surely not sent."""
        del job
        return NotSent(Cause.CREDENTIALS, NOT_ARRANGED)
