"""Housekeeping: what has ended is forgotten, and what an operator must know is said as an alarm in the log."""

from __future__ import annotations

from datetime import timedelta

import structlog

from commsbridge import conversations, schools
from commsbridge.runtime import Runtime

log = structlog.get_logger()

# A stray request is the weather of the internet; so many in an hour are a wrong address or token, or somebody trying.
MANY_REFUSED_AN_HOUR = 5


def keep_house(runtime: Runtime) -> None:
    """Forget ended sign-ins, links and tries; raise an alarm for refused hooks and for requests nobody could place."""
    with runtime.lobby() as lobby:
        schools.forget_ended(lobby)
        schools.forget_ended_links(lobby)
        schools.forget_workers(lobby)
        refused = schools.refused_hooks(lobby, lobby.now - timedelta(hours=1))
    for hook, count in refused.items():
        if count >= MANY_REFUSED_AN_HOUR:
            log.error("alarm.hooks_refused", hook=hook, count=count)
    with runtime.lobby(ingest=True) as ingest:
        untaken = conversations.untaken(ingest)
    if untaken:
        log.error("alarm.inbound_untaken", count=untaken)
