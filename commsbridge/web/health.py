"""Whether the service is alive, and whether it is ready to be given people."""

from __future__ import annotations

from flask import Response, jsonify

from commsbridge import schools
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.foundation.migrating import is_current
from commsbridge.web.access import OPEN, Pages
from commsbridge.web.acting import runtime

pages = Pages()
# A worker says it is there every 20 s; three missed and nobody is sending.
WORKER_SILENT_SECONDS = 60.0


@pages.route("/healthz", OPEN)
def healthz() -> Response:
    """Alive: the process answers."""
    return jsonify(alive=True)


@pages.route("/readyz", OPEN)
def readyz() -> tuple[Response, int]:
    """Ready: the database answers, stands at this code's migrations, and a worker was seen lately."""
    found = {"database": False, "migrations": False, "worker": False}
    try:
        with runtime().lobby() as lobby:
            found["database"] = True
            found["migrations"] = is_current(lobby.session.connection())
            found["worker"] = bool(schools.workers_seen_since(lobby, WORKER_SILENT_SECONDS))
    except DATABASE_AWAY:
        found["database"] = False
    return jsonify(ready=all(found.values()), **found), 200 if all(found.values()) else 503
