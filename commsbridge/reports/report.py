"""A report: one group of students in one period, with every measure, and who is behind each."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.reports.facts import bounds, gather
from commsbridge.reports.groups import told_levels
from commsbridge.reports.measures import MEASURES, behind, waiting
from commsbridge.reports.periods import Period
from commsbridge.reports.regularity import Days, Regularity, regularity
from commsbridge.reports.rules import Aims, aims_of
from commsbridge.reports.summary import Summary, summary
from commsbridge.reports.voice import Voice, voices


@dataclass(frozen=True, slots=True)
class Report:
    """What a report knows: each student's regularity with their facts, in no order that means anything.

    ``aims`` are what it counts by. ``in_part``: children were left out of it whom its reader does not see as staff.
    ``voice`` is what homes said, of the whole school, for readers who may hear it (``with_voice``).
    """

    period: Period
    calendar: SchoolCalendar
    found: list[Regularity]
    aims: Aims = field(default_factory=Aims)
    voice: tuple[Voice, ...] = ()
    in_part: bool = False

    @property
    def summary(self) -> Summary:
        """The measures of everybody in it."""
        return summary(self.found)

    @property
    def waiting(self) -> list[Regularity]:
        """Who has not heard good news for ten school days, the longest wait first."""
        return waiting(self.found)

    def behind(self, name: str) -> tuple[list[Regularity], list[Regularity]]:
        """Who has what a measure asks for, and who has it not. Raises NotFound for a measure that is none."""
        if name not in MEASURES:
            raise NotFound(N_("There is no such measure."))
        return behind(self.found, name)

    def of_level(self, year_level: int) -> Report:
        """The same for one year level. Raises NotFound where that is nobody, or nothing may be told of it alone."""
        if year_level not in self.year_levels:
            raise NotFound(N_("So few students are in that year level that their numbers are not shown."))
        found = [each for each in self.found if each.facts.year_level == year_level]
        return replace(self, found=found, voice=())

    @property
    def year_levels(self) -> list[int]:
        """The year levels that may be shown alone, by their number of students."""
        return told_levels(self.found)


def report(
    work: Work,
    calendar: SchoolCalendar,
    period: Period,
    *,
    only: Collection[uuid.UUID] | None = None,
    without: Collection[uuid.UUID] = frozenset(),
) -> Report:
    """The report of everybody on the roll on the period's last day, or of those of ``only`` who are.

    ``without``: children whom the reader does not see as staff. They are left out of every number and not of lists
    alone, or the one would be worked out from the other.
    """
    days, aims = Days(calendar), aims_of(work, bounds(calendar, period)["until"], only=only)
    with _all_is_kept():
        facts = gather(work, calendar, period, aims, only=only)
        found = [regularity(each, days, period, aims.guide) for each in facts if each.id not in without]
    return Report(period, calendar, found, aims, in_part=len(found) < len(facts))


@contextmanager
def _all_is_kept() -> Iterator[None]:
    """Look for no garbage meanwhile: all that is made stays, and going through the whole process takes 0.2 s."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def with_voice(work: Work, made: Report) -> Report:
    """The same report with what homes said in its time."""
    return replace(made, voice=voices(work, made.period))
