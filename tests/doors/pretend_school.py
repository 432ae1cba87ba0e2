"""What the neighbourhood's tests share: a school's door that keeps what it is sent, and the two official clients."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl

from sendgrid import SendGridAPIClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from commsbridge.neighbourhood import PRETEND_ACCOUNT_SID, PRETEND_AUTH_TOKEN, PRETEND_SENDGRID_KEY, Neighbourhood


@dataclass(frozen=True)
class Visit:
    """One request that came to the school's door."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def events(self) -> list[dict[str, Any]]:
        return cast(list[dict[str, Any]], json.loads(self.body))

    @property
    def fields(self) -> dict[str, bytes]:
        """The parts of a multipart form."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = message_from_bytes(head + self.body, policy=policy.HTTP)
        return {
            str(part.get_param("name", header="content-disposition")): cast(bytes, part.get_payload(decode=True))
            for part in form.iter_parts()
        }

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.fields["email"], policy=policy.default)


@dataclass
class School:
    """A door on this machine: keeps every visit; answers as ``answers`` says, and then 200 <Response/>."""

    visits: list[Visit] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self._server.daemon_threads = False
        threading.Thread(target=self._server.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def came_to(self, path: str) -> list[Visit]:
        return [visit for visit in self.visits if visit.path.startswith(path)]

    def _door(self) -> type[BaseHTTPRequestHandler]:
        school = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                school.visits.append(Visit(self.path, dict(self.headers), body))
                status, answer = school.answers.pop(0) if school.answers else (200, b"<Response/>")
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Say nothing."""

        return Door


def twilio_client(town: Neighbourhood, *, timeout: float = 10.0) -> Client:
    """The official client, pointed at a neighbourhood."""
    client = Client(PRETEND_ACCOUNT_SID, PRETEND_AUTH_TOKEN, http_client=TwilioHttpClient(timeout=timeout))
    client.api.base_url = town.url
    return client


def sendgrid_client(town: Neighbourhood, key: str = PRETEND_SENDGRID_KEY) -> SendGridAPIClient:
    """The official client, pointed at a neighbourhood."""
    return SendGridAPIClient(key, host=town.url)
