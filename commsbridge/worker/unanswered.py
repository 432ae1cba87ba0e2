"""What nobody has answered: questions to families whose time is over, and what the school owes families."""

from __future__ import annotations

import uuid

import structlog

from commsbridge import conversations
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.runtime import Runtime

log = structlog.get_logger()


def end_unanswered(runtime: Runtime) -> int:
    """Close every school's questions that nobody answered in time. Returns how many there were."""
    with runtime.carrier() as session:
        due = conversations.schools_with_due_questions(session, runtime.now())
    return sum(_end_for(runtime, school_id) for school_id in due)


def look_at_promises(runtime: Runtime) -> int:
    """Remind, pass on and raise what is owed in every school where something is due. Returns how much there was."""
    with runtime.carrier() as session:
        due = conversations.promises.schools_with_promises_to_look_at(session, runtime.now())
    return sum(_look_for(runtime, school_id) for school_id in due)


def tell_of_slowed(runtime: Runtime) -> int:
    """Write to whoever reads what comes from those who are slowed, in every school where something came."""
    with runtime.carrier() as session:
        due = conversations.schools_with_slowed_to_tell(session, runtime.now())
    return sum(_tell_for(runtime, school_id) for school_id in due)


def _tell_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return conversations.tell_of_slowed(work, links=runtime.links)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("slowed.trouble", school=str(school_id), kind=type(error).__name__)
        return 0


def _look_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return conversations.promises.look_at_promises(work, links=runtime.links)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("promises.trouble", school=str(school_id), kind=type(error).__name__)
        return 0


def _end_for(runtime: Runtime, school_id: uuid.UUID) -> int:
    try:
        with runtime.work(school_id) as work:
            return conversations.end_due_questions(work)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one school's trouble must not stop the others'; it is alarmed
        log.error("unanswered.trouble", school=str(school_id), kind=type(error).__name__)
        return 0
