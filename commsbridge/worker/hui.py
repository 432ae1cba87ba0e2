"""Hui in their time: homes are reminded of one that is near, and next steps that are late rise to learning support."""

from __future__ import annotations

import uuid

import structlog
from sqlalchemy.exc import OperationalError

from commsbridge import meetings
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def look_at_hui(runtime: Runtime) -> int:
    """Look at what is due in every school. Returns how many hui were looked at."""
    with runtime.carrier() as session:
        waiting = meetings.schools_with_hui_to_look_at(session, runtime.now())
    return sum(_look_for(runtime, school_id) for school_id in waiting)


def _look_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return meetings.look_at_hui(work, links=runtime.links)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("hui.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
