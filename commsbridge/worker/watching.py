"""Watching how sending goes: each school with trouble is told once, by one worker at a time."""

from __future__ import annotations

import uuid
from collections import defaultdict

import structlog
from sqlalchemy import text

from commsbridge import messages
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.messages import SenderHealth
from commsbridge.runtime import Runtime

log = structlog.get_logger()

ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(7261013)")


def watch_sending(runtime: Runtime, *, every_school: bool) -> int:
    """Look at every sender; tell the schools that have something to hear. Returns how many were looked into.

    With ``every_school`` all that sent lately are, so that what is over is said to be over and budgets are counted.
    """
    now = runtime.now()
    with runtime.carrier() as session:
        if not session.scalar(ONE_AT_A_TIME):
            return 0
        health = messages.senders_health(session, now)
    by_school: dict[uuid.UUID, list[SenderHealth]] = defaultdict(list)
    for each in health:
        by_school[each.school_id].append(each)
    wanted = set(by_school) if every_school else messages.schools_to_watch(health, now)
    for school_id in sorted(wanted, key=str):
        _watch(runtime, school_id, by_school[school_id], count_budget=every_school)
    return len(wanted)


def _watch(runtime: Runtime, school_id: uuid.UUID, health: list[SenderHealth], *, count_budget: bool) -> None:
    url = f"{runtime.settings.public_url}/school/sending"
    try:
        with runtime.work(school_id) as work:
            segments = None
            if count_budget:
                segments = messages.segments_since(work.session, messages.month_began(work)).get(school_id, 0)
            begun = [alarm.kind.value for alarm in messages.watch_school(work, health, segments=segments, url=url)]
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not hide the others'; it is alarmed
        log.error("alarm.sending", school=str(school_id), kind=type(error).__name__)
        return
    for kind in begun:
        log.error("alarm.sending", school=str(school_id), kind=kind)
