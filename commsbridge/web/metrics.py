"""Metrics in Prometheus' text format, for a collector that shows the token: counts and times, and nobody's name.

The format is a few lines a metric (Prometheus exposition formats, text version 0.0.4): no library is worth it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import Response, abort, request

from commsbridge import conversations, messages, schools
from commsbridge.schools import Duty
from commsbridge.web.access import OPEN, Pages
from commsbridge.web.acting import runtime

pages = Pages()
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, str], float]


@pages.route("/metrics", OPEN)
def metrics() -> Response:
    """Everything a collector asks for; the bearer token opens it, and without a token set there is no such page."""
    token = runtime().settings.metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(shown.encode(), token.encode()):
        abort(404)
    return Response("".join(_lines()), content_type=CONTENT_TYPE)


def _lines() -> Iterator[str]:
    now = runtime().now()
    with runtime().carrier() as session:
        health = messages.senders_health(session, now)
    with runtime().lobby() as lobby:
        silent = {duty: schools.silent_for(lobby, duty) for duty in Duty}
        refused = schools.refused_hooks(lobby, now - timedelta(hours=1))
    with runtime().lobby(ingest=True) as ingest:
        untaken = conversations.untaken(ingest)
    said = [({"school": str(each.school_id), "sender": str(each.sender_id)}, each) for each in health]
    yield from _metric("deliveries_handed", "handed to a carrier of the last day", ((at, e.handed) for at, e in said))
    yield from _metric("deliveries_failed", "of those, did not arrive", ((at, e.failed) for at, e in said))
    yield from _metric(
        "failure_ratio", "part of those, where enough were handed", ((at, e.failure_rate) for at, e in said)
    )
    by_school = messages.schools_health(health)
    named = [({"school": str(each.school_id)}, each.failure_rate) for each in by_school]
    yield from _metric("school_failure_ratio", "the same of everything a school handed over", named)
    yield from _metric("deliveries_uncertain", "of those, nobody knows", ((at, e.uncertain) for at, e in said))
    yield from _metric("queue_waiting", "due and not yet gone", ((at, e.waiting) for at, e in said))
    ages = ((at, (now - e.oldest_at).total_seconds()) for at, e in said if e.oldest_at is not None)
    yield from _metric("queue_oldest_seconds", "since the first of them fell due", ages)
    for duty, seconds in silent.items():
        meaning = f"since a {duty} was seen"
        yield from _metric(f"{duty}_silent_seconds", meaning, [({}, seconds)] if seconds is not None else [])
    yield from _metric(
        "hooks_refused", "refused in this hour and the last", (({"hook": h}, n) for h, n in refused.items())
    )
    yield from _metric("inbound_untaken", "came in and no school could take it", [({}, untaken)])


def _metric(name: str, meaning: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP commsbridge_{name} {meaning}\n# TYPE commsbridge_{name} gauge\n"
    for labels, value in samples:
        inside = ",".join(f'{key}="{word}"' for key, word in labels.items())
        yield f"commsbridge_{name}{{{inside}}} {value:g}\n" if inside else f"commsbridge_{name} {value:g}\n"
