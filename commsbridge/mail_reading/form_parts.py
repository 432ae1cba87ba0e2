"""A multipart form taken apart byte by byte: each field has a charset of its own, so nothing is decoded on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commsbridge.mail_reading.wire import decoded

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s";,]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb'\bname="([^"\r\n]*)"', re.IGNORECASE)
_FILENAME = re.compile(rb'\bfilename="([^"\r\n]*)"', re.IGNORECASE)
_TYPE = re.compile(rb"^content-type:[ \t]*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One field or file of a form; ``filename`` is None for a field."""

    name: str
    content: bytes
    filename: str | None
    content_type: str


def form_parts(content_type: str, body: bytes) -> list[Part]:
    """Every part of the form that has a name, in its order; none without a boundary. Never raises; linear."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return []
    boundary = (found.group(1) or found.group(2)).encode("utf-8", "replace")
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]{0,100}(?=\r?\n|\Z)")
    # What stands before the first boundary line and after the last is no part.
    parts = (_part(chunk) for chunk in line.split(body)[1:])
    return [part for part in parts if part is not None]


def _part(chunk: bytes) -> Part | None:
    """A chunk begins with the end of its boundary line; its head ends at the first blank line."""
    split = _BLANK_LINE.search(chunk)
    if split is None:
        return None
    head = chunk[: split.start()]
    name, filename, kind = _NAME.search(head), _FILENAME.search(head), _TYPE.search(head)
    if name is None:
        return None
    return Part(
        decoded(name.group(1), None),
        chunk[split.end() :],
        decoded(filename.group(1), None) if filename else None,
        decoded(kind.group(1), None).lower() if kind else "application/octet-stream",
    )
