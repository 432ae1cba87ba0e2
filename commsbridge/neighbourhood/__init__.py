"""The neighbourhood: our own pretend carrier of texts and mail, with its phones and mailboxes."""

from __future__ import annotations

from commsbridge.neighbourhood.answering import MailProgram
from commsbridge.neighbourhood.arrangement import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    PRETEND_INBOUND_SECRET,
    PRETEND_SENDGRID_KEY,
    Arrangement,
)
from commsbridge.neighbourhood.devices import Device, Notice
from commsbridge.neighbourhood.faults import Rule
from commsbridge.neighbourhood.letters import Attachment, Letter, Mailbox, MailboxState
from commsbridge.neighbourhood.neighbourhood import Neighbourhood
from commsbridge.neighbourhood.postman import Knock
from commsbridge.neighbourhood.sendgrid_hooks import Envelope
from commsbridge.neighbourhood.signatures import EventKey
from commsbridge.neighbourhood.texts import Media, Phone, PhoneState, Text

__all__ = [
    "PRETEND_ACCOUNT_SID",
    "PRETEND_AUTH_TOKEN",
    "PRETEND_INBOUND_SECRET",
    "PRETEND_SENDGRID_KEY",
    "Arrangement",
    "Attachment",
    "Device",
    "Envelope",
    "EventKey",
    "Knock",
    "Letter",
    "MailProgram",
    "Mailbox",
    "MailboxState",
    "Media",
    "Neighbourhood",
    "Notice",
    "Phone",
    "PhoneState",
    "Rule",
    "Text",
]
