"""One pool of kept-alive connections to one carrier: time-outs, no retries, and proof of what was surely not sent."""

from __future__ import annotations

import math
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection

from commsbridge.carriers.wire import header

# A page of 1,000 texts of 1,600 escaped characters is about 11 MB; what is longer is not an answer of a carrier.
_LONGEST_ANSWER = 16 * 2**20
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
    (exceptions.ReadTimeoutError, "timeout"),
    (exceptions.SSLError, "tls"),
    (exceptions.EmptyPoolError, "no free connection"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; ``headers`` may be asked in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


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


class _Body:
    """A request body that remembers whether its writing began.

    urllib3 writes the head first and asks for the body afterwards. A server cannot act on a request whose body never
    started (RFC 9112, section 8: the message is incomplete), so a fault before that is proof that nothing was sent.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.begun = False

    def __iter__(self) -> Iterator[bytes]:
        self.begun = True
        yield self.content


class Pool:
    """Up to ``connections`` connections to the host of ``base_url``, shared by any number of threads.

    ``timeout`` (seconds) bounds the wait for a free connection, for connecting, and for each silence of the carrier.
    """

    def __init__(self, base_url: str, *, connections: int, timeout: float) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a carrier's base URL begins with http:// or https:// and names a host")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._wait = math.ceil(timeout)
        self._pool = urllib3.connection_from_url(
            self._origin,
            maxsize=connections,
            block=True,
            timeout=urllib3.Timeout(connect=timeout, read=timeout),
            retries=False,
            socket_options=[*HTTPConnection.default_socket_options, *_KEEP_ALIVE],
            **({"ssl_context": _trust()} if parts.scheme == "https" else {}),
        )

    def exchange(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Answer:
        """One request, one 2xx answer. Raises Unsent, Lost or Rejected; never sends twice, never follows a redirect."""
        body = None if content is None else _Body(content)
        sent = headers if content is None else {**headers, "Content-Length": str(len(content))}
        try:
            answer = self._ask(method, self._path(url), sent, body)
        except (exceptions.HTTPError, OSError) as fault:
            why = next((word for kind, word in _FAULTS if isinstance(fault, kind)), "dropped")
            # The fault itself is left behind: its text can hold the address, and so a phone number.
            raise (Lost(why) if body is None or body.begun else Unsent(why)) from None
        if not 200 <= answer.status < 300:
            raise Rejected(answer)
        return answer

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: _Body | None) -> Answer:
        response = self._pool.urlopen(
            method, path, body=body, headers=headers, redirect=False, preload_content=False, pool_timeout=self._wait
        )
        try:
            content = response.read(_LONGEST_ANSWER + 1)
        finally:
            response.close()  # closes the connection only if something of the answer is left unread in it
            response.release_conn()
        if len(content) > _LONGEST_ANSWER:
            raise Lost("endless answer")
        return Answer(response.status, response.headers, content)

    def _path(self, url: str) -> str:
        """The path of a URL that must lie on our host: a list's next page is an address that the answer chose."""
        if not url.startswith(f"{self._origin}/"):
            raise Unsent("another host")
        return url[len(self._origin) :]


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
