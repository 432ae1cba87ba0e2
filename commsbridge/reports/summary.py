"""The measures of a group of students: shares, and the plain numbers beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import TypeVar

from commsbridge.reports.facts import Facts
from commsbridge.reports.measures import MEASURES
from commsbridge.reports.regularity import Regularity

# Groups smaller than this are not shown: their numbers could be read back to a child.
SMALLEST_GROUP = 5


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


def share_of(found: Iterable[Regularity], name: str) -> Share:
    """How many of these students have what a measure asks for, of those it can be asked of."""
    said = [*map(MEASURES[name], found)]
    return Share(said.count(True), len(said) - said.count(None))


def summary(found: Sequence[Regularity]) -> Summary:
    """The measures of these students; each says in its docstring how it is counted, and by what source."""
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
        shares={name: share_of(found, name) for name in MEASURES},
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
