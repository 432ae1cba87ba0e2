"""Texts and the phones they lie on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from commsbridge.foundation.addresses import show_phone

INBOUND = "inbound"
OUTBOUND = "outbound-api"
REPLY = "outbound-reply"
SETTLED = frozenset({"delivered", "undelivered", "failed", "received"})


class PhoneState(StrEnum):
    """What a pretend phone is like: it answers, is switched off, is out of service, or cannot take texts."""

    ON = "on"
    OFF = "off"
    GONE = "gone"
    LANDLINE = "landline"


@dataclass(frozen=True, slots=True)
class Media:
    """One picture or file sent with a text from a phone."""

    sid: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Text:
    """One text as the carrier keeps it. ``status`` is Twilio's word; ``hook`` how commsbridge took an inbound one.

    ``sender`` is None while a messaging service has not chosen its number.
    """

    sid: str
    direction: str
    sender: str | None
    to: str
    body: str
    status: str
    segments: int
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    service_sid: str | None = None
    status_callback: str | None = None
    error_code: int | None = None
    media: tuple[Media, ...] = ()
    opt_out: str | None = None
    hook: str | None = None

    @property
    def phone(self) -> str:
        """The family's number."""
        return (self.sender or "") if self.direction == INBOUND else self.to

    @property
    def school(self) -> str | None:
        """The school's number."""
        return self.to if self.direction == INBOUND else self.sender


@dataclass(frozen=True, slots=True)
class Phone:
    """One pretend phone and every text it sent or was sent, oldest first. ``label`` is what people call it."""

    number: str
    label: str
    state: PhoneState
    texts: tuple[Text, ...]

    @property
    def received(self) -> tuple[Text, ...]:
        """The texts that really arrived, oldest first."""
        return tuple(text for text in self.texts if text.status == "delivered")


def new_sid(prefix: str) -> str:
    """A sid as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@lru_cache(maxsize=200_000)
def read_number(written: str) -> tuple[str, bool] | None:
    """A written international number as (E.164, whether it is a landline), or None when it is no number at all."""
    try:
        number = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:  # no number of its country's plan
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, kind == phonenumbers.PhoneNumberType.FIXED_LINE


@lru_cache(maxsize=10_000)
def country_of(number: str) -> str:
    """The two letters of a number's country, or nothing for a short code."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return ""


@lru_cache(maxsize=10_000)
def show_number(number: str) -> str:
    """A number as people here write it; a short code, or what is no number at all, as it is."""
    try:
        return show_phone(number)
    except phonenumbers.NumberParseException:
        return number
