"""The front door: sends each request to the carrier, control or page it is for, and strangers away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from commsbridge.neighbourhood.arrangement import on_this_machine
from commsbridge.neighbourhood.wire import Answer, Request

NOT_HERE = Answer(403, b"The neighbourhood answers on this machine only.", "text/plain")


class Desk(Protocol):
    """Whoever answers a kind of request."""

    def answer(self, request: Request) -> Answer:
        """Answer one request, without waiting."""


class FrontDoor:
    """Answers every request. A name that is not this machine's (DNS rebinding) or another site's form is refused."""

    def __init__(self, twilio: Desk, sendgrid: Desk, pushes: Desk, controls: Desk, pages: Desk) -> None:
        self._desks: tuple[tuple[str, Callable[[Request], Answer]], ...] = (
            ("/2010-04-01/", twilio.answer),
            ("/v3/", sendgrid.answer),
            ("/push/", pushes.answer),
            ("/_neighbourhood/", controls.answer),
            ("/", pages.answer),
        )

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        host = request.headers.get("host", "")
        if not on_this_machine(f"http://{host}"):
            return NOT_HERE
        origin = request.headers.get("origin")
        if request.method != "GET" and origin is not None and urlsplit(origin).netloc != host:
            return NOT_HERE
        return next(answer(request) for prefix, answer in self._desks if request.path.startswith(prefix))
