"""Two hui at once: of one home, of somebody of the staff, or at one place."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiPerson, HuiState, Welcome

# No hui is longer (Hui.minutes_are_sensible).
_LONGEST = timedelta(minutes=240)


class Clash(StrEnum):
    """What two hui at once have in common: who cannot be at both, or only the place."""

    HOME = "home"
    STAFF = "staff"
    PLACE = "place"


def one_at_a_time(work: Work, hui: Hui) -> None:
    """Let one home after the other choose among the times of whoever opened the hui, until this act ends."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(hui.staff_id), 0))))


def clash_at(work: Work, hui: Hui, begins_at: datetime) -> Clash | None:
    """What stands against a hui at a time, the weightiest first; None where nothing does.

    Of a home only its own other hui count, so that nothing tells one home of another.
    """
    ends_at = begins_at + timedelta(minutes=hui.minutes)
    rows = select(Hui).where(
        Hui.state == HuiState.SET, Hui.id != hui.id, Hui.begins_at < ends_at, Hui.begins_at > begins_at - _LONGEST
    )
    others = [
        each
        for each in work.session.scalars(rows)
        if each.begins_at is not None and each.begins_at + timedelta(minutes=each.minutes) > begins_at
    ]
    if any(set(each.homes) & set(hui.homes) for each in others):
        return Clash.HOME
    there = _staff_of(work, hui)
    if any(there & _staff_of(work, each) for each in others):
        return Clash.STAFF
    same = [each for each in others if hui.place and fold(each.place) == fold(hui.place)]
    return Clash.PLACE if same else None


def _staff_of(work: Work, hui: Hui) -> set[uuid.UUID]:
    rows = select(HuiPerson.staff_id).where(HuiPerson.hui_id == hui.id, HuiPerson.answer == Welcome.YES)
    return {hui.staff_id, *(each for each in work.session.scalars(rows) if each is not None)}
