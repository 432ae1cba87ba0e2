"""Bots: what the service itself does for a word of a family, and for a text of a teacher. Never a person."""

from commsbridge.bots.asked_days import day_asked
from commsbridge.bots.teacher_bot import take_from_staff
from commsbridge.bots.teacher_words import BEGIN
from commsbridge.bots.whanau_bot import take

__all__ = ["BEGIN", "day_asked", "take", "take_from_staff"]
