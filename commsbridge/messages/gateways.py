"""What messages ask of a carrier, in their own words: jobs out, four outcomes, receipts back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TextJob:
    """One text to hand over: ``status_url`` is where the carrier reports, ``valid_for`` its life in seconds."""

    delivery_id: uuid.UUID
    sender: str
    to: str
    body: str
    status_url: str
    valid_for: int


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture within a mail: its HTML names it "cid:" and ``content_id``."""

    content_id: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that hangs on a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailJob:
    """One mail to hand over. ``delivery_token`` comes back in every event; it is opaque and names nobody."""

    delivery_id: uuid.UUID
    delivery_token: str
    from_address: str
    from_name: str
    to_address: str
    reply_to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None
    picture: Inline | None = None
    file: Attached | None = None


class Cause(StrEnum):
    """Why a carrier would not, or could not, bring a message: our words for its codes."""

    BAD_ADDRESS = "bad_address"
    OPTED_OUT = "opted_out"
    NOT_TEXTABLE = "not_textable"
    NOT_IN_SERVICE = "not_in_service"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    TOO_LONG = "too_long"
    ROUTE = "route"
    SENDER = "sender"
    CREDENTIALS = "credentials"
    BUSY = "busy"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has it: ``carrier_id`` is its own id for the message."""

    carrier_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier will never take this one; ``code`` is its own code as text."""

    cause: Cause
    code: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not sent: safe to try again after ``retry_after`` seconds (None: our own back-off).

    With ``cause`` SENDER or CREDENTIALS the configuration is at fault: the sender's queue is held, alarm raised. With
    ROUTE the sender does not reach this one address: it alone waits, and an alarm is raised when they are many.
    """

    cause: Cause
    code: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody knows whether the carrier took it; ``code`` names what happened (timeout, dropped, 500 ...)."""

    code: str


Outcome = Accepted | Refused | NotSent | Uncertain


class Arrival(StrEnum):
    """How far a carrier says a message has come, in rising rank."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report about one message. ``key`` is unique per distinct report, so that a repeat can be told.

    ``token`` is the delivery token the report came with; ``at`` is the carrier's time where it gives one (UTC).
    """

    token: str
    carrier_id: str
    arrival: Arrival
    key: str
    cause: Cause | None = None
    code: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentText:
    """A text the carrier's own list says it took from us."""

    carrier_id: str
    to: str
    sender: str
    body: str
    arrival: Arrival
    cause: Cause | None
    code: str | None

    def as_receipt(self) -> Receipt:
        """What the list says, as the report about it that may never have come."""
        key = f"list/{self.carrier_id}/{self.arrival}"
        return Receipt("", self.carrier_id, self.arrival, key, self.cause, self.code)


@dataclass(frozen=True, slots=True)
class Hook:
    """A request from a carrier as it came: ``url`` is the public URL with its query, ``form`` keeps repeated keys."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    form: Sequence[tuple[str, str]] = field(default_factory=tuple)


class HookRefused(Exception):  # noqa: N818 - an answer to a caller, not a fault of ours
    """The request is not proven to come from the carrier; ``why`` is for the log and names no person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TextGateway(Protocol):
    """A carrier of texts."""

    def send(self, job: TextJob) -> Outcome:
        """Hand one text over. Never raises: whatever happens is an Outcome. Thread-safe."""

    def find_sent(self, *, sender: str, to: str, since: datetime) -> list[SentText]:
        """What the carrier says it took from ``sender`` for ``to`` since that time (UTC).

        Raises CarrierAway when the carrier cannot be asked now.
        """

    def read_receipt(self, hook: Hook, token: str) -> Receipt | None:
        """The receipt in a status request of proven signature; None when it says nothing. Raises HookRefused."""


class MailGateway(Protocol):
    """A carrier of mail."""

    def send(self, job: MailJob) -> Outcome:
        """Hand one mail over. Never raises: whatever happens is an Outcome. Thread-safe."""

    def read_receipts(self, hook: Hook) -> list[Receipt]:
        """The receipts in an event request of proven signature; unknown events are left out. Raises HookRefused."""


class CarrierAway(Exception):  # noqa: N818
    """The carrier did not answer a question; ask again later."""
