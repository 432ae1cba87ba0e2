"""Twilio's status words and error codes in our words (its error dictionary, twilio.com/docs/api/errors)."""

from __future__ import annotations

from commsbridge.messages.gateways import Arrival, Cause

_ARRIVALS = {
    "accepted": Arrival.ACCEPTED,
    "scheduled": Arrival.ACCEPTED,
    "queued": Arrival.QUEUED,
    "sending": Arrival.SENDING,
    "sent": Arrival.SENT,
    "delivered": Arrival.DELIVERED,
    "partially_delivered": Arrival.UNDELIVERED,
    "undelivered": Arrival.UNDELIVERED,
    "failed": Arrival.FAILED,
    "canceled": Arrival.FAILED,
    "read": Arrival.READ,
}

_CAUSES = {
    "21211": Cause.BAD_ADDRESS,
    "21610": Cause.OPTED_OUT,
    "21614": Cause.NOT_TEXTABLE,
    "21635": Cause.NOT_TEXTABLE,
    "30006": Cause.NOT_TEXTABLE,
    "30005": Cause.NOT_IN_SERVICE,
    "30003": Cause.UNREACHABLE,
    "30004": Cause.BLOCKED,
    "30007": Cause.BLOCKED,
    "21617": Cause.TOO_LONG,
    "30036": Cause.EXPIRED,
    # This one destination: no permission for its region, or no route to it from this sender.
    "21408": Cause.ROUTE,
    "21612": Cause.ROUTE,
    # The configuration's fault: the sender, and (21609) a public URL no callback can reach.
    "21606": Cause.SENDER,
    "21659": Cause.SENDER,
    "21660": Cause.SENDER,
    "21212": Cause.SENDER,
    "21609": Cause.SENDER,
    "20003": Cause.CREDENTIALS,
    "30002": Cause.CREDENTIALS,
    "21611": Cause.BUSY,
    "30001": Cause.BUSY,
    "30022": Cause.BUSY,
    "20429": Cause.BUSY,
}

ARRIVED_BADLY = frozenset({Arrival.UNDELIVERED, Arrival.FAILED})
WORTH_ANOTHER_TRY = frozenset({Cause.ROUTE, Cause.SENDER, Cause.CREDENTIALS, Cause.BUSY})


def arrival_of(status: object) -> Arrival | None:
    """How far a status says an outbound text has come; None for an inbound one's and for words we do not know."""
    return _ARRIVALS.get(status) if isinstance(status, str) else None


def cause_of(code: object) -> Cause | None:
    """The cause behind an error code (number or text); None for a code outside the table."""
    return _CAUSES.get(str(code))


def trouble(arrival: Arrival, code: object) -> tuple[Cause | None, str | None]:
    """Cause and code of a text that did not arrive; (None, None) for one that did or may yet."""
    if arrival not in ARRIVED_BADLY:
        return None, None
    written = str(code) if code else None
    return cause_of(written) or Cause.UNKNOWN, written
