"""Concerns and hard days: a page of their own, rung first, read by two, out as a neutral line with a link."""

from commsbridge.messages.concerns.hard_days import end_hard_day, good_news_held, hold_good_news
from commsbridge.messages.concerns.models import Concern, ConcernKind, ConcernState, Rang
from commsbridge.messages.concerns.reading import (
    concern_by_id,
    concern_of_message,
    concerns_by_id,
    waiting_concerns,
)
from commsbridge.messages.concerns.writing import (
    LONGEST_PART,
    Account,
    Call,
    close_returned,
    keep_concern,
    release_concern,
    return_concern,
    send_concern,
)

__all__ = [
    "LONGEST_PART",
    "Account",
    "Call",
    "Concern",
    "ConcernKind",
    "ConcernState",
    "Rang",
    "close_returned",
    "concern_by_id",
    "concern_of_message",
    "concerns_by_id",
    "end_hard_day",
    "good_news_held",
    "hold_good_news",
    "keep_concern",
    "release_concern",
    "return_concern",
    "send_concern",
    "waiting_concerns",
]
