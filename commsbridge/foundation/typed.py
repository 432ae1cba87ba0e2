"""What people type into a field."""

from __future__ import annotations

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy


def one_line(text: str, *, field: str, longest: int) -> str:
    """What was typed, in one line, tidied and NFC. Raises Invalid when it is empty or over ``longest`` letters."""
    line = " ".join(tidy(text).split())
    if not line:
        raise Invalid(N_("Please write something here."), field=field)
    if len(line) > longest:
        raise Invalid(N_("This is too long: write at most %(longest)s characters."), field=field, longest=longest)
    return line
