"""Facts: what the log says of each student in a period, gathered in four statements; every measure is made of these."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, bindparam, text

from commsbridge import schools
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.reports.periods import Period
from commsbridge.schools import SenderKind

# Good news is looked for so many school days back from each day: the target of one in ten (see measures).
TARGET_DAYS = 10

# What arrives later than this after it was written is no news any more.
NEWS_LASTS = timedelta(days=28)

# One row a student on the roll on the last day. ``paused``: a quiet time that whānau or school asked for, no hard day.
ROLL = """
SELECT s.id, s.preferred_name, s.name, s.year_level,
       coalesce((SELECT min(e.from_on) FROM enrolments e WHERE e.student_id = s.id),
                (s.created_at AT TIME ZONE :zone)::date) AS began_on,
       ARRAY(SELECT e.class_id FROM enrolments e
             WHERE e.student_id = s.id AND e.from_on <= :last_on AND (e.to_on IS NULL OR e.to_on >= :last_on)
             ORDER BY e.class_id) AS class_ids,
       EXISTS (SELECT FROM pauses q WHERE q.student_id = s.id AND NOT q.hard_day AND q.from_at < :until
               AND (q.ended_at IS NULL OR q.ended_at >= :until)
               AND (q.until_on IS NULL OR q.until_on >= :last_on)) AS paused,
       (SELECT l.language FROM guardianships g JOIN languages_asked l ON l.contact_id = g.contact_id
        WHERE g.student_id = s.id AND g.may_message <> 'no' AND g.from_on <= :last_on
          AND (g.to_on IS NULL OR g.to_on >= :last_on)
          AND l.from_on <= :last_on AND (l.to_on IS NULL OR l.to_on >= :last_on)
        ORDER BY g."primary" DESC, g.from_on, g.id LIMIT 1) AS asked
FROM students s
WHERE (s.left_on IS NULL OR s.left_on > :last_on)
  AND EXISTS (SELECT FROM enrolments e WHERE e.student_id = s.id AND e.from_on <= :last_on) {only_s}
"""

# What became of praise: its deliveries, and the local days on which it arrived, from :since on, a little before the
# period. What was taken back or moved to another child by :until is as if it had never been.
WENT = """
WITH folded AS MATERIALIZED (
  SELECT p.student_id, p.at AS written_at, f.moment, f.at, f.contact_id, f.channel, f.language, f.subject_id
  FROM lines f JOIN lines p ON p.school_id = f.school_id AND p.id = f.about
  WHERE f.at >= :since AND f.at < :until AND f.moment IN ('sent', 'arrived', 'did_not_arrive', 'uncertain')
    AND p.moment = 'praise' AND p.at >= :news_from AND p.at >= f.at - :news_lasts AND p.at < :until AND NOT EXISTS (
      SELECT FROM lines g WHERE g.school_id = p.school_id AND g.about = p.id AND g.moment IN ('undone', 'moved')
        AND g.at < :until) {only_f}
), days AS (
  SELECT student_id, array_agg(DISTINCT (at AT TIME ZONE :zone)::date) AS days
  FROM folded WHERE moment = 'arrived' GROUP BY student_id
), went AS (
  SELECT student_id, subject_id, contact_id, channel, language, (min(at) AT TIME ZONE :zone)::date AS on_day,
         bool_or(moment = 'arrived') AS arrived, bool_or(moment = 'did_not_arrive') AS failed,
         bool_or(moment = 'uncertain') AS uncertain
  FROM folded WHERE written_at >= :start GROUP BY student_id, subject_id, contact_id, channel, language
), told AS (
  SELECT w.*, CASE WHEN a.language IN ('mi', 'en', 'both') THEN a.language WHEN a.language IS NULL THEN 'en'
              ELSE 'other' END AS asked
  FROM went w LEFT JOIN languages_asked a ON a.contact_id = w.contact_id AND a.from_on <= w.on_day
    AND (a.to_on IS NULL OR a.to_on >= w.on_day)
), counted AS (
  SELECT student_id, count(*) AS sent, count(*) FILTER (WHERE arrived) AS arrived,
         count(*) FILTER (WHERE failed AND NOT arrived) AS failed,
         count(*) FILTER (WHERE uncertain AND NOT failed AND NOT arrived) AS uncertain,
         count(*) FILTER (WHERE arrived AND asked IN ('mi', 'both')) AS reo_of,
         count(*) FILTER (WHERE arrived AND (asked, language) IN (('mi', 'mi'), ('mi', 'both'), ('both', 'both')))
           AS reo_got,
         count(*) FILTER (WHERE arrived AND asked = 'other') AS other_of,
         count(*) FILTER (WHERE arrived AND asked = 'other'
           AND (channel NOT IN ('text', 'email') OR language NOT IN ('mi', 'en', 'both'))) AS other_got,
         coalesce(bool_or(arrived AND (channel = 'email' OR (channel = 'text' AND :texts_free))), false) AS answerable
  FROM told GROUP BY student_id
)
SELECT coalesce(d.student_id, c.student_id) AS id, d.days, c.* FROM days d FULL JOIN counted c USING (student_id)
"""

# What was written or said in the period, each moment standing for itself.
SAID = """
SELECT l.student_id AS id, count(*) FILTER (WHERE l.moment = 'praise') AS praise,
       count(*) FILTER (WHERE l.moment = 'praise' AND m.words <> '') AS own_words,
       count(*) FILTER (WHERE l.moment = 'concern') AS concerns,
       count(*) FILTER (WHERE l.moment = 'gate') AS gate, count(*) FILTER (WHERE l.moment = 'call') AS calls,
       count(*) FILTER (WHERE l.moment = 'reply') AS replies,
       count(*) FILTER (WHERE l.moment = 'reply' AND l.channel = 'text') AS by_text,
       count(*) FILTER (WHERE l.moment = 'reply' AND r.delivery_id IS NULL) AS begun
FROM lines l LEFT JOIN messages m ON l.moment = 'praise' AND m.school_id = l.school_id AND m.id = l.subject_id
    AND m.made_at >= :start - interval '1 day' AND m.made_at < :until
  LEFT JOIN replies r ON l.moment = 'reply' AND r.school_id = l.school_id AND r.id = l.subject_id
WHERE l.at >= :start AND l.at < :until AND l.moment IN ('praise', 'concern', 'gate', 'call', 'reply')
  AND NOT EXISTS (SELECT FROM lines g WHERE g.school_id = l.school_id AND g.about = l.id
                  AND g.moment IN ('undone', 'moved') AND g.at < :until) {only_l}
GROUP BY l.student_id
"""

# When good news last reached those whom none reached from :since on; None of them is asked about twice.
BEFORE = """
SELECT s.id, (last.at AT TIME ZONE :zone)::date AS last_on
FROM unnest(CAST(:silent AS uuid[])) AS s (id) CROSS JOIN LATERAL (
  SELECT f.at FROM lines f JOIN lines p ON p.school_id = f.school_id AND p.id = f.about
  WHERE f.student_id = s.id AND f.at < :since AND f.moment = 'arrived' AND p.moment = 'praise'
    AND p.at >= f.at - :news_lasts AND NOT EXISTS (
    SELECT FROM lines g WHERE g.school_id = p.school_id AND g.about = p.id AND g.moment IN ('undone', 'moved')
      AND g.at < :until)
  ORDER BY f.at DESC LIMIT 1) AS last
"""
ONLY = {
    "only_s": "AND s.id = ANY(:ids)",
    "only_f": "AND f.student_id = ANY(:ids)",
    "only_l": "AND l.student_id = ANY(:ids)",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the log says of one student in a period.

    ``days`` are the local days on which good news reached home, those of the ten school days before the period among
    them; ``last_on`` the last such day of all. ``sent`` counts deliveries of praise written in the period, and
    ``arrived``, ``failed`` and ``uncertain`` what became of them; the rest is on its way. ``reo_of`` counts what
    arrived at contacts who asked for te reo Māori, ``reo_got`` what of it came so; ``other_of``/``other_got`` the same
    for languages nobody writes, which a person must tell. ``answerable``: something arrived that costs nothing to
    answer. ``asked`` is the language of the first contact.
    """

    id: uuid.UUID
    preferred_name: str
    name: str
    year_level: int | None
    class_ids: tuple[uuid.UUID, ...]
    began_on: date
    paused: bool
    asked: str | None
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
    replies: int = 0
    by_text: int = 0
    begun: int = 0


def gather(
    work: Work, calendar: SchoolCalendar, period: Period, *, only: Collection[uuid.UUID] | None = None
) -> list[Facts]:
    """The facts of everybody on the roll on the period's last day, or of those of ``only`` who are, by student id.

    Nothing is read but what had happened by the end of the last day, so that a report of a day that is over stays the
    same; a receipt or a note that comes later with an earlier time does change it.
    """
    work.session.execute(text("SET LOCAL work_mem = '32MB'"))
    given = _given(work, calendar, period, only)
    roll = _rows(work, ROLL, given, only)
    went, said = (_rows(work, statement, given, only) for statement in (WENT, SAID))
    silent = [each for each in roll if not (went.get(each) or {}).get("days")]
    before = _rows(work, BEFORE, {**given, "silent": silent}, None) if silent else {}
    return [
        _facts(row, went.get(each, {}), said.get(each, {}), before.get(each, {})) for each, row in sorted(roll.items())
    ]


def looked_from(calendar: SchoolCalendar, period: Period) -> date:
    """The first day whose arrivals count: TARGET_DAYS school days before the period begins."""
    before = calendar.last_school_days(TARGET_DAYS, period.first_on - timedelta(days=1))
    return before[0] if before else period.first_on


def _given(work: Work, calendar: SchoolCalendar, period: Period, only: Collection[uuid.UUID] | None) -> dict[str, Any]:
    sender = schools.sender_for_texts(work)
    given: dict[str, Any] = {
        "zone": calendar.time_zone,
        "last_on": period.last_on,
        "start": _begins(calendar, period.first_on),
        "since": _begins(calendar, looked_from(calendar, period)),
        "news_from": _begins(calendar, looked_from(calendar, period)) - NEWS_LASTS,
        "news_lasts": NEWS_LASTS,
        "until": _begins(calendar, period.last_on + timedelta(days=1)),
        "texts_free": sender is not None and sender.kind is not SenderKind.STANDARD,
    }
    return given if only is None else {**given, "ids": list(only)}


def _begins(calendar: SchoolCalendar, day: date) -> datetime:
    return calendar.moment(day, datetime.min.time())


def _rows(
    work: Work, statement: str, given: dict[str, Any], only: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, dict[str, Any]]:
    for name, clause in ONLY.items():
        statement = statement.replace("{" + name + "}", clause if only is not None else "")
    return {row["id"]: dict(row) for row in work.session.execute(_with(statement, given)).mappings()}


def _with(statement: str, given: dict[str, Any]) -> TextClause:
    """The statement with those of ``given`` that it names."""
    asked = text(statement)
    return asked.bindparams(*(bindparam(name, given[name]) for name in asked.compile().params))


def _facts(roll: dict[str, Any], went: dict[str, Any], said: dict[str, Any], before: dict[str, Any]) -> Facts:
    days = tuple(sorted(went.get("days") or ()))
    counted = {name: went[name] for name in _COUNTED if went.get(name) is not None}
    spoken = {name: said[name] for name in _SAID if name in said}
    roll = {**roll, "class_ids": tuple(roll["class_ids"])}
    return Facts(**roll, **counted, **spoken, days=days, last_on=days[-1] if days else before.get("last_on"))


_COUNTED = ("sent", "arrived", "failed", "uncertain", "reo_of", "reo_got", "other_of", "other_got", "answerable")
_SAID = ("praise", "own_words", "concerns", "gate", "calls", "replies", "by_text", "begun")
