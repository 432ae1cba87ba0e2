"""Carriers: the only rooms that know a vendor; each turns its vendor's ways into the product's own words."""

from __future__ import annotations

from commsbridge.carriers.absent import NoMails, NoTexts
from commsbridge.carriers.mail_inbox import ParsedMails
from commsbridge.carriers.quiet import quiet_loggers
from commsbridge.carriers.sendgrid import SendGridCarrier
from commsbridge.carriers.twilio import TwilioCarrier

__all__ = ["NoMails", "NoTexts", "ParsedMails", "SendGridCarrier", "TwilioCarrier", "quiet_loggers"]
