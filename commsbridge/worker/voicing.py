"""The two questions of a term go to the homes that said yes to them, when their day has come."""

from __future__ import annotations

import uuid

import structlog

from commsbridge import pulse
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def send_pulses(runtime: Runtime) -> int:
    """Ask in every school where it is due. Returns how many people were asked."""
    with runtime.carrier() as session:
        due = pulse.schools_with_pulse_due(session, runtime.now())
    return sum(_send_for(runtime, school_id) for school_id in due)


def _send_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return pulse.send_due(work, links=runtime.links)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("pulse.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
