"""What was written to go later is sent when its moment has come."""

from __future__ import annotations

import uuid

import structlog

from commsbridge import messages
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def send_later_praise(runtime: Runtime) -> int:
    """Send every school's praise that has come to its moment. Returns how many were looked at."""
    with runtime.carrier() as session:
        waiting = messages.schools_with_due_praise(session, runtime.now())
    return sum(_send_for(runtime, school_id) for school_id in waiting)


def _send_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return messages.send_due(work, links=runtime.links)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("later.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
