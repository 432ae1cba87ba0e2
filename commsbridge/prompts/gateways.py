"""What prompts ask of whoever brings notices to devices, in their own words; the outcomes are those of messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from commsbridge.messages.gateways import Outcome


@dataclass(frozen=True, slots=True)
class PushJob:
    """One notice to hand over: ``payload`` is encrypted for the device before it leaves.

    ``endpoint`` is the push service's address for the device, ``p256dh`` and ``auth`` the device's keys (base64url).
    Of several notices with one ``topic`` the service keeps the last alone. ``lives``: seconds until it is too late.
    """

    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    topic: str
    lives: int


class PushGateway(Protocol):
    """Whoever brings notices to devices."""

    @property
    def application_key(self) -> str:
        """The key a browser must be given to take notices from us (base64url); "" when nobody brings any."""

    def send(self, job: PushJob) -> Outcome:
        """Hand one notice over. Never raises: whatever happens is an Outcome. Thread-safe.

        Refused with Cause.NOT_IN_SERVICE: the push service does not know the device any more.
        """
