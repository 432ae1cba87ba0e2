"""Requests for support without news: each school tells the homes that wait that theirs still stands."""

from __future__ import annotations

import uuid

import structlog
from sqlalchemy.exc import OperationalError

from commsbridge import support
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def tell_that_support_stands(runtime: Runtime) -> int:
    """Tell what is due in every school. Returns how many requests were told of."""
    with runtime.carrier() as session:
        waiting = support.schools_with_quiet_requests(session, runtime.now())
    return sum(_tell_for(runtime, school_id) for school_id in waiting)


def _tell_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return support.tell_that_it_stands(work, links=runtime.links)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("support.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
