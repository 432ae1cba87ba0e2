"""What crosses the wire: a request as it came, and an answer with the ways it may be late or never come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

MAX_HEAD = 65_536
MAX_BODY = 40_000_000


class BadRequest(Exception):  # noqa: N818 - an answer to a caller
    """The bytes are no request this server can read; ``status`` is the HTTP status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(HTTPStatus(status).phrase)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """One request: ``path`` is as it was sent, header names are lower case, ``body`` is whole."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def steps(self) -> list[str]:
        """The path's steps, each unquoted by itself, so that a quoted slash stays within its step."""
        return [unquote(step) for step in self.path.strip("/").split("/")]

    @property
    def content_type(self) -> str:
        """The media type without its parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """The form's fields, last value of a repeated one; files are left out."""
        if self.content_type == "multipart/form-data":
            return {name: content.decode("utf-8", "replace") for name, file, _, content in self.parts() if file is None}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> list[tuple[str, str | None, str, bytes]]:
        """A multipart form's parts: field name, file name or None, media type, content."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode("latin-1")
        found = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            (
                str(part.get_param("name", "", "content-disposition")),
                part.get_filename(),
                part.get_content_type(),
                _content_of(part),
            )
            for part in (found.iter_parts() if found.is_multipart() else ())
        ]

    def arguments(self) -> dict[str, str]:
        """The query's fields."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> Any:
        """The body read as JSON; raises ValueError."""
        return json.loads(self.body)


def _content_of(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``after`` is seconds to wait first; ``cut`` drops the connection instead of answering.

    ``later`` holds an answer that another thread is still making; ``stream`` keeps the connection for changes.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0
    cut: bool = False
    later: Future[Answer] | None = None
    stream: bool = False

    def encoded(self, *, keep: bool, with_body: bool = True) -> bytes:
        """The bytes of this answer; ``keep`` says whether the connection stays open."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        if self.body or self.status not in {204, 304}:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append("Connection: keep-alive" if keep else "Connection: close")
        head = "\r\n".join(lines) + "\r\n\r\n"
        return head.encode("latin-1") + (self.body if with_body else b"")


def json_answer(status: int, value: object, *headers: tuple[str, str]) -> Answer:
    """An answer whose body is ``value`` as JSON."""
    return Answer(status, json.dumps(value).encode(), headers=headers)


def see_other(path: str) -> Answer:
    """Send a browser on to ``path`` after a form."""
    return Answer(303, headers=(("Location", path),))


@dataclass(slots=True)
class Unread:
    """Bytes of one connection that are not yet a whole request."""

    buffer: bytearray = field(default_factory=bytearray)
    waiting_for_body: bool = False

    def take(self) -> Request | None:
        """The next whole request, or None until more bytes come. Raises BadRequest."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self.buffer) > MAX_HEAD:
                raise BadRequest(431)
            return None
        method, target, headers = _read_head(bytes(self.buffer[:end]))
        length = _length(headers)
        if len(self.buffer) < end + 4 + length:
            self.waiting_for_body = headers.get("expect", "").lower() == "100-continue"
            return None
        body = bytes(self.buffer[end + 4 : end + 4 + length])
        del self.buffer[: end + 4 + length]
        path, _, query = target.partition("?")
        return Request(method, path, query, headers, body)


def _read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[1].startswith("/"):
        raise BadRequest(400)
    headers: dict[str, str] = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest(400)
        headers[name.strip().lower()] = value.strip()
    if words[2] == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return words[0], words[1], headers


def _length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise BadRequest(411)
    written = headers.get("content-length", "0")
    if not written.isdigit():
        raise BadRequest(400)
    if int(written) > MAX_BODY:
        raise BadRequest(413)
    return int(written)
