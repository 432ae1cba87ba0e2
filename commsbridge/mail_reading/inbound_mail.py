"""Inbound Parse: one mail out of SendGrid's form, from the raw MIME it carries or from its ready-made fields."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from commsbridge.mail_reading.form_parts import Part, form_parts
from commsbridge.mail_reading.html_words import html_words
from commsbridge.mail_reading.mime_mail import Content, Head, read_attachment, read_content, read_head
from commsbridge.mail_reading.wire import decoded, storable

# Of a mail that cannot be read no more is shown.
LONGEST_UNREAD = 100_000


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything of a mail but what it holds. ``to_addresses`` are the envelope's."""

    message_id: str
    from_address: str
    to_addresses: tuple[str, ...]
    subject: str
    automatic: bool
    in_reply_to: tuple[str, ...]
    spf: str | None
    dkim: str | None


def read_frame(content_type: str, body: bytes) -> Frame:
    """Who wrote to whom, about what, in a stored request: never slow, never raises; what cannot be read is empty.

    The envelope says where the mail was really sent; the To header is only what its writer put there.
    """
    parts = form_parts(content_type, body)
    fields = {part.name: part for part in parts}  # the last of a name wins: see _verdict
    raw = fields.get("email")
    head = read_head(raw.content) if raw is not None else _ready_made_head(fields)
    sender, receivers = _envelope(fields)
    return Frame(
        message_id=head.message_id,
        from_address=head.from_address or sender or "",
        to_addresses=receivers,
        subject=head.subject,
        automatic=head.automatic or sender == "",
        in_reply_to=head.in_reply_to,
        spf=_verdict(parts, "SPF"),
        dkim=_verdict(parts, "dkim"),
    )


def read_held(content_type: str, body: bytes) -> Content:
    """The words and attachments of the mail in a stored request. Never raises; a hostile mail may take long."""
    parts = form_parts(content_type, body)
    fields = {part.name: part for part in parts}
    raw = fields.get("email")
    return read_content(raw.content) if raw is not None else _ready_made(fields, parts)


def read_hung(content_type: str, body: bytes, number: int) -> bytes:
    """What hung on the mail in a stored request at a place among the attachments of ``read_held``, from 0 on.

    Empty where nothing does. Never raises; a hostile mail may take long.
    """
    parts = form_parts(content_type, body)
    raw = next((part for part in reversed(parts) if part.name == "email"), None)
    if raw is not None:
        return read_attachment(raw.content, number)
    files = [part.content for part in parts if part.filename is not None]
    return files[number] if 0 <= number < len(files) else b""


def unread_words(content_type: str, body: bytes) -> str:
    """The mail as it stands below its headers, for one that nobody can read: quotes, codes and all."""
    fields = {part.name: part for part in form_parts(content_type, body)}
    raw = fields.get("email")
    if raw is None:
        return _words(fields, "text") or html_words(_words(fields, "html")[:LONGEST_UNREAD])
    return storable(decoded(re.split(rb"\r?\n\r?\n", raw.content, maxsplit=1)[-1][:LONGEST_UNREAD], None))


def _ready_made_head(fields: dict[str, Part]) -> Head:
    """SendGrid's other form: headers, text and html as fields of their own."""
    head = read_head(fields["headers"].content if "headers" in fields else b"")
    sender = read_head(b"From: " + _words(fields, "from").encode()).from_address
    return Head(
        head.message_id,
        head.from_address or sender,
        _words(fields, "subject").strip() or head.subject,
        head.in_reply_to,
        head.automatic,
    )


def _ready_made(fields: dict[str, Part], parts: list[Part]) -> Content:
    text = _words(fields, "text")
    files = tuple((storable(p.filename)[:255], p.content_type, len(p.content)) for p in parts if p.filename is not None)
    return Content(text if text.strip() else html_words(_words(fields, "html")), files)


def _words(fields: dict[str, Part], name: str) -> str:
    """A field in the charset that ``charsets`` names for it."""
    charset = _json(fields, "charsets").get(name)
    return storable(_field(fields, name, charset if isinstance(charset, str) else None))


def _envelope(fields: dict[str, Part]) -> tuple[str | None, tuple[str, ...]]:
    """Sender and receivers of the SMTP envelope; an empty sender is a mail system's, None means it is not known."""
    envelope = _json(fields, "envelope")
    sender, receivers = envelope.get("from"), envelope.get("to")
    addresses = receivers if isinstance(receivers, list) else []
    return (
        _bare(sender) if isinstance(sender, str) else None,
        tuple(_bare(address) for address in addresses if isinstance(address, str)),
    )


def _bare(address: str) -> str:
    return storable(address).strip().removeprefix("<").removesuffix(">")


def _verdict(parts: list[Part], name: str) -> str | None:
    """SPF's or DKIM's verdict; None when it comes twice.

    SendGrid's boundary is a known word, so a mail can hold a boundary line and fields of its own making. The envelope
    stands after the mail, so the last one is SendGrid's; a verdict may stand before or after, so neither is believed.
    """
    found = [part for part in parts if part.name == name]
    return (storable(decoded(found[0].content, None)).strip() or None) if len(found) == 1 else None


def _json(fields: dict[str, Part], name: str) -> dict[str, Any]:
    try:
        value = json.loads(_field(fields, name, None))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _field(fields: dict[str, Part], name: str, charset: str | None) -> str:
    return decoded(fields[name].content, charset) if name in fields else ""
