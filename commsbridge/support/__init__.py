"""Support: who can help, as data in both languages, and requests for it that a family can follow."""

from __future__ import annotations

from commsbridge.support.directory import Group, Service, service_named, services
from commsbridge.support.models import ConsentHow, SupportConsent, SupportRequest, SupportState, SupportStep
from commsbridge.support.reading import Tracked, request_by_id, requests_about, steps_by_id
from commsbridge.support.requests import (
    LONGEST_SUPPORT,
    LONGEST_WAITING,
    NEXT,
    Asking,
    Consent,
    News,
    add_consent,
    ask_for_support,
    note_news,
    standing_consents,
    take_back_consent,
)

__all__ = [
    "LONGEST_SUPPORT",
    "LONGEST_WAITING",
    "NEXT",
    "Asking",
    "Consent",
    "ConsentHow",
    "Group",
    "News",
    "Service",
    "SupportConsent",
    "SupportRequest",
    "SupportState",
    "SupportStep",
    "Tracked",
    "add_consent",
    "ask_for_support",
    "note_news",
    "request_by_id",
    "requests_about",
    "service_named",
    "services",
    "standing_consents",
    "steps_by_id",
    "take_back_consent",
]
