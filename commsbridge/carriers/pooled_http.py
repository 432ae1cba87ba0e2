"""One pool of kept-alive connections to one carrier: time-outs, no retries, and proof of what was surely not sent."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import certifi
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import is_connection_dropped

from commsbridge.carriers import http_wire
from commsbridge.carriers.http_wire import Answer, Garbled
from commsbridge.carriers.wire import header

_LONGEST_WAIT = 86_400.0

# A gateway between us and the carrier may forget an idle connection without a word: the kernel then asks and closes it,
# so that the next message does not go into a dead one. Linux says TCP_KEEPIDLE where macOS says TCP_KEEPALIVE.
_KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), seconds)
        for name, seconds in (("TCP_KEEPIDLE", 30), ("TCP_KEEPALIVE", 30), ("TCP_KEEPINTVL", 10))
        if hasattr(socket, name)
    ),
]

_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.NameResolutionError, "dns"),
    (exceptions.NewConnectionError, "no connection"),
    (exceptions.ConnectTimeoutError, "connect timeout"),
    (exceptions.SSLError, "tls"),
    (ssl.SSLError, "tls"),
    (TimeoutError, "timeout"),
)


class Unsent(Exception):  # noqa: N818 - an outcome, not a fault of ours
    """The request surely did not reach the carrier; ``why`` is one of our short words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Lost(Exception):  # noqa: N818
    """The request went out, or may have, and no answer came back; ``why`` is one of our short words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Rejected(Exception):  # noqa: N818
    """The carrier answered, but not with a 2xx."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


class Pool:
    """Up to ``connections`` connections to the host of ``base_url``, shared by any number of threads.

    ``timeout`` (seconds) bounds the wait for a free connection, for connecting, and for each silence of the carrier.
    ``public_only``: nothing is said to an address of a private network, whatever its name leads to: for a host that
    somebody outside has named.
    """

    def __init__(self, base_url: str, *, connections: int, timeout: float, public_only: bool = False) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a carrier's base URL begins with http:// or https:// and names a host")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host, self._hostname, self._port = parts.netloc, parts.hostname, parts.port
        self._timeout = timeout
        self._public_only = public_only
        self._trusted = _trust() if parts.scheme == "https" else None
        self._free = threading.BoundedSemaphore(connections)
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close, self._idle)

    def exchange(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Answer:
        """One request, one 2xx answer. Raises Unsent, Lost or Rejected; never sends twice, never follows a redirect."""
        path = self._path(url)
        sent = headers if content is None else {**headers, "Content-Length": str(len(content))}
        request = http_wire.head(method, path, self._host, sent) + (content or b"")
        with self._connection() as connection:
            answer, kept = _ask(connection, request)
            if kept:
                self._idle.append(connection)
            else:
                connection.close()
        if not 200 <= answer.status < 300:
            raise Rejected(answer)
        return answer

    @contextmanager
    def _connection(self) -> Iterator[HTTPConnection]:
        """A connection that is open and nobody else's; whoever takes it keeps it or closes it. Raises Unsent."""
        if not self._free.acquire(timeout=self._timeout):
            raise Unsent("no free connection")
        try:
            yield self._kept() or self._opened()
        finally:
            self._free.release()

    def _kept(self) -> HTTPConnection | None:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not is_connection_dropped(connection):
                return connection
            connection.close()

    def _opened(self) -> HTTPConnection:
        if self._public_only and not _leads_outside(self._hostname, self._port or 443):
            raise Unsent("private address")
        options = [*HTTPConnection.default_socket_options, *_KEEP_ALIVE]
        if self._trusted is None:
            connection = HTTPConnection(self._hostname, self._port, timeout=self._timeout, socket_options=options)
        else:
            connection = HTTPSConnection(
                self._hostname, self._port, timeout=self._timeout, socket_options=options, ssl_context=self._trusted
            )
        try:
            connection.connect()
        except (exceptions.HTTPError, OSError) as fault:
            connection.close()
            raise Unsent(_word(fault)) from None
        # A name may lead elsewhere when it is asked for again: what counts is who is at the other end.
        if self._public_only and not _is_public(connection.sock.getpeername()[0]):
            connection.close()
            raise Unsent("private address")
        return connection

    def _path(self, url: str) -> str:
        """The path of a URL that must lie on our host: a list's next page is an address that the answer chose."""
        if not url.startswith(f"{self._origin}/"):
            raise Unsent("another host")
        return url[len(self._origin) :]


def _leads_outside(host: str, port: int) -> bool:
    """Whether every address of a name is a public one. Raises Unsent for a name that leads nowhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unsent("dns") from None
    return all(_is_public(str(where[0])) for *_, where in found)


def _is_public(address: str) -> bool:
    """Whether an address belongs to the world: none of ours, of this machine, of a cloud's own services, of a crowd."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or ip
    return inner.is_global and not inner.is_multicast


def _close(idle: list[HTTPConnection]) -> None:
    for connection in idle:
        connection.close()


def _ask(connection: HTTPConnection, request: bytes) -> tuple[Answer, bool]:
    """Write a request and read its answer. Raises Unsent or Lost, and then the connection is closed.

    When the kernel takes no byte of it, or of its first record in TLS, the carrier cannot have got it whole, and cannot
    act on it (RFC 9112, section 8: the message is incomplete).
    """
    sock, sent = connection.sock, 0
    try:
        while sent < len(request):
            sent += sock.send(request[sent:] if sent else request)
        return http_wire.read(sock)
    except (Garbled, OSError) as fault:
        connection.close()
        why = fault.why if isinstance(fault, Garbled) else _word(fault)
        # The fault itself is left behind: its text can hold the address, and so a phone number.
        raise (Lost(why) if sent else Unsent(why)) from None


def _word(fault: Exception) -> str:
    return next((word for kind, word in _FAULTS if isinstance(fault, kind)), "dropped")


def _trust() -> ssl.SSLContext:
    """The system's authorities and certifi's, read once: building a context for each connection costs 20 ms."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def retry_after(answer: Answer) -> float | None:
    """Seconds the carrier asks us to wait, at most a day; None when it does not say.

    Retry-After is seconds or a date (RFC 9110, section 10.2.3), and X-RateLimit-Reset is SendGrid's moment in epoch
    seconds; both moments are measured from the answer's own Date, so that our clock does not matter.
    """
    asked = header(answer.headers, "Retry-After") or ""
    if asked.strip().isascii() and asked.strip().isdigit():
        return min(float(asked), _LONGEST_WAIT)
    now = _moment(header(answer.headers, "Date"))
    reset = header(answer.headers, "X-RateLimit-Reset") or ""
    until = _moment(asked) or (float(reset[:12]) if reset.isascii() and reset.isdigit() else None)
    if now is None or until is None:
        return None
    return min(max(until - now, 0.0), _LONGEST_WAIT)


def _moment(written: str | None) -> float | None:
    try:
        return parsedate_to_datetime(written or "").timestamp()
    except (ValueError, OverflowError):
        return None
