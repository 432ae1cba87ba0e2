"""How soon a school answers: its promise, its hours, who hears of what nobody answered, and what a phone is told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import select

from commsbridge import schools
from commsbridge.conversations.promises.hours import Hours
from commsbridge.conversations.promises.models import PromiseRules
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff

MOST_DAYS = 5


class Acknowledges(StrEnum):
    """When a phone is told that a person will read what it wrote: never, where a reply is free, or always."""

    NEVER = "never"
    FREE = "free"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Answering:
    """A school's rules: ``days`` school days of the hours from ``opens`` to ``closes``.

    ``named_id`` hears of what was not answered in time (None: the leaders); ``slowed_id`` reads what comes from
    somebody who floods or threatens (None: ``named_id``).
    """

    days: int = 1
    opens: time = time(8, 30)
    closes: time = time(16)
    named_id: uuid.UUID | None = None
    acknowledges: Acknowledges = Acknowledges.FREE
    slowed_id: uuid.UUID | None = None


def answering_of(work: Work) -> Answering:
    """The rules of this school; the common ones until it sets its own."""
    return work.once("answering", lambda: _answering(work))


def _answering(work: Work) -> Answering:
    row = work.session.scalar(select(PromiseRules))
    if row is None:
        return Answering()
    return Answering(row.days, row.opens, row.closes, row.named_id, Acknowledges(row.acknowledges), row.slowed_id)


def set_answering(work: Work, rules: Answering) -> None:
    """Set the school's rules, for what is asked from now on.

    Raises Invalid for days that cannot be promised, hours that run backwards, or a named person who reads no log.
    """
    if not 1 <= rules.days <= MOST_DAYS:
        raise Invalid(N_("Promise an answer within 1 to %(most)s school days."), field="days", most=MOST_DAYS)
    if rules.opens >= rules.closes:
        raise Invalid(N_("The hours end after they begin."), field="closes")
    able = {each.id for each in may_be_named(work)}
    for field, staff_id in (("named", rules.named_id), ("slowed", rules.slowed_id)):
        if staff_id is not None and staff_id not in able:
            raise Invalid(N_("Choose somebody who sees the whole school."), field=field)
    row = work.session.scalar(select(PromiseRules).with_for_update()) or PromiseRules()
    row.days, row.opens, row.closes = rules.days, rules.opens, rules.closes
    row.named_id, row.acknowledges = rules.named_id, rules.acknowledges.value
    row.slowed_id = rules.slowed_id
    work.session.add(row)
    work.session.flush()


def may_be_named(work: Work) -> list[Staff]:
    """Who can hear of what nobody answered: whoever sees the whole school and reads the log."""
    on = schools.today(work)
    return [each for each in schools.staff_with(work, Permission.READ_LOG, on) if _whole(work, each)]


def _whole(work: Work, staff: Staff) -> bool:
    return schools.viewer_for(work, staff.id).may(Permission.SEE_WHOLE_SCHOOL)


def named(work: Work, rules: Answering) -> list[Staff]:
    """Who hears of what was not answered: the person named while they are here, else the leaders."""
    found = [each for each in may_be_named(work) if each.id == rules.named_id]
    return found or schools.staff_with(work, Permission.SET_PROMISE, schools.today(work))


def hours_of(work: Work, rules: Answering, holder: Staff | None) -> Hours:
    """The hours of one person on their own weekdays; the school's where nobody holds it."""
    days = holder.working_days if holder else 31
    weekdays = frozenset(day for day in range(5) if days >> day & 1)
    return Hours(schools.calendar_of(work), rules.opens, rules.closes, weekdays)


def answer_by(work: Work) -> datetime | None:
    """When an answer may be expected to what comes in now, as the school promises it; None beyond the known terms."""
    rules = answering_of(work)
    hours = hours_of(work, rules, None)
    return hours.after(work.now, rules.days * hours.day_minutes)
