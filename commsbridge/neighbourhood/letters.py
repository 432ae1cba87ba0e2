"""Letters (mail) and the mailboxes they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class MailboxState(StrEnum):
    """What a pretend mailbox is like: open, gone for good, or one that refuses the school's mail."""

    OPEN = "open"
    GONE = "gone"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Letter:
    """One mail for one mailbox, or from it (``inbound`` True: written at home).

    ``message_id`` is the Message-ID header; ``carrier_id`` SendGrid's X-Message-Id. ``status`` is the last event's
    name; ``hook`` says how commsbridge answered an inbound one; ``unsubscribed`` how it answered the one-click button.
    """

    id: str
    inbound: bool
    message_id: str
    carrier_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    html: str
    created_at: datetime
    status: str
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    custom_args: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    hook: str | None = None
    unsubscribed: str | None = None

    @property
    def mailbox(self) -> str:
        """The family's address."""
        return self.sender if self.inbound else self.to

    @property
    def answer_to(self) -> str:
        """Where an answer goes."""
        return self.reply_to or self.sender

    @property
    def one_click(self) -> str | None:
        """The URL of the one-click unsubscribe button (RFC 8058), where the letter offers one."""
        named = {name.lower(): value for name, value in self.headers.items()}
        if named.get("list-unsubscribe-post", "").strip().lower() != "list-unsubscribe=one-click":
            return None
        links = (part.strip(" <>") for part in named.get("list-unsubscribe", "").split(","))
        return next((link for link in links if link.startswith(("https:", "http:"))), None)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One pretend mailbox and its letters both ways, oldest first. ``label`` is what people call it."""

    address: str
    label: str
    state: MailboxState
    letters: tuple[Letter, ...]

    @property
    def received(self) -> tuple[Letter, ...]:
        """The letters that really arrived, oldest first."""
        return tuple(letter for letter in self.letters if not letter.inbound and letter.status == "delivered")


def address_of(written: str) -> str:
    """A mailbox's name: mail addresses are told apart without regard to case here."""
    return written.strip().lower()


def plain(value: Any) -> str:
    """A header or argument as text, whatever JSON it came as."""
    return value if isinstance(value, str) else str(value)
