"""What translators give, for leaders, so that it is seen and given time for: no ranking, by name alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from commsbridge import schools
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.work import Work
from commsbridge.messages.translations import Translation, Translator


@dataclass(frozen=True, slots=True)
class Given:
    """What one translator gave: how many a week they offer (None: nothing), how many they wrote, in what minutes."""

    name: str
    weekly: int | None
    written: int
    minutes: int


def given_since(work: Work, since: datetime) -> list[Given]:
    """Everybody who offers to translate or did since a moment, by name; also those who have left."""
    done = {
        row.taken_by: (row.written, row.minutes)
        for row in work.session.execute(
            select(
                Translation.taken_by,
                func.count().label("written"),
                func.coalesce(func.sum(Translation.minutes), 0).label("minutes"),
            )
            .where(Translation.answered_at >= since, Translation.taken_by.is_not(None))
            .group_by(Translation.taken_by)
        )
    }
    weekly = {row.staff_id: row.weekly for row in work.session.scalars(select(Translator))}
    present = {each.id for each in schools.staff_with(work, schools.Permission.TRANSLATE, schools.today(work))}
    people = schools.staff_by_id(work, [each for each in {*done, *present} if each is not None])
    return [
        Given(person.name, weekly.get(person.id) if person.id in present else None, *done.get(person.id, (0, 0)))
        for person in sorted(people.values(), key=lambda each: sort_key(each.name))
    ]
