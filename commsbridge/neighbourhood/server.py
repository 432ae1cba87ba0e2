"""A small HTTP/1.1 server: one thread holds every connection, so a slow answer costs a timer and not a thread."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import cast

from commsbridge.neighbourhood.wire import Answer, BadRequest, Request, Unread

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
LOOK_EVERY = 0.25
FAULT = Answer(500, b"The neighbourhood has a fault of its own: see its log.", "text/plain")


class Server:
    """Answers HTTP on 127.0.0.1 from a thread of its own.

    ``respond`` is called on that thread and must not wait; ``version`` is a number that changes when there is
    something new to see: streams are told within a quarter of a second.
    """

    def __init__(
        self,
        respond: Callable[[Request], Answer],
        version: Callable[[], int],
        *,
        port: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.respond = respond
        self.version = version
        self.port = port
        self.streams: set[asyncio.Transport] = set()
        self.open: set[asyncio.Transport] = set()
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failed: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="neighbourhood", daemon=True)

    def start(self) -> None:
        """Listen; raises OSError when the port is taken. ``port`` then says which one it is."""
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self) -> None:
        try:
            listening = self._loop.run_until_complete(
                self._loop.create_server(lambda: Exchange(self), HOST, self.port, ssl=self._tls, backlog=1024)
            )
        except OSError as trouble:
            self._failed = trouble
            self._loop.close()
            self._ready.set()
            return
        self.port = listening.sockets[0].getsockname()[1]
        self._tell(self.version())
        self._ready.set()
        self._loop.run_forever()
        listening.close()
        for transport in list(self.open):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _tell(self, seen: int) -> None:
        version = self.version()
        if version != seen:
            for transport in self.streams:
                transport.write(b"data: %d\n\n" % version)
        self._loop.call_later(LOOK_EVERY, self._tell, version)

    def soon(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the server's thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Run ``call`` on the server's thread after so many seconds; only to be asked from that thread."""
        self._loop.call_later(seconds, call)


class Exchange(asyncio.Protocol):
    """One connection: one request at a time, answered in order."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._unread = Unread()
        self._busy = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self._transport = cast(asyncio.Transport, transport)
        self._server.open.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._server.open.discard(self._transport)
        self._server.streams.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """More bytes have come."""
        self._unread.buffer += data
        if not self._busy:
            self._next()

    def _next(self) -> None:
        try:
            request = self._unread.take()
        except BadRequest as bad:
            self._transport.write(Answer(bad.status).encoded(keep=False))
            self._transport.close()
            return
        if request is not None:
            self._busy = True
            self._play(self._respond(request), request)
        elif self._unread.waiting_for_body:
            self._unread.waiting_for_body = False
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _respond(self, request: Request) -> Answer:
        try:
            return self._server.respond(request)
        except Exception:
            log.exception("the neighbourhood could not answer %s", request.method)
            return FAULT

    def _play(self, answer: Answer, request: Request) -> None:
        if answer.later is not None:
            answer.later.add_done_callback(lambda made: self._server.soon(lambda: self._play(_made(made), request)))
        elif answer.after:
            self._server.later(answer.after, lambda: self._write(answer, request))
        else:
            self._write(answer, request)

    def _write(self, answer: Answer, request: Request) -> None:
        if self._transport.is_closing():
            return
        if answer.cut:
            self._transport.abort()
            return
        if answer.stream:
            self._begin_stream()
            return
        keep = request.headers.get("connection", "").lower() != "close"
        self._transport.write(answer.encoded(keep=keep, with_body=request.method != "HEAD"))
        if not keep:
            self._transport.close()
            return
        self._busy = False
        if self._unread.buffer:
            self._server.soon(self._next)

    def _begin_stream(self) -> None:
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
            b"Connection: close\r\n\r\nretry: 1000\n\ndata: %d\n\n" % self._server.version()
        )
        self._server.streams.add(self._transport)


def _made(made: Future[Answer]) -> Answer:
    trouble = made.exception()
    if trouble is None:
        return made.result()
    log.error("the neighbourhood could not finish an answer", exc_info=trouble)
    return FAULT
