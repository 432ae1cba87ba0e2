"""What pages show of children: the tally of ten school days, how long each has waited, whom one can write to."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from commsbridge import messages, partnership, schools, students, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.students import Student
from commsbridge.web.shown import Shown

TALLY_DAYS = 10
NEVER = N_("No good news has reached home yet.")
LAST_HEARD = N_("Good news last reached home on %(day)s.")
MEND = N_("Look at the contact")
TELL = N_("Tell them at the gate")
TODAY_HEARD = N_("Good news reached home today.")


@dataclass(frozen=True, slots=True)
class Waited:
    """A child with when good news last reached home and the tally; ``days`` are school days since, None for never.

    ``called`` is the preferred name, or the whole one where several of the list share it.
    """

    student: Student
    called: str
    reached_at: datetime | None
    days: int | None
    tally: tuple[str, ...]
    can_send: bool

    def last(self, shown: Shown) -> str:
        """When good news last reached home, in a sentence."""
        if self.reached_at is None:
            return shown.say(NEVER)
        if self.heard_today(shown):
            return shown.say(TODAY_HEARD)
        return shown.say(LAST_HEARD, day=shown.date(shown.calendar.local(self.reached_at).date()))

    def heard_today(self, shown: Shown) -> bool:
        """Whether good news reached home today, which is not the same as no school day since."""
        return self.reached_at is not None and shown.calendar.local(self.reached_at).date() == shown.today

    def row(self, shown: Shown) -> dict[str, Any]:
        """The child as the templates take it."""
        return {
            "student_id": self.student.id,
            "name": self.called,
            "full_name": self.student.name,
            "tally": list(self.tally),
            "days": self.days,
            "heard_today": self.heard_today(shown),
            "last": self.last(shown),
            "can_send": self.can_send,
        }


def waited(work: Work, children: Sequence[Student]) -> list[Waited]:
    """Children in the order of who has waited longest for good news to reach home: never first, then the oldest."""
    calendar = schools.calendar_of(work)
    today = schools.today(work)
    ids = [child.id for child in children]
    reached = partnership.good_news_reached(work, ids) if ids else {}
    days = calendar.last_school_days(TALLY_DAYS, today)
    zone = ZoneInfo(calendar.time_zone)
    since = datetime.combine(days[0] if days else today, time(), tzinfo=zone)
    heard = partnership.good_news_days(work, ids, since=since, time_zone=calendar.time_zone) if ids else {}
    reachable = whanau.reachable(work, ids, on=today)
    shared = Counter(child.preferred_name for child in children)
    found = [
        Waited(
            child,
            called(child, among=shared),
            reached.get(child.id),
            _days_since(reached.get(child.id), zone, calendar, today),
            tuple("yes" if day in heard.get(child.id, set()) else "no" for day in days),
            child.id in reachable,
        )
        for child in children
    ]
    return sorted(
        found, key=lambda each: (each.reached_at is not None, each.reached_at or since, sort_key(each.student.name))
    )


def called(child: Student, *, among: Counter[str]) -> str:
    """The preferred name, or the whole one where several of those ``among`` share it."""
    return child.preferred_name if among[child.preferred_name] < 2 else child.name


def _days_since(at: datetime | None, zone: ZoneInfo, calendar: SchoolCalendar, today: date) -> int | None:
    return calendar.school_days_since(at.astimezone(zone).date(), today) if at else None


def mine(work: Work, viewer: schools.Viewer) -> list[Student]:
    """The children a person praises: those they teach; for whoever teaches none, everybody they may see."""
    today = schools.today(work)
    return students.students_taught_by(work, viewer, today) or students.students_seen_by(work, viewer, today)


def contact_names(work: Work, ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Names of contacts by id."""
    return whanau.contact_names(work, [each for each in ids if each is not None])


def failures(
    work: Work, children: Sequence[Student], shown: Shown, *, since: datetime, mends: bool
) -> list[dict[str, Any]]:
    """What did not arrive, in plain words with the next action; ``mends``: the reader may change contacts."""
    names = {child.id: child.preferred_name for child in children}
    found = messages.did_not_arrive(work, list(names), since=since)
    people = contact_names(work, [delivery.contact_id for delivery, _ in found])
    rows = []
    for delivery, message in found:
        if message.student_id is None or delivery.contact_id is None:
            continue
        told = messages.standing(delivery)
        rows.append(
            {
                "day": shown.day(delivery.made_at),
                "time": shown.time(delivery.made_at),
                "iso": shown.iso(delivery.made_at),
                "student_id": message.student_id,
                "student_name": names[message.student_id],
                "who": people.get(delivery.contact_id, ""),
                "why": f"{shown.say(told.sentence, until='')}.",
                "next": shown.say(told.next_action) if told.next_action else "",
                "acts": [_way_on(shown, message.student_id, delivery.contact_id, mends=mends)],
            }
        )
    return rows


def _way_on(shown: Shown, student_id: uuid.UUID, contact_id: uuid.UUID, *, mends: bool) -> dict[str, Any]:
    """What the reader can do about news that did not arrive: mend the contact, or say it and write that down."""
    if mends:
        url = url_for("contact_edit", contact_id=contact_id)
        return {"label": shown.say(MEND), "icon": "person", "url": url, "post": False}
    url = url_for("student", student_id=student_id, _anchor="write")
    return {"label": shown.say(TELL), "icon": "gate", "url": url, "post": False}
