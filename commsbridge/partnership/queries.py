"""Reading the log: the timeline of a child, and when good news last reached home."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from commsbridge.foundation.columns import Ids
from commsbridge.foundation.names import search_fold
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.partnership.models import FOLDING, Korero, Line, LineWords, Moment

GOOD_NEWS = frozenset({Moment.PRAISE})
LONGEST_SEARCH = 100
CHILDREN = bindparam("children", type_=Ids())


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment on the timeline with the later lines that speak of it, oldest first."""

    line: Line
    later: Sequence[Line] = field(default_factory=tuple)

    @property
    def undone(self) -> bool:
        """Whether it was taken back before it went."""
        return any(line.moment is Moment.UNDONE for line in self.later)

    def has(self, moment: Moment) -> bool:
        """Whether a later line of this kind was folded onto it."""
        return any(line.moment is moment for line in self.later)


def lines_saying(search: str) -> Select[uuid.UUID]:
    """The ids of the lines whose words hold every word of a search, macrons and double vowels folded."""
    rows = select(LineWords.line_id)
    for word in search_fold(tidy(search)[:LONGEST_SEARCH]).split():
        rows = rows.where(LineWords.folded.contains(word, autoescape=True))
    return rows


def timeline(
    work: Work,
    student_id: uuid.UUID,
    *,
    moments: Collection[Moment] | None = None,
    search: str = "",
    before: tuple[datetime, int] | None = None,
    limit: int = 30,
) -> list[Entry]:
    """The newest ``limit`` moments of a child, newest first; ``before`` is (at, number) of the last one already seen.

    ``search`` folds macrons and double vowels and asks for every word. Moved-away moments are left out.
    """
    later = aliased(Line)
    moved = select(later.id).where(later.about == Line.id, later.moment == Moment.MOVED).exists()
    wanted = select(Line).where(Line.student_id == student_id, Line.about.is_(None), ~moved)
    if moments is not None:
        wanted = wanted.where(Line.moment.in_(moments))
    for word in search_fold(tidy(search)[:LONGEST_SEARCH]).split():
        found = select(LineWords.id).where(
            LineWords.line_id == Line.id, LineWords.folded.contains(word, autoescape=True)
        )
        wanted = wanted.where(found.exists())
    if before is not None:
        at, number = before
        wanted = wanted.where(or_(Line.at < at, and_(Line.at == at, Line.number < number)))
    lines = work.session.scalars(wanted.order_by(Line.at.desc(), Line.number.desc()).limit(limit)).all()
    folded: dict[uuid.UUID, list[Line]] = {line.id: [] for line in lines}
    about = select(Line).where(Line.about.in_(folded)).order_by(Line.number)
    for line in work.session.scalars(about) if folded else ():
        if line.about is not None:
            folded[line.about].append(line)
    return [Entry(line, tuple(folded[line.id])) for line in lines]


def entry_of(work: Work, line_id: uuid.UUID) -> Entry | None:
    """One moment by its line, with what became of it."""
    line = work.session.get(Line, line_id)
    if line is None or line.moment in FOLDING:
        return None
    return Entry(line, tuple(work.session.scalars(select(Line).where(Line.about == line_id).order_by(Line.number))))


def line_by_id(work: Work, line_id: uuid.UUID) -> Line:
    """A line of the log. Raises sqlalchemy's NoResultFound for none of this school."""
    return work.session.get_one(Line, line_id)


def korero_words(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Korero]:
    """The kōrero behind lines whose subject is "korero", by id."""
    return {row.id: row for row in work.session.scalars(select(Korero).where(Korero.id.in_(ids)))} if ids else {}


@cache
def _arrivals() -> tuple[type[Line], type[Line], ColumnElement[bool]]:
    """Praise lines, the arrivals that speak of them, and that the two belong together and were not taken back."""
    praise, arrival, later = (aliased(Line, name=name) for name in ("praise", "arrival", "later"))
    withdrawn = exists().where(
        later.school_id == praise.school_id, later.about == praise.id, later.moment.in_((Moment.UNDONE, Moment.MOVED))
    )
    return praise, arrival, and_(arrival.moment == Moment.ARRIVED, praise.moment.in_(GOOD_NEWS), ~withdrawn)


def good_news_reached(work: Work, student_ids: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, datetime]:
    """When good news last *reached* each child's home (UTC): a carrier or a person said so, and it was not taken back.

    "Sent" is not "reached". Children whom none ever reached are left out.
    """
    if student_ids is None:
        return {row[0]: row[1] for row in work.session.execute(_newest(of_all=True))}
    return {row[0]: row[1] for row in work.session.execute(_newest(of_all=False), {"children": list(student_ids)})}


# Asked on every page of a teacher: written once, since writing it takes longer than answering it.
@cache
def _newest(*, of_all: bool) -> Select[uuid.UUID, datetime]:
    """When good news last reached home, by child; of all, or of ``children``.

    From each child's newest line back to the first that counts: a child of many years costs as much as a new one.
    """
    praise, arrival, stands = _arrivals()
    children = (
        select(Line.student_id).where(Line.moment == Moment.ARRIVED).distinct().subquery("children")
        if of_all
        else select(func.unnest(CHILDREN).label("student_id")).subquery("children")
    )
    newest = (
        select(arrival.at)
        .join(praise, and_(praise.school_id == arrival.school_id, praise.id == arrival.about))
        .where(stands, arrival.student_id == children.c.student_id)
        .order_by(arrival.at.desc())
        .limit(1)
        .lateral("newest")
    )
    return select(children.c.student_id, newest.c.at).join(newest, true())


def praised_since(
    work: Work, *, since: datetime, until: datetime | None = None, staff_id: uuid.UUID | None = None
) -> dict[uuid.UUID, datetime]:
    """The children praised from ``since`` on, before ``until`` where given, with when last; undone ones not.

    By one member of staff, or anybody.
    """
    praise, later = aliased(Line, name="praise"), aliased(Line, name="later")
    undone = exists().where(
        later.school_id == praise.school_id, later.about == praise.id, later.moment == Moment.UNDONE
    )
    rows = select(praise.student_id, func.max(praise.at)).where(
        praise.moment.in_(GOOD_NEWS), praise.at >= since, ~undone
    )
    if staff_id is not None:
        rows = rows.where(praise.staff_id == staff_id)
    if until is not None:
        rows = rows.where(praise.at < until)
    return {row[0]: row[1] for row in work.session.execute(rows.group_by(praise.student_id))}


def last_praise_by(work: Work, staff_ids: Collection[uuid.UUID], *, since: datetime) -> dict[uuid.UUID, datetime]:
    """When each of these members of staff last praised a child, from ``since`` on; what was undone does not count."""
    praise, later = aliased(Line, name="praise"), aliased(Line, name="later")
    undone = exists().where(
        later.school_id == praise.school_id, later.about == praise.id, later.moment == Moment.UNDONE
    )
    rows = select(praise.staff_id, func.max(praise.at)).where(
        praise.moment.in_(GOOD_NEWS), praise.at >= since, praise.staff_id.in_(staff_ids), ~undone
    )
    return {row[0]: row[1] for row in work.session.execute(rows.group_by(praise.staff_id)) if row[0] is not None}


def written_by(work: Work, staff_id: uuid.UUID, moments: Collection[Moment], *, since: datetime) -> list[Line]:
    """Each moment of these kinds that somebody wrote from ``since`` on, the latest first; not what was taken back."""
    line, later = aliased(Line, name="line"), aliased(Line, name="later")
    # Praise that one of several does not get is praise; a concern that was called off is none.
    called_off = and_(line.moment == Moment.CONCERN, later.moment == Moment.CANCELLED)
    taken_back = exists().where(
        later.school_id == line.school_id,
        later.about == line.id,
        or_(later.moment.in_((Moment.UNDONE, Moment.MOVED)), called_off),
    )
    rows = select(line).where(line.moment.in_(moments), line.staff_id == staff_id, line.at >= since, ~taken_back)
    return list(work.session.scalars(rows.order_by(line.at.desc(), line.number.desc())))


def concerns_since(work: Work, student_ids: Collection[uuid.UUID], *, since: datetime) -> dict[uuid.UUID, int]:
    """How many concerns and hard days were told of each child from ``since`` on; those of whom none was are left out.

    One that was taken back is not counted.
    """
    about = {"children": list(student_ids), "since": since}
    return {row[0]: row[1] for row in work.session.execute(_concerns(), about)}


@cache
def _concerns() -> Select[uuid.UUID, int]:
    """How many concerns ``children`` had since a moment, by child."""
    concern, later = aliased(Line, name="concern"), aliased(Line, name="later")
    undone = exists().where(
        later.school_id == concern.school_id,
        later.about == concern.id,
        later.moment.in_((Moment.UNDONE, Moment.MOVED, Moment.CANCELLED)),
    )
    return (
        select(concern.student_id, func.count())
        .where(
            concern.moment == Moment.CONCERN,
            concern.at >= bindparam("since"),
            concern.student_id == any_(CHILDREN),
            ~undone,
        )
        .group_by(concern.student_id)
    )


def good_news_days(
    work: Work, student_ids: Collection[uuid.UUID], *, since: datetime, time_zone: str
) -> dict[uuid.UUID, set[date]]:
    """The local days since ``since`` with good news, by child: it reached home, or came from home and was read to them.

    They are the strokes of the tally.
    """
    praise, arrival, stands = _arrivals()
    day = cast(func.timezone(ZoneInfo(time_zone).key, arrival.at), Date)
    rows = (
        select(arrival.student_id, day)
        .join(praise, and_(praise.school_id == arrival.school_id, praise.id == arrival.about))
        .where(
            stands,
            arrival.at >= since,
            arrival.student_id.in_(student_ids),
        )
        .distinct()
    )
    days: dict[uuid.UUID, set[date]] = {student_id: set() for student_id in student_ids}
    read_on = cast(func.timezone(ZoneInfo(time_zone).key, Line.at), Date)
    from_home = select(Line.student_id, read_on).where(
        Line.moment == Moment.READ_TO_CHILD, Line.at >= since, Line.student_id.in_(student_ids)
    )
    for student_id, on in (*work.session.execute(rows), *work.session.execute(from_home)):
        days[student_id].add(on)
    return days
