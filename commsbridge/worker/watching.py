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
# Minutes in which every school has its turn.
TURNS = 60


class Watching:
    """Looks at every sender each minute, and each minute through a sixtieth of the schools whether they send or not.

    So within the hour what is over is said to be over and every budget is counted, and a worker that has just started
    has no more to do than one that has run all day.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._looked: int | None = None

    def look(self) -> int:
        """Tell the schools that have something to hear. Returns how many were looked into."""
        now = self._runtime.now()
        with self._runtime.carrier() as session:
            if not session.scalar(ONE_AT_A_TIME):
                return 0
            health = messages.senders_health(session, now)
        by_school: dict[uuid.UUID, list[SenderHealth]] = defaultdict(list)
        for each in health:
            by_school[each.school_id].append(each)
        turns = self._turns(int(now.timestamp() // 60))
        in_turn = {school_id for school_id in by_school if school_id.int % TURNS in turns}
        wanted = in_turn | messages.schools_to_watch(health, now)
        for school_id in sorted(wanted, key=str):
            _watch(self._runtime, school_id, by_school[school_id], count_budget=school_id in in_turn)
        return len(wanted)

    def _turns(self, minute: int) -> set[int]:
        """Whose turn it is: of this minute, and of those since the last look."""
        behind = 1 if self._looked is None else min(TURNS, max(1, minute - self._looked))
        self._looked = minute
        return {(minute - back) % TURNS for back in range(behind)}


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
