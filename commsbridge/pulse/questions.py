"""Which two questions a term asks: one of the six elements of partnership, one of what parents expect, in turn."""

from __future__ import annotations

from commsbridge.messages import PULSE_QUESTIONS, PULSE_SAYS

# The order in which they stand in the letters (messages.letters.pulse names their sources): six and six.
ELEMENTS = tuple(PULSE_QUESTIONS)[:6]
EXPECTATIONS = tuple(PULSE_QUESTIONS)[6:]
LOWEST, HIGHEST = 1, len(PULSE_SAYS)


def pair(number: int) -> tuple[str, str]:
    """The keys of the two questions of a school's ``number``-th pulse, from 0 on: after six each was asked once."""
    return ELEMENTS[number % len(ELEMENTS)], EXPECTATIONS[number % len(EXPECTATIONS)]
