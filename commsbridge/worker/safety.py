"""Messages that worry: the named people are told, one after the other, until one of them opens it."""

from __future__ import annotations

import uuid

import structlog
from sqlalchemy.exc import OperationalError

from commsbridge import conversations
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def tell_named_people(runtime: Runtime) -> int:
    """Tell whoever is next in every school where nobody opened in time. Returns how many alerts there were."""
    with runtime.carrier() as session:
        due = conversations.safety.schools_with_due_alerts(session, runtime.now())
    return sum(_tell_for(runtime, school_id) for school_id in due)


def _tell_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            told = conversations.safety.tell_next(work, url=runtime.links.safety_url())
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("alarm.safety", school=str(school_id), kind=type(error).__name__)
        return 0
    log.info("safety.told", school=str(school_id), alerts=told)
    return told
