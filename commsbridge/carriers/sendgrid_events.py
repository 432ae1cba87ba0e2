"""SendGrid's events in our words (its event webhook reference); opens and clicks are not reading and are left out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from commsbridge.messages.gateways import Arrival, Cause, Receipt

DELIVERY_ARG = "cb_delivery"

_ARRIVALS = {
    "processed": Arrival.QUEUED,
    "deferred": Arrival.SENDING,
    "delivered": Arrival.DELIVERED,
    "bounce": Arrival.UNDELIVERED,
    "blocked": Arrival.UNDELIVERED,
    "dropped": Arrival.FAILED,
    # These three come after the mail did: it arrived, and its reader wants no more of them.
    "spamreport": Arrival.DELIVERED,
    "unsubscribe": Arrival.DELIVERED,
    "group_unsubscribe": Arrival.DELIVERED,
}
_OPT_OUTS = frozenset({"spamreport", "unsubscribe", "group_unsubscribe"})

_DROPS = {
    "bounced address": Cause.BAD_ADDRESS,
    "invalid": Cause.BAD_ADDRESS,
    "unsubscribed address": Cause.OPTED_OUT,
    "spam reporting address": Cause.OPTED_OUT,
    "spam content": Cause.BLOCKED,
}

# Enhanced status codes, RFC 3463: the middle number is the subject, the last the detail.
_STATUSES = (
    (re.compile(r"[45]\.1\.[0-9]+"), Cause.BAD_ADDRESS),
    (re.compile(r"[45]\.4\.4"), Cause.BAD_ADDRESS),
    (re.compile(r"[45]\.2\.1"), Cause.NOT_IN_SERVICE),
    (re.compile(r"[45]\.2\.2"), Cause.UNREACHABLE),
    (re.compile(r"[45]\.3\.4"), Cause.TOO_LONG),
    (re.compile(r"[45]\.7\.[0-9]+"), Cause.BLOCKED),
)
_CLASSIFICATIONS = {
    "invalid address": Cause.BAD_ADDRESS,
    "mailbox unavailable": Cause.UNREACHABLE,
    "content": Cause.BLOCKED,
    "reputation": Cause.BLOCKED,
    "frequency or volume too high": Cause.BLOCKED,
}
_STATUS = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


def read_events(body: bytes) -> list[Receipt]:
    """The receipts in a proven event request; events that are not about one of our deliveries are left out."""
    try:
        events = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found = (_receipt(event) for event in events if isinstance(event, dict)) if isinstance(events, list) else ()
    return [receipt for receipt in found if receipt is not None]


def _receipt(event: dict[str, Any]) -> Receipt | None:
    name = _text(event, "event")
    token, key = _text(event, DELIVERY_ARG), _text(event, "sg_event_id")
    arrival = _ARRIVALS.get(name)
    if arrival is None or not token or not key:
        return None
    cause = _cause(name, event)
    # The message's own id is the part of sg_message_id before the first dot: it equals the X-Message-Id of the answer.
    carrier_id = _text(event, "sg_message_id").split(".", 1)[0]
    return Receipt(token, carrier_id, arrival, key, cause, (_status(event) or name) if cause else None, _moment(event))


def _cause(name: str, event: dict[str, Any]) -> Cause | None:
    if name in _OPT_OUTS:
        return Cause.OPTED_OUT
    if name == "dropped":
        return _DROPS.get(_text(event, "reason").strip().lower(), Cause.UNKNOWN)
    return _bounce_cause(name, event) if name in ("bounce", "blocked") else None


def _bounce_cause(name: str, event: dict[str, Any]) -> Cause:
    """A bounce is for good and is the address's fault unless its code says otherwise; a block is this mail's alone."""
    status = _status(event)
    for pattern, cause in _STATUSES:
        if pattern.fullmatch(status):
            return cause
    classified = _CLASSIFICATIONS.get(_text(event, "bounce_classification").strip().lower())
    if classified is not None:
        return classified
    if "mx info" in _text(event, "reason"):
        return Cause.BAD_ADDRESS  # a mistyped domain comes as a block without a status: "unable to get mx info"
    return Cause.BLOCKED if "blocked" in (name, _text(event, "type")) else Cause.BAD_ADDRESS


def _status(event: dict[str, Any]) -> str:
    """The enhanced status code, from its own field or from the start of the reason; "" when there is none."""
    found = _STATUS.search(_text(event, "status")) or _STATUS.search(_text(event, "reason")[:200])
    return found.group() if found else ""


def _moment(event: dict[str, Any]) -> datetime | None:
    seconds = event.get("timestamp")
    if not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(event: dict[str, Any], field: str) -> str:
    value = event.get(field)
    return value if isinstance(value, str) else ""
