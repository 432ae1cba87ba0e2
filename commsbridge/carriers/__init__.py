"""Carriers: the only rooms that know a vendor; each turns its vendor's ways into the product's own words."""

from __future__ import annotations

from commsbridge.carriers.absent import NoMails, NoPushes, NoTexts
from commsbridge.carriers.mail_inbox import ParsedMails
from commsbridge.carriers.push_cipher import is_push_key, new_push_key
from commsbridge.carriers.quiet import quiet_loggers
from commsbridge.carriers.sendgrid import SendGridCarrier
from commsbridge.carriers.twilio import TwilioCarrier
from commsbridge.carriers.web_push import WebPushCarrier

__all__ = [
    "NoMails",
    "NoPushes",
    "NoTexts",
    "ParsedMails",
    "SendGridCarrier",
    "TwilioCarrier",
    "WebPushCarrier",
    "is_push_key",
    "new_push_key",
    "quiet_loggers",
]
