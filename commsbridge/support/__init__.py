"""Support: who can help, as data in both languages, and requests for it that a family can follow."""

from __future__ import annotations

from commsbridge.support.asked import gather_support
from commsbridge.support.checking import LONGEST_CHECK, check_service, checks_of
from commsbridge.support.directory import Group, Service, service_named, services
from commsbridge.support.models import (
    CheckedHow,
    ConsentHow,
    ServiceCheck,
    SupportConsent,
    SupportRequest,
    SupportState,
    SupportStep,
)
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
    ask_from_home,
    asked_from_home,
    note_news,
    standing_consents,
    take_back_consent,
)
from commsbridge.support.standing import schools_with_quiet_requests, tell_that_it_stands

__all__ = [
    "LONGEST_CHECK",
    "LONGEST_SUPPORT",
    "LONGEST_WAITING",
    "NEXT",
    "Asking",
    "CheckedHow",
    "Consent",
    "ConsentHow",
    "Group",
    "News",
    "Service",
    "ServiceCheck",
    "SupportConsent",
    "SupportRequest",
    "SupportState",
    "SupportStep",
    "Tracked",
    "add_consent",
    "ask_for_support",
    "ask_from_home",
    "asked_from_home",
    "check_service",
    "checks_of",
    "gather_support",
    "note_news",
    "request_by_id",
    "requests_about",
    "schools_with_quiet_requests",
    "service_named",
    "services",
    "standing_consents",
    "steps_by_id",
    "take_back_consent",
    "tell_that_it_stands",
]
