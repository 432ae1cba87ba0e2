"""What a copy that somebody asked for holds of plans: everything that ever stood there for their home to read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from commsbridge import schools
from commsbridge.books import About, Gathered
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.plans.items import Item, seen_at
from commsbridge.plans.models import Plan
from commsbridge.plans.reading import standing_of
from commsbridge.whanau import home_of

_PLAN = N_("The plan for %(child)s")
_TAKEN_OUT = N_("The plan for %(child)s, taken out since")


def gather_plans(work: Work, about: About) -> Iterator[Gathered]:
    """Each thing in each of a child's plans, as it was first said; what was said otherwise later stands there, too."""
    calendar, home = schools.calendar_of(work), home_of(about.contact)
    for child_id, called in about.children.items():
        for plan in work.session.scalars(select(Plan).where(Plan.student_id == child_id).order_by(Plan.begun_at)):
            standing, said = standing_of(work, plan), set[Item]()
            now = set(seen_at(standing.items, home))
            for version in standing.versions:
                for item in seen_at(version.items, home):
                    if item not in said:
                        said.add(item)
                        title = about.say(_PLAN if item in now else _TAKEN_OUT, child=called.preferred)
                        words = "\n".join(filter(None, [item.words, item.who, item.said_by]))
                        yield Gathered(calendar.local(version.at).date(), title, words)
