"""Books in their time: pages that go home once a day or once a week are sent, and days without a page are noticed."""

from __future__ import annotations

import uuid

import structlog
from sqlalchemy.exc import OperationalError

from commsbridge import books
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def send_digests(runtime: Runtime) -> int:
    """Send every school's digests that are due. Returns how many pages were looked at."""
    with runtime.carrier() as session:
        waiting = books.schools_with_due_pages(session, runtime.now())
    return sum(_send_for(runtime, school_id) for school_id in waiting)


def _send_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return books.send_digests(work, links=runtime.links)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("digests.trouble", school=str(school_id), kind=type(error).__name__)
        return 0


def look_at_books(runtime: Runtime) -> int:
    """Look for pages that were due in every school whose time it is. Returns how many people were asked or told."""
    with runtime.carrier() as session:
        waiting = books.schools_with_books_to_look_at(session, runtime.now())
    return sum(_look_for(runtime, school_id) for school_id in waiting)


def _look_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return books.look_at_books(work, links=runtime.links)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("books.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
