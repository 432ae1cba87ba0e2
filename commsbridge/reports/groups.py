"""Groups of students: spread over language, year level and support; and how waits and answers are distributed.

Nothing is told of a small group, and nothing that would give one away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from commsbridge.reports.facts import Facts
from commsbridge.reports.regularity import Regularity
from commsbridge.reports.summary import SMALLEST_GROUP, Share, share_of

# School days of a longest wait, and school hours of an answer, at which a column of their pictures begins.
LONGEST = (0, 3, 6, 10, 15, 20)
Range = tuple[int, int | None]
HOURS = (0, 1, 2, 4, 8, 16)
LANGUAGES = frozenset({"mi", "en", "both"})


def ranges(edges: Sequence[int]) -> list[Range]:
    """From each edge to just before the next; the last has no end."""
    return [*((low, high - 1) for low, high in pairwise(edges)), *((low, None) for low in edges[-1:])]


def took(found: Iterable[Regularity], edges: Sequence[int] = HOURS) -> dict[Range, int]:
    """How many answers took how long: by whole school hours, from and (unless the last) to."""
    counted = dict.fromkeys(ranges(edges), 0)
    for each in found:
        for minutes in each.facts.took:
            counted[next(b for b in reversed(counted) if minutes >= b[0] * 60)] += 1
    return counted


def by_match(found: Collection[Regularity]) -> dict[str, Share]:
    """Language match: students whose messages came as their people asked, and in checked te reo. Small ones not told.

    The groups overlap, so none gives another away.
    """
    shares = {name: share_of(found, name) for name in ("reo", "other", "checked")}
    return {
        name: share if share.of >= SMALLEST_GROUP else Share(0, 0, told=False)
        for name, share in shares.items()
        if share.of
    }


def without_small(groups: Mapping[str, Share]) -> dict[str, Share]:
    """The same groups with the small ones not told.

    A group of fewer than SMALLEST_GROUP is not told, and what is not told is never fewer than that together, or the
    total would give it away: the next smallest is not told either, until it is enough.
    """
    smallest_first = sorted(groups, key=lambda name: (groups[name].of, name))
    hidden: set[str] = set()
    together = 0
    for name in smallest_first:
        if groups[name].of >= SMALLEST_GROUP and (not hidden or together >= SMALLEST_GROUP):
            break
        hidden.add(name)
        together += groups[name].of
    return {name: Share(0, 0, told=False) if name in hidden else share for name, share in groups.items()}


def told_levels(found: Iterable[Regularity]) -> list[int]:
    """The year levels that can be shown alone, so that no small one can be worked out from the others."""
    counted = Counter(level_of(each.facts) for each in found)
    told = without_small({level: Share(0, count) for level, count in counted.items()})
    return sorted(int(level) for level, share in told.items() if share.told and int(level))


def language_of(facts: Facts) -> str:
    """The group of the language that the first contact asked for: mi, en, both, or other."""
    return facts.asked if facts.asked in LANGUAGES else "other"


def level_of(facts: Facts) -> str:
    """The group of a year level, in two digits; 00 where none is known."""
    return f"{facts.year_level or 0:02d}"


def support_of(facts: Facts) -> str:
    """The group of what is held of learning support: with a communication book, or without one."""
    return "book" if facts.has_book else "none"


def by_language(found: Iterable[Regularity]) -> dict[str, Share]:
    """How many heard, by the language that the first contact asked for: mi, en, both, other. Small groups not told."""
    return without_small(_heard_by(found, language_of))


def by_year_level(found: Iterable[Regularity]) -> dict[str, Share]:
    """How many heard, by year level. Small groups not told."""
    return without_small(_heard_by(found, level_of))


def by_support(found: Iterable[Regularity]) -> dict[str, Share]:
    """How many heard, with a communication book and without one: what is held of learning support. Small ones not told.

    No diagnosis is held, and whether support was asked for is nobody's to see here.
    """
    return without_small(_heard_by(found, support_of))


def gaps(found: Collection[Regularity], edges: Sequence[int] = LONGEST) -> dict[Range, int]:
    """How many students waited how long at most in the period: by school days, from and (unless the last) to."""
    counted = dict.fromkeys(ranges(edges), 0)
    for each in found:
        if not each.facts.quiet:
            counted[next(b for b in reversed(counted) if each.longest >= b[0])] += 1
    return counted


def _heard_by(found: Iterable[Regularity], group_of: Callable[[Facts], str]) -> dict[str, Share]:
    groups: dict[str, list[bool]] = {}
    for each in found:
        if not each.facts.quiet:
            groups.setdefault(group_of(each.facts), []).append(not each.waiting)
    return {name: Share(sum(heard), len(heard)) for name, heard in sorted(groups.items())}
