"""HTTP/1.1 on one connection (RFC 9112): one request written at once, one answer read whole.

Written for speed: the standard library reads an answer's head as if it were a mail, which costs more than all the rest.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

# A page of 1,000 texts of 1,600 escaped characters is about 11 MB; what is longer is not an answer of a carrier.
LONGEST_ANSWER = 16 * 2**20
LONGEST_HEAD = 2**16
_AT_ONCE = 2**16
_NO_BODY = frozenset({204, 304})


class Garbled(Exception):  # noqa: N818 - an answer nobody can read
    """What came back is no answer in HTTP, or ended in the middle; ``why`` is one of our short words."""

    def __init__(self, why: str = "dropped") -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: header names in small letters, those given twice joined by a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def head(method: str, path: str, host: str, headers: Mapping[str, str]) -> bytes:
    """A request's head. Raises ValueError for what could not be told from the next line."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines) or " " in path:
        raise ValueError("a line of a request's head holds the end of a line")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def read(sock: socket.socket) -> tuple[Answer, bool]:
    """The answer, and whether the connection may carry another request. Raises Garbled or OSError."""
    wire = _Wire(sock)
    while True:
        status, version, headers = wire.head()
        if status >= 200:
            break
    sized = True
    if status in _NO_BODY:
        body = b""
    elif "chunked" in headers.get("transfer-encoding", "").lower():
        body = wire.chunks()
    elif "content-length" in headers:
        body = wire.exactly(_size(headers["content-length"], 10))
    else:
        body, sized = wire.rest(), False
    kept = sized and version == "HTTP/1.1" and "close" not in headers.get("connection", "").lower()
    return Answer(status, headers, body), kept and not wire.unread


class _Wire:
    """Bytes of one connection as they come; ``unread`` is what came and was not asked for yet."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.unread = bytearray()

    def _more(self) -> None:
        came = self._sock.recv(_AT_ONCE)
        if not came:
            raise Garbled
        self.unread += came

    def _take(self, size: int) -> bytes:
        taken = bytes(self.unread[:size])
        del self.unread[:size]
        return taken

    def until(self, end: bytes, longest: int) -> bytes:
        """Everything before ``end``, which is taken too."""
        searched = 0
        while (at := self.unread.find(end, searched)) < 0:
            if len(self.unread) > longest:
                raise Garbled("endless answer")
            searched = max(0, len(self.unread) - len(end) + 1)
            self._more()
        return self._take(at + len(end))[:at]

    def head(self) -> tuple[int, str, dict[str, str]]:
        """Status, version and headers of an answer."""
        first, *lines = self.until(b"\r\n\r\n", LONGEST_HEAD).decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        status = rest[:3]
        if not version.startswith("HTTP/1.") or not (status.isascii() and status.isdigit() and len(status) == 3):
            raise Garbled
        headers: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise Garbled
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return int(status), version, headers

    def exactly(self, size: int) -> bytes:
        """So many bytes."""
        if size > LONGEST_ANSWER:
            raise Garbled("endless answer")
        while len(self.unread) < size:
            self._more()
        return self._take(size)

    def chunks(self) -> bytes:
        """A body that comes in pieces, each with its size before it."""
        body = bytearray()
        while size := _size(self.until(b"\r\n", LONGEST_HEAD).partition(b";")[0].decode("latin-1").strip(), 16):
            if len(body) + size > LONGEST_ANSWER:
                raise Garbled("endless answer")
            body += self.exactly(size)
            if self.exactly(2) != b"\r\n":
                raise Garbled
        while self.until(b"\r\n", LONGEST_HEAD):  # trailers
            pass
        return bytes(body)

    def rest(self) -> bytes:
        """All there is until the carrier closes the connection."""
        while came := self._sock.recv(_AT_ONCE):
            self.unread += came
            if len(self.unread) > LONGEST_ANSWER:
                raise Garbled("endless answer")
        return self._take(len(self.unread))


def _size(written: str, base: int) -> int:
    """A size without sign or spaces; several that agree, joined by a comma, are one (RFC 9110, section 8.6)."""
    same = {part.strip() for part in written.split(",")}
    digits = same.pop()
    if same or not digits or not all(letter in "0123456789abcdefABCDEF" for letter in digits) or len(digits) > 15:
        raise Garbled
    try:
        return int(digits, base)
    except ValueError:
        raise Garbled from None
