"""Refusals of the lobby."""

from __future__ import annotations

from datetime import timedelta

from commsbridge.foundation.errors import NotAllowed
from commsbridge.foundation.language import N_

_MINUTE = timedelta(minutes=1)


class TooManyTries(NotAllowed):
    """Too many tries at a guarded door: nothing was tried. ``wait`` says how long until the next is taken."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-wait // _MINUTE)
        if minutes <= 1:
            super().__init__(N_("There were too many tries. Please wait a minute, then try again."))
        else:
            super().__init__(
                N_("There were too many tries. Please wait %(minutes)s minutes, then try again."), minutes=minutes
            )
        self.wait = wait
