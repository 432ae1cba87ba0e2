"""A MIME mail in words: who, about what, in answer to what, all its text, what hung on it; hostile mail included."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import EmailPolicy
from typing import Any, TypeVar

from commsbridge.mail_reading.html_words import html_words
from commsbridge.mail_reading.wire import decoded, storable

T = TypeVar("T")

# The standard library's header parser takes time with the square of a header's length, and its body parser with lines
# times nesting. These bounds are beyond any real mail and keep the worst one to two seconds.
_LONGEST_HEADER = 2_000
_LONGEST_CONTENT_HEADER = 1_000
_ALL_CONTENT_HEADERS = 10_000
_LONGEST_HEAD = 256 * 1024
_MOST_PARTS = 100
_MOST_DASHED_LINES = 2_000
_MOST_NESTED_LINES = 4_000_000
# A logo of somebody's signature: it stands within the words, by its Content-ID (RFC 2392), and no photo is so small.
_SMALLEST_WITHIN = 12_000

_ID = re.compile(r"<[^<>\s]{1,250}>")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_ROBOTS = frozenset({"bulk", "auto_reply", "junk", "list"})
_ROBOT_HEADERS = frozenset({"list-id", "x-autoreply", "x-autorespond"})


class _Bounded(EmailPolicy):
    """email.policy.default, but no header is longer than a real one, and content headers at most ``content_bound``."""

    content_bound = _LONGEST_CONTENT_HEADER

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """One header's name and raw value, cut to its bound."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[: self.content_bound if name.lower().startswith("content-") else _LONGEST_HEADER]


_POLICY = _Bounded()


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers of a mail say. ``message_id`` and ``in_reply_to`` keep their angle brackets."""

    message_id: str
    from_address: str
    subject: str
    in_reply_to: tuple[str, ...]
    automatic: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail holds: its whole plain text, and (name, type, bytes) of each thing that hung on it.

    ``tangled``: it is built to take too long, and nobody tried.
    """

    text: str
    attachments: tuple[tuple[str, str, int], ...]
    tangled: bool = False


def read_head(raw: bytes) -> Head:
    """The headers of a mail, or of a block of headers alone. Never raises."""
    nothing: dict[str, str] = {}
    fields = _attempt(lambda: _fields(raw), nothing)
    ids = _ID.findall(fields.get("in-reply-to", "")) + _ID.findall(fields.get("references", ""))[::-1]
    own = _ID.search(fields.get("message-id", ""))
    return Head(
        own.group() if own else fields.get("message-id", "").strip()[:250],
        _attempt(lambda: _address(fields.get("from", "")), ""),
        _attempt(lambda: storable(str(_POLICY.header_factory("subject", fields.get("subject", "")))), ""),
        tuple(dict.fromkeys(ids)),
        _automatic(fields),
    )


def read_content(raw: bytes) -> Content:
    """The words and attachments of a mail; empty when it is built to take too long to read. Never raises."""
    if _is_tangled(raw):
        return Content("", (), tangled=True)
    return _attempt(lambda: _content(raw, _bound(raw)), Content("", ()))


def read_attachment(raw: bytes, number: int) -> bytes:
    """What hung on a mail at a place among its attachments, from 0 on; empty where nothing does. Never raises."""
    if _is_tangled(raw):
        return b""
    return _attempt(lambda: _bytes(_taken_apart(raw, _bound(raw))[2][number]), b"")


def _fields(raw: bytes) -> dict[str, str]:
    """Raw headers, unfolded, by lower-case name; the first of a name wins, as it does for a mail program."""
    head = re.split(rb"\r?\n\r?\n", raw.lstrip(b"\r\n")[:_LONGEST_HEAD], maxsplit=1)[0]
    fields: dict[str, str] = {}
    for name, value in message_from_bytes(head + b"\n\n", policy=_POLICY).raw_items():
        whole = decoded(str(value).encode("ascii", "surrogateescape"), None)
        fields.setdefault(name.lower(), storable(_FOLD.sub(" ", whole)).strip())
    return fields


def _address(written: str) -> str:
    """The first address of a From header, without its name."""
    addresses = getattr(_POLICY.header_factory("from", written), "addresses", ())
    return storable(addresses[0].addr_spec) if addresses else ""


def _automatic(fields: dict[str, str]) -> bool:
    """Whether no person wrote this to us: RFC 3834, list mail, and reports of mail systems (RFC 3462)."""
    submitted = fields.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or fields.get("precedence", "").lower() in _ROBOTS
        or not _ROBOT_HEADERS.isdisjoint(fields)
        or fields.get("content-type", "").lower().startswith("multipart/report")
    )


def _is_tangled(raw: bytes) -> bool:
    """Whether it is built to take too long."""
    folded = raw.lower()
    nests = 1 + folded.count(b"multipart/") + folded.count(b"message/")
    lines = raw.count(b"\n") + raw.count(b"\r")
    dashed = raw.count(b"\n--") + raw.count(b"\r--")
    return _parts(folded) > _MOST_PARTS or dashed > _MOST_DASHED_LINES or nests * lines > _MOST_NESTED_LINES


def _parts(folded: bytes) -> int:
    return 1 + folded.count(b"content-type:")


def _bound(raw: bytes) -> int:
    return min(_LONGEST_CONTENT_HEADER, _ALL_CONTENT_HEADERS // _parts(raw.lower()))


def _content(raw: bytes, bound: int) -> Content:
    plain, page, hung = _taken_apart(raw, bound)
    text = plain if plain.strip() else html_words(page)
    return Content(storable(text), tuple((_name(part), _kind(part), _size(part)) for part in hung))


def _taken_apart(raw: bytes, bound: int) -> tuple[str, str, list[Any]]:
    """The plain words of a mail, its HTML, and the parts that hung on it."""
    mail = message_from_bytes(raw, policy=_POLICY.clone(content_bound=bound))  # type: ignore[call-arg] # any of its attributes
    hung: list[Any] = []
    plain, page = _words(mail, hung)
    return plain, page, hung


def _words(part: Any, hung: list[Any]) -> tuple[str, str]:
    """The plain words and the HTML of a part and all below it; what is neither goes to ``hung``.

    Versions of one thing (alternative) stay side by side; things beside each other (mixed) are joined in their order,
    one that came as HTML alone through its words.
    """
    children = _children(part)
    kind = _kind(part)
    if kind.startswith("multipart/") and not children:
        kind = "text/plain"  # it promises parts and holds words: they are kept
    if kind.startswith("message/") or (not children and not _is_words(part, kind)):
        if not _is_logo(part, kind):
            hung.append(part)
        return "", ""
    if not children:
        words = decoded(_bytes(part), _attempt(part.get_content_charset, None)).replace("\r\n", "\n")
        return (words, "") if kind == "text/plain" else ("", words)
    below = [_words(child, hung) for child in children]
    if kind == "multipart/alternative":
        return "\n".join(plain for plain, _ in below if plain), "".join(page for _, page in below)
    if not any(plain.strip() for plain, _ in below):
        return "", "\n".join(page for _, page in below)
    return "\n".join(plain if plain.strip() else html_words(page) for plain, page in below if plain or page), ""


def _kind(part: Any) -> str:
    return _attempt(part.get_content_type, "text/plain")


def _is_logo(part: Any, kind: str) -> bool:
    return kind.startswith("image/") and _attempt(lambda: part["content-id"], None) and _size(part) < _SMALLEST_WITHIN


def _is_words(part: Any, kind: str) -> bool:
    return kind in ("text/plain", "text/html") and _attempt(part.get_content_disposition, None) != "attachment"


def _children(part: Any) -> list[Any]:
    """The parts of a part. A leaf is not asked for its payload here: that would decode it as it claims."""
    return list(part.get_payload()) if part.is_multipart() else []


def _bytes(part: Any) -> bytes:
    return _attempt(lambda: part.get_payload(decode=True), None) or b""


def _size(part: Any) -> int:
    """Bytes of an attachment; a forwarded mail's is the sum of what it holds."""
    return len(_bytes(part)) + sum(map(_size, _children(part)))


def _name(part: Any) -> str:
    return storable(_attempt(part.get_filename, None) or "")[:255]


def _attempt(read: Callable[[], T], otherwise: T) -> T:
    """What ``read`` gives, or ``otherwise``: on hostile mail the standard library raises errors of every kind."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - that is the whole point: an unreadable detail is left empty, the mail is kept
        return otherwise
