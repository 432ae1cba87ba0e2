"""Who looked at what, which workers are at work, and which hooks were turned away."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, and_, cast, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.work import Work
from commsbridge.schools.calendar import calendar_of, today
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Duty, HookAlarm, Look, Role, StaffRole, WorkerSeen

# Who looks for a child's safety is never told of, whatever they opened.
NEVER_TOLD = frozenset({Role.CHILD_PROTECTION})


def note_look(work: Work, *, subject: str, subject_id: uuid.UUID) -> None:
    """Write down that whoever acts looked at a guarded thing; ``subject`` names its kind in at most 30 letters."""
    staff_id = work.actor.id if work.actor.kind is ActorKind.STAFF else None
    work.session.add(Look(at=work.now, staff_id=staff_id, subject=subject, subject_id=subject_id))
    work.session.flush()


def note_seen(work: Work, *, subject: str, subject_id: uuid.UUID) -> None:
    """Write down that whoever acts read about somebody; once a day for each person, however often they look."""
    if work.actor.kind is not ActorKind.STAFF:
        return
    since = calendar_of(work).moment(today(work), time())
    known = select(Look.id).where(
        Look.subject == subject, Look.subject_id == subject_id, Look.at >= since, Look.staff_id == work.actor.id
    )
    if work.session.scalar(known.limit(1)) is None:
        note_look(work, subject=subject, subject_id=subject_id)


def roles_seen(
    work: Work,
    subjects: Collection[tuple[str, uuid.UUID]],
    *,
    since: date,
    but: Sequence[tuple[datetime, datetime | None]] = (),
    limit: int = 20,
) -> dict[date, frozenset[Role]]:
    """On which days people of which roles looked at these (subject, id), the newest day first; never who.

    Left out is everything on a day that one of the times in ``but`` touches (from, until; None: it goes on).
    """
    calendar = calendar_of(work)
    on = cast(func.timezone(calendar.time_zone, Look.at), Date)
    held = and_(
        StaffRole.school_id == Look.school_id,
        StaffRole.staff_id == Look.staff_id,
        StaffRole.from_on <= on,
        or_(StaffRole.to_on.is_(None), StaffRole.to_on >= on),
    )
    rows = (
        select(on, func.array_agg(StaffRole.role.distinct()))
        .join(StaffRole, held)
        .where(
            tuple_(Look.subject, Look.subject_id).in_(subjects),
            Look.at >= calendar.moment(since, time()),
            StaffRole.role.not_in(NEVER_TOLD),
        )
    )
    for begun, ended in but:
        apart = on < calendar.local(begun).date()
        rows = rows.where(apart if ended is None else or_(apart, on > calendar.local(ended).date()))
    found = work.session.execute(rows.group_by(on).order_by(on.desc()).limit(limit))
    return {day: frozenset(map(Role, roles)) for day, roles in found}


def worker_seen(lobby: Lobby, name: str, duty: Duty = Duty.WORKER) -> None:
    """A heartbeat, on the database's clock."""
    seen = insert(WorkerSeen).values(name=name, seen_at=func.clock_timestamp(), duty=duty)
    again = seen.on_conflict_do_update(index_elements=["name"], set_={"seen_at": seen.excluded.seen_at})
    lobby.session.execute(again)


def forget_workers(lobby: Lobby) -> None:
    """Forget the workers that nobody has seen for a day: each that starts has a name of its own."""
    long_ago = func.clock_timestamp() - timedelta(days=1)
    lobby.session.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < long_ago))


def workers_seen_since(lobby: Lobby, seconds: float) -> list[str]:
    """The names of the workers seen in the last ``seconds``, on the database's clock."""
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    wanted = select(WorkerSeen.name).where(WorkerSeen.seen_at > since, WorkerSeen.duty == Duty.WORKER)
    return list(lobby.session.scalars(wanted.order_by(WorkerSeen.name)))


def silent_for(lobby: Lobby, duty: Duty) -> float | None:
    """Seconds since anybody with this duty was last seen, on the database's clock; None when nobody ever was."""
    silent = select(func.extract("epoch", func.clock_timestamp() - func.max(WorkerSeen.seen_at)))
    found = lobby.session.scalar(silent.where(WorkerSeen.duty == duty))
    return float(found) if found is not None else None


def count_refused_hook(lobby: Lobby, hook: str) -> None:
    """Count a hook request whose signature was refused, by the hour; ``hook`` is the route's name (30 letters)."""
    hour = lobby.now.replace(minute=0, second=0, microsecond=0)
    first = insert(HookAlarm).values(hook=hook, hour_at=hour, refused=1)
    lobby.session.execute(
        first.on_conflict_do_update(index_elements=["hook", "hour_at"], set_={"refused": HookAlarm.refused + 1})
    )


def refused_hooks(lobby: Lobby, since: datetime) -> dict[str, int]:
    """How many requests each hook refused from the hour of ``since`` on; a hook that refused none is left out."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    counted = select(HookAlarm.hook, func.sum(HookAlarm.refused)).where(HookAlarm.hour_at >= hour)
    return {hook: int(refused) for hook, refused in lobby.session.execute(counted.group_by(HookAlarm.hook))}
