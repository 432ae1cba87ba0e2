"""The translation desk: a teacher's own words go to a person who writes them in te reo Māori, if anybody likes to."""

from __future__ import annotations

from commsbridge.messages.translating.answering import answer, decline, give_back, take
from commsbridge.messages.translating.giving import Given, given_since
from commsbridge.messages.translating.offering import (
    Week,
    deadline_from,
    in_hand,
    offer,
    offers_for,
    own_translation,
    set_weekly,
    somebody_can,
    week_of,
)
from commsbridge.messages.translations import LONGEST_MINUTES, MOST_A_WEEK, Translation

__all__ = [
    "LONGEST_MINUTES",
    "MOST_A_WEEK",
    "Given",
    "Translation",
    "Week",
    "answer",
    "deadline_from",
    "decline",
    "give_back",
    "given_since",
    "in_hand",
    "offer",
    "offers_for",
    "own_translation",
    "set_weekly",
    "somebody_can",
    "take",
    "week_of",
]
