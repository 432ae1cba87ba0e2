"""What conversations ask of a carrier: prove that a request is real, read what a family wrote, list what was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commsbridge.messages.gateways import Hook


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text from a phone as the carrier gave it. ``opt_out``: STOP, START or HELP that the carrier has answered."""

    carrier_id: str
    from_number: str
    to_number: str
    body: str
    media_urls: tuple[str, ...] = ()
    opt_out: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail as it came. ``to_addresses`` are the envelope's; ``text`` is the whole plain text, quotes and all.

    ``automatic`` is true for out-of-office and list mail, which is never answered and never counted as a reply.
    ``words`` are what its writer wrote, where the reader told them from what they answered; ``whole``: it could not be
    read in time, and ``text`` is the mail as it stands.
    """

    message_id: str
    from_address: str
    to_addresses: tuple[str, ...]
    subject: str
    text: str
    automatic: bool
    in_reply_to: tuple[str, ...] = ()
    spf: str | None = None
    dkim: str | None = None
    attachments: tuple[tuple[str, str, int], ...] = ()
    words: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class InboundFrame:
    """Who wrote a mail to whom; ``to_addresses`` are the envelope's."""

    message_id: str
    from_address: str
    to_addresses: tuple[str, ...]


class TextInbox(Protocol):
    """The way in for texts."""

    def prove(self, hook: Hook) -> None:
        """Raise HookRefused unless the request is signed by the carrier."""

    def read(self, form: list[tuple[str, str]]) -> InboundText:
        """Read a stored request's form. Raises ValueError when it is no inbound text."""

    def list_since(self, to_number: str, since: datetime) -> list[InboundText]:
        """Every text the carrier holds that came to ``to_number`` since then. Raises CarrierAway."""

    def fetch_picture(self, url: str) -> bytes:
        """What lies at the address of a picture that came with a text. Raises CarrierAway."""


class MailInbox(Protocol):
    """The way in for mail."""

    def read(self, content_type: str, body: bytes) -> InboundMail:
        """Read a stored request's multipart body. Never raises on a hostile mail: what cannot be read is left empty."""

    def hung(self, content_type: str, body: bytes, number: int, *, most: int) -> bytes | None:
        """What hung on a mail at a place among its attachments, of more than ``most`` bytes the first ``most`` + 1.

        None when it cannot be read in time. Thread-safe.
        """

    def frame(self, content_type: str, body: bytes) -> InboundFrame:
        """Who wrote to whom, and nothing of what it holds: quick whatever is in it. Never raises."""

    def close(self) -> None:
        """Nothing more is to be read."""
