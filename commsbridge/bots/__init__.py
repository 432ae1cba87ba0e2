"""Bots: what the service itself does for a word of a family: their language, a call, a quiet time. Never a person."""

from commsbridge.bots.asked_days import day_asked
from commsbridge.bots.whanau_bot import take

__all__ = ["day_asked", "take"]
