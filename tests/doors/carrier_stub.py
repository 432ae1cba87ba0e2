"""A tiny loopback server that answers, or misbehaves, as a test tells it; it keeps what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it came; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """An orderly answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, handler: _Handler) -> None:
        handler.send_response(self.status)
        for name, value in {"Content-Length": str(len(self.body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)


def answer(value: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


@dataclass(frozen=True)
class Raw:
    """Bytes that need not be HTTP, then the end of the connection."""

    content: bytes

    def __call__(self, handler: _Handler) -> None:
        handler.wfile.write(self.content)
        handler.close_connection = True


@dataclass(frozen=True)
class Slow:
    """Silence for longer than anyone waits."""

    seconds: float

    def __call__(self, handler: _Handler) -> None:
        time.sleep(self.seconds)
        handler.close_connection = True


@dataclass(frozen=True)
class Drip:
    """One header after the other, each just before patience ends."""

    pause: float
    times: int

    def __call__(self, handler: _Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(self.times):
            time.sleep(self.pause)
            handler.wfile.write(b"X-Drip: %d\r\n" % number)
        handler.wfile.write(b"Content-Length: 0\r\n\r\n")


def drop(handler: _Handler) -> None:
    """The request is read and the connection reset without a word."""
    handler.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


Behaviour = Callable[["_Handler"], None]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.stub.sockets.append(self.request)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        stub = self.server.stub
        seen = Seen(self.command, self.path, headers, body)
        with stub.lock:
            stub.seen.append(seen)
            behaviour = stub.script.popleft() if stub.script else stub.usual(seen)
        behaviour(self)

    do_GET = do_POST = _respond  # noqa: N815 - http.server looks for these names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stub: CarrierStub


class CarrierStub:
    """``usual`` answers; ``script`` holds behaviours for the next requests; ``seen`` what was asked, in order."""

    def __init__(self, usual: Callable[[Seen], Behaviour], context: ssl.SSLContext | None = None) -> None:
        self.usual = usual
        self.script: deque[Behaviour] = deque()
        self.seen: list[Seen] = []
        self.sockets: list[socket.socket] = []
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stub = self
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if context else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every connection that is open."""
        for connection in self.sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
