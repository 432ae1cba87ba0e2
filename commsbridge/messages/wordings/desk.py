"""Reading the review desk: what waits for a speaker, what comes next, and what was said of one wording so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commsbridge.foundation.work import Work
from commsbridge.messages.wordings.known import Standing, Wording, all_wordings, checks_of
from commsbridge.messages.wordings.models import WordingCheck


@dataclass(frozen=True, slots=True)
class Tally:
    """How many wordings there are, and how many of them are not yet checked or were rejected."""

    all: int
    unchecked: int
    rejected: int

    @property
    def checked(self) -> int:
        """How many a named person has approved."""
        return self.all - self.unchecked - self.rejected


def tally(wordings: Sequence[Wording]) -> Tally:
    """How the wordings of a school stand."""
    standings = [each.standing for each in wordings]
    return Tally(len(wordings), standings.count(Standing.UNCHECKED), standings.count(Standing.REJECTED))


def on_desk(work: Work) -> list[Wording]:
    """What waits for a speaker: all that nobody approved as it stands, the rejected last."""
    waiting = [each for each in all_wordings(work) if each.standing is not Standing.CHECKED]
    return sorted(waiting, key=lambda each: each.standing is Standing.REJECTED)


def after(waiting: Sequence[Wording], key: str | None) -> Wording | None:
    """The wording on the desk after ``key``; the first when nothing comes after it, None when the desk is empty."""
    keys = [each.key for each in waiting]
    place = keys.index(key) + 1 if key in keys else 0
    return (waiting[place] if place < len(waiting) else waiting[0]) if waiting else None


def history_of(work: Work, key: str) -> list[WordingCheck]:
    """What was said of a wording, newest first."""
    return list(reversed(checks_of(work, [key]).get(key, [])))
