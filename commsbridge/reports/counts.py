"""Counts: the plain numbers beside the measures, and which students are behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.reports.groups import HOURS, LONGEST, Range, language_of, level_of, ranges, support_of, without_small
from commsbridge.reports.regularity import Regularity
from commsbridge.reports.summary import Share

Count = Callable[[Regularity], int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A number that stands beside the measures: its name, what it says, and how much of it each student has."""

    name: str
    title: str
    of: Count


def _fact(name: str, title: str) -> Counted:
    return Counted(name, title, lambda each: int(getattr(each.facts, name)))


# By the heading under which they stand.
COUNTS: dict[str, tuple[Counted, ...]] = {
    N_("Messages of praise"): (
        _fact("sent", N_("Sent")),
        _fact("arrived", N_("Arrived")),
        _fact("failed", N_("Did not arrive")),
        _fact("uncertain", N_("Nobody knows whether they arrived")),
        Counted(
            "on_the_way",
            N_("On their way"),
            lambda each: each.facts.sent - each.facts.arrived - each.facts.failed - each.facts.uncertain,
        ),
    ),
    N_("Praise"): (
        Counted("phrase_alone", N_("A phrase alone"), lambda each: each.facts.praise - each.facts.own_words),
        _fact("own_words", N_("With words of its own")),
    ),
    N_("Talks and the book"): (
        _fact("gate", N_("Talks at the gate")),
        _fact("calls", N_("Calls")),
        _fact("pages", N_("Pages of the book that went home")),
    ),
    N_("Questions from home"): (
        _fact("in_time", N_("Answered as promised")),
        _fact("late", N_("Answered late")),
        _fact("overdue", N_("Overdue")),
        _fact("open", N_("May still wait")),
    ),
    N_("What home wrote"): (
        _fact("by_text", N_("By text")),
        _fact("by_mail", N_("By mail")),
        _fact("by_page", N_("On their own page")),
        Counted("answers", N_("In answer to a message"), lambda each: each.facts.replies - each.facts.begun),
        _fact("begun", N_("Before anybody wrote to them")),
    ),
    N_("Hui"): (
        _fact("hui_held", N_("Hui that were held")),
        _fact("steps_due", N_("Next steps whose day came")),
        _fact("steps_in_time", N_("Next steps done by their day")),
        _fact("steps_explained", N_("Next steps of which it was said by then why not")),
    ),
    N_("Teachers who chose to be asked"): (
        _fact("prompts", N_("Times they were asked about a child")),
        _fact("prompts_answered", N_("Times they answered, or somebody praised")),
        _fact("prompts_helped", N_("Times good news or a talk followed")),
    ),
    N_("Left out, as was asked"): (
        _fact("paused", N_("Have a quiet time")),
        Counted(
            "declined",
            N_("Their people asked for no messages"),
            lambda each: int(each.facts.declined and not each.facts.paused),
        ),
    ),
}
WAITED = N_("Longest wait: %(range)s school days")
TOOK = N_("Answers that took %(range)s school hours")


def told_range(span: Range) -> str:
    """A range as a picture's column and its table say it."""
    low, high = span
    return f"{low}+" if high is None else f"{low}–{high}" if high != low else str(low)


def counted(found: Iterable[Regularity], name: str, language: Language) -> tuple[str, list[tuple[Regularity, int]]]:
    """What a number is called, and the students behind it with how much of it each has.

    ``name`` is that of one of COUNTS, ``longest-`` or ``hours-`` with the first number of a column. Raises NotFound.
    """
    title, of = _one(name, language)
    return title, [(each, count) for each in found if (count := of(each))]


def in_group(found: Iterable[Regularity], group: str) -> list[Regularity]:
    """The students of one group: ``language-``, ``support-`` or ``level-`` and its name, quiet ones left out.

    Raises NotFound for a group that is none, or that is not told.
    """
    kind, _, name = group.partition("-")
    of = {"language": language_of, "support": support_of, "level": level_of}.get(kind)
    groups: dict[str, list[Regularity]] = {}
    for each in found:
        if of is not None and not each.facts.quiet:
            groups.setdefault(of(each.facts), []).append(each)
    told = without_small({each: Share(0, len(those)) for each, those in groups.items()})
    if name not in told or not told[name].told:
        raise NotFound(N_("There is no such group, or it is too small to be shown."))
    return groups[name]


def _one(name: str, language: Language) -> tuple[str, Count]:
    for heading, those in COUNTS.items():
        for each in those:
            if each.name == name:
                return f"{say(language, heading)}: {say(language, each.title)}", each.of
    kind, _, low = name.partition("-")
    for span in ranges({"longest": LONGEST, "hours": HOURS}.get(kind, ())):
        if str(span[0]) == low:
            said = WAITED if kind == "longest" else TOOK
            return say(language, said, range=told_range(span)), _within(kind, span)
    raise NotFound(N_("There is no such number."))


def _within(kind: str, span: Range) -> Count:
    low, high = span

    def falls(number: float) -> bool:
        return number >= low and (high is None or number < high + 1)

    if kind == "longest":
        return lambda each: int(not each.facts.quiet and falls(each.longest))
    return lambda each: sum(falls(minutes / 60) for minutes in each.facts.took)
