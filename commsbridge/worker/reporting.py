"""Reports that leaders asked for by mail are sent when their time is over."""

from __future__ import annotations

import uuid

import structlog

from commsbridge import reports
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def mail_reports(runtime: Runtime) -> int:
    """Mail every school's reports that are due. Returns how many went."""
    with runtime.carrier() as session:
        due = reports.schools_with_reports_to_mail(session, runtime.now())
    return sum(_mail_for(runtime, school_id) for school_id in due)


def _mail_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return reports.mail_reports(work, links=runtime.links)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("reports.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
