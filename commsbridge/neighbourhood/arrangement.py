"""How a neighbourhood is arranged: whom it speaks for, where commsbridge is, and how fast it answers."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PRETEND_ACCOUNT_SID = "AC00000000000000000000000000000001"
PRETEND_AUTH_TOKEN = "pretend-auth-token"  # noqa: S105 - a pretend carrier has a pretend secret
PRETEND_SENDGRID_KEY = "SG.pretend.key"
PRETEND_INBOUND_SECRET = "pretend-inbound-secret"  # noqa: S105 - as above

TEXT_HOOK = "/hooks/twilio/messages"
EVENT_HOOK = "/hooks/sendgrid/events"
MAIL_HOOK = "/hooks/sendgrid/inbound/"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Everything a neighbourhood is told when it is built.

    ``public_url`` is the address commsbridge believes it has: signatures are made over it. ``reach_url`` is where it
    really listens, when that differs; it must be on this machine. ``senders`` are the numbers the account owns (none
    named: any number may be a sender); ``services`` maps a messaging service's sid to its number; for the senders in
    ``stops_answered_for`` the carrier answers STOP, START and HELP itself, as Twilio does where it is told to.
    ``latency`` is seconds before each API answer, ``step_gap`` seconds between one report and the next, ``reports``
    False sends no status or event webhook at all. ``mail_tries`` is how often a mail webhook is tried and
    ``mail_retry`` the first pause in seconds, doubled each time up to 30 s (SendGrid goes on for a day or more).
    ``directory`` keeps the town and its event key between two starts.
    """

    public_url: str = "http://127.0.0.1:8000"
    reach_url: str | None = None
    account_sid: str = PRETEND_ACCOUNT_SID
    auth_token: str = PRETEND_AUTH_TOKEN
    sendgrid_key: str = PRETEND_SENDGRID_KEY
    inbound_secret: str = PRETEND_INBOUND_SECRET
    senders: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    stops_answered_for: frozenset[str] = frozenset()
    latency: float = 0.0
    step_gap: float = 0.0
    reports: bool = True
    mail_tries: int = 8
    mail_retry: float = 1.0
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Pacific/Auckland"))
    directory: Path | None = None

    def __post_init__(self) -> None:
        """Refuse an arrangement that would send anything off this machine; raises ValueError."""
        if not on_this_machine(self.reach_url or self.public_url):
            raise ValueError("The neighbourhood only speaks to 127.0.0.1: give reach_url an address on this machine.")

    def reach(self, url: str) -> str | None:
        """Where a request for ``url`` really goes, or None when that is not on this machine and so is never sent."""
        home = self.public_url.rstrip("/")
        if self.reach_url is not None and (url == home or url.startswith(home + "/")):
            return self.reach_url.rstrip("/") + url[len(home) :]
        return url if on_this_machine(url) else None

    def hook(self, path: str) -> str:
        """The public URL of one of commsbridge's hooks."""
        return self.public_url.rstrip("/") + path


def on_this_machine(url: str) -> bool:
    """Whether an http(s) URL names this machine's loopback interface."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name or address is loopback: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
