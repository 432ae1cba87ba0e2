"""Facts: what the log says of each student in a period, gathered in five statements; every measure is made of these."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import TextClause, bindparam, text

from commsbridge import schools
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.reports.hui import hui_counts
from commsbridge.reports.periods import Period
from commsbridge.reports.rules import Aims
from commsbridge.reports.statements import BEFORE, PROMPTED, ROLL, SAID, WENT
from commsbridge.schools import SenderKind

# Good news is looked for so many school days back from each day: targets are good contacts in ten (prompts.rules).
TARGET_DAYS = 10

# What arrives later than this after it was written is no news any more.
NEWS_LASTS = timedelta(days=28)

# Praise that reached home within this time of being written is timely. How long after a prompt good news about that
# child is counted as coming of it: over a weekend.
TIMELY = timedelta(days=1)
PROMPT_LASTS = timedelta(days=3)
# How a statement is asked of some students, and of all: then what is joined again and again is read once.
ONLY = {
    "only_s": "AND s.id = ANY(:ids)",
    "only_f": "AND f.student_id = ANY(:ids)",
    "only_p": "AND p.student_id = ANY(:ids)",
    "only_e": "AND e.student_id = ANY(:ids)",
    "only_g": "AND g.student_id = ANY(:ids)",
    "only_l": "AND l.student_id = ANY(:ids)",
    "only_c": "AND c.student_id = ANY(:ids)",
    "kept": "NOT MATERIALIZED",
}
ALL = {"kept": "MATERIALIZED"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the log says of one student in a period.

    ``days`` are the local days on which good news reached home, those of the ten school days before the period among
    them; ``last_on`` the last such day of all. ``sent`` counts deliveries of praise written in the period, and
    ``arrived``, ``failed`` and ``uncertain`` what became of them; the rest is on its way. ``reo_of`` counts what
    arrived at contacts who asked for te reo Māori, ``reo_got`` what of it came so; ``other_of``/``other_got`` the same
    for languages nobody writes, which a person must tell. ``answerable``: something arrived that costs nothing to
    answer. ``declined``: their people asked for no messages, and no way is left that works; ways are looked at as they
    stand, consent as it stood at the end of the last day. ``asked`` is the language of the first contact;
    ``has_book``: they had a communication book on the last day, ``pages`` of it went home, and ``hui`` were held;
    ``target`` is how many good contacts in ten school days were aimed for then.
    ``by_text``, ``by_mail`` and ``by_page`` say how home wrote. ``timely`` counts what arrived within TIMELY of being
    written; ``reo_sent`` what arrived in te reo Māori by text or mail, ``reo_checked`` what of it stood in words that a
    named person had approved by then: the phrase as it was written, and words of its own only where a speaker wrote
    their te reo.

    Questions are replies that asked something: ``in_time`` and ``late`` were answered (in school hours, by the promise
    that held then), ``overdue`` and ``open`` were not; ``took`` is what the answers took, in school minutes.
    ``prompts`` counts how often somebody was asked about them, ``prompts_answered`` those with an answer or good news,
    ``prompts_helped`` those that good news or a talk followed within PROMPT_LASTS.

    Of ``hui_held`` in the period the family chose the time and the people of ``hui_chosen``, and somebody's voice was
    there before ``hui_voiced``; of the ``steps_due`` in it ``steps_in_time`` were done by their day, and of
    ``steps_explained`` it was said by then why not.
    """

    id: uuid.UUID
    preferred_name: str
    name: str
    year_level: int | None
    class_ids: tuple[uuid.UUID, ...]
    began_on: date
    paused: bool
    declined: bool
    asked: str | None
    has_book: bool = False
    target: int = 1
    days: tuple[date, ...] = ()
    last_on: date | None = None
    sent: int = 0
    arrived: int = 0
    failed: int = 0
    uncertain: int = 0
    reo_of: int = 0
    reo_got: int = 0
    other_of: int = 0
    other_got: int = 0
    answerable: bool = False
    praise: int = 0
    own_words: int = 0
    concerns: int = 0
    gate: int = 0
    calls: int = 0
    pages: int = 0
    hui: int = 0
    replies: int = 0
    by_text: int = 0
    by_mail: int = 0
    by_page: int = 0
    begun: int = 0
    timely: int = 0
    reo_sent: int = 0
    reo_checked: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    open: int = 0
    took: tuple[int, ...] = ()
    prompts: int = 0
    prompts_answered: int = 0
    prompts_helped: int = 0
    hui_held: int = 0
    hui_chosen: int = 0
    hui_voiced: int = 0
    steps_due: int = 0
    steps_in_time: int = 0
    steps_explained: int = 0

    @property
    def quiet(self) -> bool:
        """Whether a quiet time or no messages was asked for: then no day without news counts."""
        return self.paused or self.declined


def gather(
    work: Work, calendar: SchoolCalendar, period: Period, aims: Aims, *, only: Collection[uuid.UUID] | None = None
) -> list[Facts]:
    """The facts of everybody on the roll on the period's last day, or of those of ``only`` who are, by student id.

    Nothing is read but what had happened by the end of the last day, so that a report of a day that is over stays the
    same; a receipt or a note that comes later with an earlier time does change it.
    """
    work.session.execute(text("SET LOCAL work_mem = '32MB'"))
    # Compiling a statement takes longer than a student's page may.
    work.session.execute(text("SET LOCAL jit = off"))
    if only is None:
        # A plan kept for any two days takes ten times as long as one made for these.
        work.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    given = _given(work, calendar, period, only)
    roll = _rows(work, ROLL, given, only)
    went, said, asked = (_rows(work, statement, given, only) for statement in (WENT, SAID, PROMPTED))
    hui = hui_counts(work, calendar, period, only)
    silent = [each for each in roll if not (each in went and went[each]["days"])]
    before = _rows(work, BEFORE, {**given, "silent": silent}, None) if silent else {}
    return [
        _facts(
            {**row, **went.get(each, {}), **said.get(each, {}), **asked.get(each, {}), **hui.get(each, {})},
            before.get(each, {}).get("last_on"),
            aims.target(each, has_book=row["has_book"]),
        )
        for each, row in roll.items()
    ]


def looked_from(calendar: SchoolCalendar, period: Period) -> date:
    """The first day whose arrivals count: TARGET_DAYS school days before the period begins."""
    before = calendar.last_school_days(TARGET_DAYS, period.first_on - timedelta(days=1))
    return before[0] if before else period.first_on


def bounds(calendar: SchoolCalendar, period: Period) -> dict[str, datetime]:
    """When a period begins, and the moment it is over: aware UTC, at the school's midnights."""
    return {
        "start": _begins(calendar, period.first_on),
        "until": _begins(calendar, period.last_on + timedelta(days=1)),
    }


def _given(work: Work, calendar: SchoolCalendar, period: Period, only: Collection[uuid.UUID] | None) -> dict[str, Any]:
    sender = schools.sender_for_texts(work)
    given: dict[str, Any] = {
        "zone": calendar.time_zone,
        "last_on": period.last_on,
        "since": _begins(calendar, looked_from(calendar, period)),
        "news_from": _begins(calendar, looked_from(calendar, period)) - NEWS_LASTS,
        "news_lasts": NEWS_LASTS,
        "timely": TIMELY,
        "prompt_lasts": PROMPT_LASTS,
        **bounds(calendar, period),
        "senders": [each.id for each in schools.senders_of(work)],
        "texts_free": sender is not None and sender.kind is not SenderKind.STANDARD,
    }
    return given if only is None else {**given, "ids": list(only)}


def _begins(calendar: SchoolCalendar, day: date) -> datetime:
    return calendar.moment(day, datetime.min.time())


def _rows(
    work: Work, statement: str, given: dict[str, Any], only: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, dict[str, Any]]:
    for name, clause in ONLY.items():
        statement = statement.replace("{" + name + "}", clause if only is not None else ALL.get(name, ""))
    found = work.session.execute(_with(statement, given))
    names = list(found.keys())
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.all()}


def _with(statement: str, given: dict[str, Any]) -> TextClause:
    """The statement with those of ``given`` that it names."""
    asked = text(statement)
    return asked.bindparams(*(bindparam(name, given[name]) for name in asked.compile().params))


def _facts(told: dict[str, Any], before: date | None, target: int) -> Facts:
    """The facts of one student: what the statements told, by the names that facts have."""
    days = tuple(map(_day, sorted({*map(int, told.pop("days", "").split())})))
    took = tuple(sorted(map(int, told.pop("took", "").split())))
    told["class_ids"] = tuple(told["class_ids"])
    return Facts(**told, days=days, took=took, last_on=days[-1] if days else before, target=target)


@cache
def _day(number: int) -> date:
    return _ORIGIN + timedelta(number)


# Days come as their number after this one: PostgreSQL and Python both read that far faster than an array of dates.
_ORIGIN = date(2000, 1, 1)
