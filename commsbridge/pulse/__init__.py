"""Whānau voice: two questions a term to homes that said yes to them; answered by number, told as figures alone."""

from commsbridge.pulse.answering import PULSE, Open, answer, asked_at, open_for, take_numbers
from commsbridge.pulse.asking import ask, schools_with_pulse_due, send_due
from commsbridge.pulse.keeping import Standing, begin, end, standing_of
from commsbridge.pulse.models import Pulse, PulseAnswer, PulseAsk, PulseRound
from commsbridge.pulse.questions import ELEMENTS, EXPECTATIONS, pair
from commsbridge.pulse.timing import Going, due_going, next_going

__all__ = [
    "ELEMENTS",
    "EXPECTATIONS",
    "PULSE",
    "Going",
    "Open",
    "Pulse",
    "PulseAnswer",
    "PulseAsk",
    "PulseRound",
    "Standing",
    "answer",
    "ask",
    "asked_at",
    "begin",
    "due_going",
    "end",
    "next_going",
    "open_for",
    "pair",
    "schools_with_pulse_due",
    "send_due",
    "standing_of",
    "take_numbers",
]
