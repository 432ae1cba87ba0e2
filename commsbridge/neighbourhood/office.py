"""The carrier's office: what its two trades, texts and mail, share."""

from __future__ import annotations

from dataclasses import dataclass

from commsbridge.neighbourhood.arrangement import Arrangement
from commsbridge.neighbourhood.faults import Faults
from commsbridge.neighbourhood.postman import Postman
from commsbridge.neighbourhood.signatures import EventKey
from commsbridge.neighbourhood.town import Town


@dataclass(slots=True)
class Office:
    """One office. ``arrangement`` may be exchanged while it is open, when commsbridge moves to another address.

    ``url`` is the neighbourhood's own address, known once it listens.
    """

    arrangement: Arrangement
    town: Town
    faults: Faults
    postman: Postman
    event_key: EventKey
    url: str = ""
