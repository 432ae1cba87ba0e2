"""Measures: what facts add up to, one student at a time and then many; pure, each with its formula and its source.

The denominator is always students, never messages. Nothing here is a pass mark, nothing ranks a person.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from operator import sub
from statistics import median
from typing import TypeVar

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports.facts import TARGET_DAYS, Facts
from commsbridge.reports.periods import Period

# Groups smaller than this are not shown: their numbers could be read back to a child.
SMALLEST_GROUP = 5
# PBIS guidance about acknowledgement in class (5:1), not about messages home; no New Zealand source was found and later
# work sees no threshold. A guide, labelled so where it is shown.
GUIDE = 5


@dataclass(frozen=True, slots=True)
class Regularity:
    """How regularly good news reached one home; every number is school days, or school weeks.

    ``waited``: school days since good news last reached home, or since the student came when it never did.
    ``longest``: the longest run of school days of the period without any; ``middle``: the median of the steps from one
    such day to the next, None with fewer than two. ``met`` of ``weeks`` had good news in the ten school days up to
    their end. ``guide`` is the school's own for balance.
    """

    facts: Facts
    waited: int
    longest: int
    middle: float | None
    met: int
    weeks: int
    guide: int = GUIDE

    @property
    def waiting(self) -> bool:
        """Whether ten school days have passed without good news, and nobody asked for quiet or for no messages."""
        return not self.facts.quiet and self.waited >= TARGET_DAYS


@dataclass(frozen=True, slots=True)
class Share:
    """So many students of so many. ``told`` is False where the group is too small to say."""

    count: int
    of: int
    told: bool = True

    @property
    def percent(self) -> int | None:
        """The share in whole per cent; None of nobody, or of a group that is not told."""
        return round(100 * self.count / self.of) if self.of and self.told else None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What became of the messages behind reach; ``on_the_way`` is sent, and nobody has said yet that it arrived."""

    sent: int
    arrived: int
    failed: int
    uncertain: int

    @property
    def on_the_way(self) -> int:
        """Sent, without a word yet."""
        return self.sent - self.arrived - self.failed - self.uncertain


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of the questions behind promptness; times are school minutes, None of fewer than SMALLEST_GROUP.

    ``overdue`` wait for an answer longer than was promised, ``open`` wait and are in time. ``middle`` is the median of
    what the answers took, ``ninth`` the time within which nine of ten came.
    """

    in_time: int
    late: int
    overdue: int
    open: int
    middle: float | None
    ninth: int | None

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return self.in_time + self.late + self.overdue + self.open


@dataclass(frozen=True, slots=True)
class Replies:
    """How often home wrote, how often of that by which channel, and how often first; nothing of who did not."""

    written: int
    by_text: int
    by_mail: int
    by_page: int
    begun: int


@dataclass(frozen=True, slots=True)
class Prompts:
    """How often somebody was asked about a student, answered, and what helped: good news or a talk followed."""

    offered: int
    answered: int
    helped: int


_Counted = TypeVar("_Counted", Deliveries, Replies, Prompts)
Asked = Callable[["Regularity"], bool]
# Each measure: which students it can be asked of, and of them, who has it. One share each; words are in words.MEASURES.
MEASURES: dict[str, tuple[Asked, Asked]] = {
    # good news reached home in the last ten school days; whoever asked for quiet or no messages is not asked about
    "heard": (lambda each: not each.facts.quiet, lambda each: not each.waiting),
    # every school week met the target
    "steady": (lambda each: not each.facts.quiet and each.weeks > 0, lambda each: each.met == each.weeks),
    # a message arrived at one contact at least; that a family asked for none is no failure
    "reached": (lambda each: not each.facts.declined or each.facts.arrived > 0, lambda each: each.facts.arrived > 0),
    # all that arrived where te reo Māori was asked for came in it
    "reo": (lambda each: each.facts.reo_of > 0, lambda each: each.facts.reo_got == each.facts.reo_of),
    # all that arrived where a language nobody writes was asked for was told by a person
    "other": (lambda each: each.facts.other_of > 0, lambda each: each.facts.other_got == each.facts.other_of),
    # all that arrived did so within a day of being written
    "timely": (lambda each: each.facts.arrived > 0, lambda each: each.facts.timely == each.facts.arrived),
    # all te reo Māori that arrived stood in words that a named person had checked
    "checked": (lambda each: each.facts.reo_sent > 0, lambda each: each.facts.reo_checked == each.facts.reo_sent),
    # no question of theirs was answered late or waits longer than promised; one that may still wait says nothing yet
    "answered": (
        lambda each: each.facts.in_time + each.facts.late + each.facts.overdue > 0,
        lambda each: each.facts.late + each.facts.overdue == 0,
    ),
    # home wrote at least once, where an answer costs nothing
    "wrote": (lambda each: each.facts.answerable, lambda each: each.facts.replies > 0),
    # home answered a message at least once, where an answer costs nothing
    "replied": (lambda each: each.facts.answerable, lambda each: each.facts.replies > each.facts.begun),
    # home wrote first at least once
    "begun": (lambda _each: True, lambda each: each.facts.begun > 0),
    # of those with a concern: good news as often as the school's guide says
    "balanced": (
        lambda each: each.facts.concerns > 0,
        lambda each: each.facts.praise >= each.guide * each.facts.concerns,
    ),
    # of those praised: by a phrase alone at least once
    "phrase": (lambda each: each.facts.praise > 0, lambda each: each.facts.praise > each.facts.own_words),
    # a teacher's own words at least once
    "own_words": (lambda _each: True, lambda each: each.facts.own_words > 0),
    # a talk at the gate or a call at least once
    "spoken": (lambda _each: True, lambda each: each.facts.gate + each.facts.calls > 0),
    # of those with a communication book: a page of it went home at least once
    "page": (lambda each: each.facts.has_book, lambda each: each.facts.pages > 0),
    # a hui was held at least once
    "hui": (lambda _each: True, lambda each: each.facts.hui > 0),
    # of those with a hui: the family chose the time and the people each time
    "hui_chosen": (
        lambda each: each.facts.hui_held > 0,
        lambda each: each.facts.hui_chosen == each.facts.hui_held,
    ),
    # of those with a hui: the student or the family had said something for it each time
    "hui_voiced": (
        lambda each: each.facts.hui_held > 0,
        lambda each: each.facts.hui_voiced == each.facts.hui_held,
    ),
    # of those with a next step whose day came: all were done or explained by then
    "hui_steps": (
        lambda each: each.facts.steps_due > 0,
        lambda each: each.facts.steps_in_time == each.facts.steps_due,
    ),
    # a teacher who chose to be asked was asked about them
    "prompted": (lambda _each: True, lambda each: each.facts.prompts > 0),
    # of those, good news or a talk followed at least once
    "helped": (lambda each: each.facts.prompts > 0, lambda each: each.facts.prompts_helped > 0),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures of a group of students in a period: a Share of students for each of MEASURES.

    ``waits`` are students who have not heard good news for ten school days; ``paused`` and ``declined`` (their people
    asked for no messages) are counted in no share of regularity; of all others nobody wrote praise about
    ``unpraised``. ``weeks`` are the school weeks of all others, each student's by itself, and how many met the target.
    ``middle_wait`` is the median of the longest waits, ``middle_step`` that of each student's median from one good
    news to the next, in school days, None of nobody.
    """

    students: int
    paused: int
    declined: int
    unpraised: int
    waits: int
    shares: dict[str, Share]
    deliveries: Deliveries
    answers: Answers
    replies: Replies
    prompts: Prompts
    weeks: Share
    middle_wait: float | None
    middle_step: float | None


class Days:
    """School days counted quickly: how many lie between two days of one calendar."""

    def __init__(self, calendar: SchoolCalendar) -> None:
        self._days = calendar.every_school_day
        self._upto: dict[date, int] = {}
        self._before: dict[date, int] = {}
        self._weeks: dict[tuple[date, date], list[date]] = {}

    def upto(self, day: date) -> int:
        """How many school days there were up to and including a day."""
        if day not in self._upto:
            self._upto[day] = bisect_right(self._days, day)
        return self._upto[day]

    def before(self, day: date) -> int:
        """How many school days there were before a day."""
        if day not in self._before:
            self._before[day] = bisect_left(self._days, day)
        return self._before[day]

    def since(self, day: date, until: date) -> int:
        """How many school days came after ``day`` up to ``until``, which counts."""
        return max(0, self.upto(until) - self.upto(day))

    def weeks(self, first_on: date, last_on: date) -> list[date]:
        """The last school day within these days of each calendar week that has one."""
        if (first_on, last_on) not in self._weeks:
            days = self._days[self.upto(first_on - timedelta(days=1)) : self.upto(last_on)]
            self._weeks[first_on, last_on] = list({day.isocalendar()[:2]: day for day in days}.values())
        return self._weeks[first_on, last_on]


def regularity(facts: Facts, days: Days, period: Period, guide: int = GUIDE) -> Regularity:
    """Regularity of one student.

    Formula: with S(a, b] the school days after a up to b, waited = S(last good news or the day before they came,
    last day]. A school week is met when a day of good news d has S(d, its last school day] < 10; weeks before the
    student came are not counted. Source: home-school partnership guidance asks for communication that is regular; the
    ten days are the default target of a prompt (prompts.choosing), a school's own choice and not a finding.
    """
    began, upto = max(period.first_on, facts.began_on), days.upto
    heard = [(on, upto(on)) for on in facts.days]
    met = 0
    weeks = days.weeks(began, period.last_on)
    for end in weeks:
        place = bisect_right(facts.days, end)
        met += place > 0 and upto(end) - heard[place - 1][1] < TARGET_DAYS
    inside = [(on, number) for on, number in heard if began <= on <= period.last_on]
    steps = [after - before for (_, before), (_, after) in pairwise(inside)]
    # A run without good news ends on the day before some came, or on the last day.
    begins = [days.before(began), *(number for _, number in inside)]
    ends = [*(days.before(on) for on, _ in inside), upto(period.last_on)]
    longest = max(0, *map(sub, ends, begins))
    since = facts.last_on or facts.began_on - timedelta(days=1)
    return Regularity(
        facts,
        waited=days.since(since, period.last_on),
        longest=longest,
        middle=median(steps) if steps else None,
        met=met,
        weeks=len(weeks),
        guide=guide,
    )


def summary(found: Sequence[Regularity]) -> Summary:
    """The measures of these students.

    Formula: each share is |students who have it| / |students it can be asked of|, by MEASURES. Source: the partnership
    guidance's elements (regular, timely, understood, two-way, formal and informal) and ERO's expectations; for balance
    see GUIDE.
    """
    active = [each for each in found if not each.facts.quiet]
    steps = [each.middle for each in active if each.middle is not None]

    def counted(kind: type[_Counted], **names: str) -> _Counted:
        fields = {each: names.get(each, each) for each in kind.__dataclass_fields__}
        return kind(**{each: sum(getattr(one.facts, name) for one in found) for each, name in fields.items()})

    return Summary(
        students=len(found),
        paused=sum(each.facts.paused for each in found),
        declined=sum(each.facts.declined and not each.facts.paused for each in found),
        unpraised=sum(each.facts.praise == 0 for each in active),
        waits=sum(each.waiting for each in found),
        shares={
            name: Share(len(has), len(has) + len(not_)) for name in MEASURES for has, not_ in [behind(found, name)]
        },
        deliveries=counted(Deliveries),
        answers=answers(each.facts for each in found),
        replies=counted(Replies, written="replies"),
        prompts=counted(Prompts, offered="prompts", answered="prompts_answered", helped="prompts_helped"),
        weeks=Share(sum(each.met for each in active), sum(each.weeks for each in active)),
        middle_wait=median(each.longest for each in active) if active else None,
        middle_step=median(steps) if steps else None,
    )


def answers(found: Iterable[Facts]) -> Answers:
    """What became of the questions about these students.

    Formula: of the n answers in order of what they took, the median, and the ceil(0.9 n)-th (nearest rank, so always a
    time that somebody waited); a question about two children stands with each. Source: the partnership guidance's
    "answers questions promptly"; minutes are those of conversations.promises, in the school hours of whoever held it.
    """
    each_of = list(found)
    took = sorted(minutes for each in each_of for minutes in each.took)
    told = len(took) >= SMALLEST_GROUP
    return Answers(
        **{name: sum(getattr(each, name) for each in each_of) for name in ("in_time", "late", "overdue", "open")},
        middle=median(took) if told else None,
        ninth=took[ceil(0.9 * len(took)) - 1] if told else None,
    )


def behind(found: Iterable[Regularity], name: str) -> tuple[list[Regularity], list[Regularity]]:
    """The students behind a measure: who has it, and who has it not; whoever it cannot be asked of is in neither."""
    asked_of, has = MEASURES[name]
    sides: tuple[list[Regularity], list[Regularity]] = ([], [])
    for each in found:
        if asked_of(each):
            sides[not has(each)].append(each)
    return sides


def waiting(found: Iterable[Regularity]) -> list[Regularity]:
    """Those who have not heard good news for ten school days, the longest wait first."""
    return sorted(
        (each for each in found if each.waiting), key=lambda each: (-each.waited, each.facts.name, each.facts.id)
    )
