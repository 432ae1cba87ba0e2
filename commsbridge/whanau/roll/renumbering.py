"""Changed numbers: the old one is held at once, as it may have changed hands; the new one until it is confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Role
from commsbridge.students import Student
from commsbridge.tasks import TaskKind, close_tasks_about, give_task
from commsbridge.whanau.actions import mark_ways
from commsbridge.whanau.models import Channel, Way, WayState
from commsbridge.whanau.roll.holding import TO_CONFIRM
from commsbridge.whanau.roll.judged import ChangedNumber

HELD = WayState.HELD
NUMBER_CHANGED = "number_changed"
"""Why an old number is held: the roll names another for somebody who had it."""


def hold_changed_numbers(
    work: Work, changes: Sequence[ChangedNumber], contacts: Sequence[uuid.UUID], by_external_id: Mapping[str, Student]
) -> tuple[str, ...]:
    """Hold each old number on every contact that has it, keep the new one waiting, and ask the office; gives the old.

    A change that waits already is left as it is.
    """
    held = []
    for change in changes:
        contact_id, student_id = contacts[change.contact], by_external_id[change.student].id
        if _ways(work, contact_id, change.new):
            continue
        others = {way.contact_id: way for way in mark_ways(work, address=change.old, state=HELD, why=NUMBER_CHANGED)}
        others.pop(contact_id, None)
        for way in others.values():
            _ask(work, way, None)
        _ask(work, _waiting_way(work, contact_id, change.new), student_id)
        held.append(change.old)
    return tuple(held)


def settle_number(work: Work, way_id: uuid.UUID, *, right: bool) -> None:
    """A person says whether a held number is its contact's. Raises NotFound for a way that is not held.

    A new number that is right takes the place of the one it was held against; one that is wrong lets that go again.
    What already waits for these numbers is for messages to release.
    """
    way = work.session.get(Way, way_id, with_for_update=True)
    if way is None or way.state != HELD or way.address is None:
        raise NotFound(N_("That number does not need confirming."))
    is_new = way.why == TO_CONFIRM
    same = _ways(work, way.contact_id, way.address)
    if is_new:
        changed = Way.why == NUMBER_CHANGED, Way.state == HELD
        old = work.session.scalars(select(Way).where(Way.contact_id == way.contact_id, *changed)).all()
        if right and old:
            way.rank = min(one.rank for one in old)
        _settle(work, old, right=not right)
    _settle(work, same, right=right)
    work.session.flush()


def _settle(work: Work, ways: Sequence[Way], *, right: bool) -> None:
    for way in ways:
        way.changed_at = work.now
        if right:
            way.state, way.why = WayState.OK, None
        else:
            way.rank, way.state, way.why = 0, WayState.WRONG, "replaced"
        close_tasks_about(work, TaskKind.CONFIRM_ADDRESS, way.id, outcome="right" if right else "wrong")


def _ways(work: Work, contact_id: uuid.UUID, address: str) -> Sequence[Way]:
    return work.session.scalars(select(Way).where(Way.contact_id == contact_id, Way.address == address)).all()


def _waiting_way(work: Work, contact_id: uuid.UUID, number: str) -> Way:
    last = work.session.scalar(select(func.max(Way.rank)).where(Way.contact_id == contact_id)) or 0
    way = Way(
        id=uuid.uuid4(),
        contact_id=contact_id,
        channel=Channel.TEXT,
        address=number,
        rank=last + 1,
        state=HELD,
        why=TO_CONFIRM,
        changed_at=work.now,
    )
    work.session.add(way)
    work.session.flush()
    return way


def _ask(work: Work, way: Way, student_id: uuid.UUID | None) -> None:
    """The office is asked whose number it is."""
    give_task(
        work,
        TaskKind.CONFIRM_ADDRESS,
        role=Role.OFFICE,
        student_id=student_id,
        contact_id=way.contact_id,
        subject_id=way.id,
    )
